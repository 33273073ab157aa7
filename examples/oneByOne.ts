import type { Plan, ReleaseView, RolloutView, Strategy } from "rehearsal";
import { z } from "zod";

const settings = z.strictObject({
  watchSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe("How long each new container is watched before the next."),
  mostErrors: z.number().min(0).max(1).default(0.05).describe("A greater share of failed answers, and all goes back."),
});

type Settings = z.output<typeof settings>;

const SECOND = 1_000_000;
/** Fewer answers than this prove nothing. */
const ENOUGH_ANSWERS = 20;
const DEADLINE = 600 * SECOND;
/** Answers alone bring no new plan, so the plan asks to be made again. */
const LOOK_EVERY = 5 * SECOND;

/**
 * Adds one new container, watches it under users' traffic, then takes one old container away; and so on.
 *
 * Never fewer containers than wanted, never more than one above. Too many errors of the new release: it gets no more traffic, is
 * removed, and the old one is made whole again.
 */
export const oneByOne: Strategy<Settings> = {
  kind: "strategy",
  name: "one-by-one",
  describe: "Adds one new container, watches it, takes one old one away; goes back when the new release errs.",
  settings,
  // A container counts as available only after it has been ready for so long: the simulator does the watching.
  minReady: ({ watchSeconds }) => watchSeconds * SECOND,
  plan(view, { mostErrors }) {
    const { next, previous, replicas } = view;
    const old = previous.filter(({ desired }) => desired > 0);
    if (old.length > 0 && isBad(next, mostErrors)) return giveUp(view);
    if (old.length === 0 && next.desired === replicas && next.available >= replicas)
      return { receiving: "all", outcome: "completed", note: `${next.image} is everywhere` };
    const total = old.reduce((sum, one) => sum + one.desired, next.desired);
    const isSettled = next.existing === next.desired && next.available >= next.desired;
    // What serves nobody goes before what does: of three releases the oldest may be the only healthy one.
    const spare = old.findLast(({ available, desired }) => available < desired) ?? old.at(-1);
    if (total > replicas && isSettled && spare !== undefined)
      return { scale: [{ release: spare.id, desired: spare.desired - 1 }] };
    if (total <= replicas && next.desired < replicas)
      return { receiving: "all", scale: [{ release: next.id, desired: next.desired + 1 }] };
    if (next.desired > replicas) return { scale: [{ release: next.id, desired: replicas }] };
    return waiting(view);
  },
};

function isBad({ signals }: ReleaseView, mostErrors: number): boolean {
  const answers = signals.succeeded + signals.failed;
  return answers >= ENOUGH_ANSWERS && signals.failed > mostErrors * answers;
}

/** Back to the release that was last in force alone. The bad one serves only while nobody else can. */
function giveUp({ next, previous, replicas }: RolloutView): Plan {
  const back = previous.find(({ stable }) => stable) ?? previous[0];
  if (back === undefined) return {};
  const whole = { release: back.id, desired: replicas };
  if (previous.every(({ available }) => available === 0)) return { scale: [whole], wakeAfter: LOOK_EVERY };
  const gone = { release: next.id, desired: 0 };
  if (back.available < replicas)
    return { scale: [gone, whole], receiving: previous.map(({ id }) => id), wakeAfter: LOOK_EVERY };
  const others = previous.filter(({ id }) => id !== back.id).map(({ id }) => ({ release: id, desired: 0 }));
  const { succeeded, failed } = next.signals;
  const note = `${failed} of ${succeeded + failed} answers failed: back`;
  return { scale: [gone, whole, ...others], receiving: "all", outcome: "rolled-back", note };
}

/** Nothing to do now. Past the deadline the rollout is called stuck, and goes on if it can. */
function waiting({ now, progressedAt }: RolloutView): Plan {
  if (now - progressedAt <= DEADLINE) return { wakeAfter: LOOK_EVERY };
  return { outcome: "stuck", wakeAfter: LOOK_EVERY, note: "no progress for ten minutes" };
}
