import type { Plan, RolloutView, Strategy } from "../../../src/rollout/strategy.ts";

/** What a mutant may do otherwise than a blue-green release should. */
export interface SwitchParts {
  /** When the traffic moves to the new release. */
  readonly mayMove: (view: RolloutView) => boolean;
  /** When the old one goes. */
  readonly mayStopOld: (view: RolloutView) => boolean;
}

/** All new containers beside the old, then all traffic to them, then the old ones go; sound but for the parts that are given. */
export function switchWith(changed: Partial<SwitchParts>): Strategy {
  const parts: SwitchParts = {
    mayMove: ({ next, replicas }) => next.available >= replicas,
    mayStopOld: ({ next, previous }) => next.receiving && previous.every(({ receiving }) => !receiving),
    ...changed,
  };
  return {
    kind: "strategy",
    name: "mutant",
    describe: "a blue-green release with a bug",
    plan: (view) => planWith(view, parts),
  };
}

function planWith(view: RolloutView, parts: SwitchParts): Plan {
  const { next, previous, replicas } = view;
  const start = { release: next.id, desired: replicas };
  const stop = previous.map(({ id }) => ({ release: id, desired: 0 }));
  const moved = next.receiving && previous.every(({ receiving }) => !receiving);
  // Whoever has the traffic now keeps it: an overtaken release never had any.
  const old = [next, ...previous].filter((one) => one.receiving && one.existing > 0).map(({ id }) => id);
  const receiving = moved || old.length === 0 || parts.mayMove(view) ? [next.id] : old;
  const scale = parts.mayStopOld(view) ? [start, ...stop] : [start];
  const gone = previous.every(({ existing, desired }) => existing + desired === 0);
  if (moved && gone && next.available >= replicas) return { receiving: "all", scale: [start], outcome: "completed" };
  return { receiving, scale };
}
