import type { TrafficWeight } from "../../cluster/services.ts";
import { type Micros, NEVER } from "../../kernel/time.ts";
import { heldSizes } from "../heldSizes.ts";
import { goesBackWithin } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, RolloutView, ScaleTo, Strategy } from "../strategy.ts";
import { type CanarySettings, canarySettings } from "./canarySettings.ts";
import {
  abortDelay,
  atDesiredCounts,
  type CanaryState,
  olderSizes,
  stableOf,
  wantedCounts,
  wantedWeight,
} from "./canarySizes.ts";
import { advance, lookBeside, overdue } from "./canarySteps.ts";

/**
 * Gives the new release a little of the traffic, then more, step by step, and looks at its answers in between: Argo
 * Rollouts' canary (docs/features/canary.md).
 *
 * Without a router the share is how many of the containers are new, within maxSurge and maxUnavailable; with one
 * (`trafficRouting`) the traffic is split by weight, which moves only when the containers for it are there. A failed
 * analysis, or a person, makes it give up: all traffic goes back to the old release. Without steps it is a rolling
 * update. A deploy on top of it starts again from the stable release; going back to that one skips all steps.
 *
 * Not covered: header and mirror routes, experiments and plug-ins.
 */
export const canary: Strategy<CanarySettings, CanaryState> = {
  kind: "strategy",
  name: "canary",
  describe:
    "Gives the new version more and more of the traffic in steps, and gives up by itself when its answers are bad.",
  settings: canarySettings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (settings) => settings.revisionHistoryLimit,
  plan: planCanary,
};

function planCanary(view: RolloutView<CanaryState>, settings: CanarySettings): Plan<CanaryState> {
  const began = withTraffic(view, settings, view.state ?? begin(view));
  if (began.failedAt !== undefined) return retreat(view, settings, { state: began, notes: [] });
  const goesBack = goesBackWithin(settings.rollbackWindow, view);
  const asked = view.abortAsked && stableOf(view) !== undefined && began.settledAt === undefined && !goesBack;
  if (asked) return retreat(view, settings, { state: { ...began, failedAt: view.now }, notes: ["told to give up"] });
  if (view.paused) return hold(view, settings, began);
  const beside = lookBeside(view, settings, { ...began, replicas: view.replicas });
  const went = beside.state.failedAt === undefined ? advance(view, settings, beside.state) : beside;
  const notes = [...new Set([...beside.notes, ...went.notes])];
  if (went.state.failedAt !== undefined) return retreat(view, settings, { state: went.state, notes });
  if (went.state.step < settings.steps.length) {
    const plan = arrange(view, settings, went.state);
    const wakeAfter = earliest(plan.wakeAfter, earliest(went.wait.wakeAfter, beside.wait.wakeAfter));
    return { ...plan, ...went.wait, wakeAfter, note: notes };
  }
  const state = goesBack ? withLastShare(view, settings, went.state) : went.state;
  return finish(view, settings, { state, notes, wakeAfter: beside.wait.wakeAfter });
}

/**
 * With a router, a rollback that skips all steps gets the last step's share as soon as one of its containers is available, and all
 * when it is whole: Argo Rollouts holds the share of the step before while containers are lacking, and here that is the last of all
 * (trafficrouting.go, reconcileTrafficRouting).
 */
function withLastShare(view: RolloutView, settings: CanarySettings, state: CanaryState): CanaryState {
  if (!settings.trafficRouting || state.settledAt !== undefined || stableOf(view) === undefined) return state;
  if (view.next.available === 0) return { ...state, percent: 0 };
  if (atDesiredCounts(view, settings, state)) return { ...state, percent: 100 };
  const last = settings.steps.findLast((step) => step.kind === "weight");
  return { ...state, percent: last?.kind === "weight" ? last.weight : 0 };
}

function begin({ now, next }: RolloutView): CanaryState {
  const percent = next.stable ? 100 : 0;
  return { step: 0, since: now, promotions: 0, percent, seen: next.signals, held: false, served: false };
}

/** A person holds it: nothing moves but what a change of the wanted number asks for, which all releases share. */
function hold(view: RolloutView, settings: CanarySettings, before: CanaryState): Plan<CanaryState> {
  const plan = { receiving: "all", weights: weightsOf(view, settings, before), note: "paused" } as const;
  const former = before.replicas === undefined ? undefined : { replicas: before.replicas, most: before.replicas };
  return { ...plan, scale: heldSizes(view, { former, surge: 0 }), state: { ...before, replicas: view.replicas } };
}

function withTraffic({ next }: RolloutView, { trafficRouting }: CanarySettings, state: CanaryState): CanaryState {
  const served = state.served || (trafficRouting ? state.percent > 0 : next.ready > 0);
  return served === state.served ? state : { ...state, served };
}

/** What should hold now: sizes and shares follow from the state. */
function arrange(view: RolloutView, settings: CanarySettings, state: CanaryState): Plan<CanaryState> {
  const stable = stableOf(view);
  const wanted = wantedCounts(view, settings, state);
  const weights = weightsOf(view, settings, state);
  // An overtaken release may be all that serves: it stays as long as it does.
  const older = olderSizes(view, settings).filter(({ release }) => !carriesTraffic({ weights }, release));
  const scale: ScaleTo[] = [{ release: view.next.id, desired: wanted.canary }, ...older];
  if (stable !== undefined) scale.push({ release: stable.id, desired: wanted.stable });
  const olderUntil = view.startedAt + settings.scaleDownDelay - view.now;
  const wakeAfter = settings.trafficRouting && olderUntil > 0 ? olderUntil : undefined;
  return { scale, receiving: "all", weights, wakeAfter, state };
}

function carriesTraffic({ weights }: Pick<Plan, "weights">, id: number): boolean {
  return Array.isArray(weights) && weights.some(({ release, percent }) => release === id && percent > 0);
}

function weightsOf(view: RolloutView, { trafficRouting }: CanarySettings, { percent }: CanaryState): Plan["weights"] {
  if (!trafficRouting) return "none";
  const stable = stableOf(view);
  if (stable === undefined) return served(view, [{ release: view.next.id, percent: 100 }]);
  return served(view, [
    { release: stable.id, percent: 100 - percent },
    { release: view.next.id, percent },
  ]);
}

/**
 * A share goes to no release without a ready container while another has one: it stays with whoever serves until then.
 * Argo Rollouts sends it into the void (issue 3020); the fuzzer found the same here.
 */
function served(view: RolloutView, weights: readonly TrafficWeight[]): readonly TrafficWeight[] {
  const releases = [view.next, ...view.previous];
  const isServing = (id: number) => releases.some((release) => release.id === id && release.ready > 0);
  if (weights.every(({ release, percent }) => percent === 0 || isServing(release))) return weights;
  const [fittest] = releases
    .filter((release) => release.ready > 0)
    .sort((one, other) => other.available - one.available || other.ready - one.ready || one.id - other.id);
  if (fittest === undefined) return weights;
  const kept = weights.filter(({ release, percent }) => percent > 0 && isServing(release) && release !== fittest.id);
  const rest = 100 - sum(kept.map(({ percent }) => percent));
  return [{ release: fittest.id, percent: rest }, ...kept];
}

interface Situation {
  readonly state: CanaryState;
  readonly notes: readonly string[];
  readonly wakeAfter?: Micros | undefined;
}

/** All steps are over: the new release grows to the whole, and the old one goes. */
function finish(view: RolloutView, settings: CanarySettings, situation: Situation): Plan<CanaryState> {
  const { next, previous, replicas } = view;
  const { state, notes } = situation;
  const whole = next.desired === replicas && next.available >= replicas;
  const left = sum(previous.map((old) => old.desired + old.existing));
  if (whole && left === 0) {
    const scale = [{ release: next.id, desired: replicas }];
    return { scale, receiving: "all", weights: "none", state, outcome: "completed", note: notes };
  }
  const reached = whole && atDesiredCounts(view, settings, state);
  if (settings.trafficRouting && (state.settledAt !== undefined || reached)) return leaveOld(view, settings, situation);
  const rest = overdue(view, settings, { state });
  const note = said(notes, rest.note);
  if (rest.state.failedAt !== undefined) return retreat(view, settings, { state: rest.state, notes: note });
  const plan = arrange(view, settings, state);
  const wakeAfter = earliest(rest.wait.wakeAfter, earliest(situation.wakeAfter, plan.wakeAfter));
  return { ...plan, ...rest.wait, wakeAfter, note };
}

/** The router gives the new release everything; the old one stays until every balancer has heard of it. */
function leaveOld(view: RolloutView, settings: CanarySettings, before: Situation): Plan<CanaryState> {
  const { next, now, replicas } = view;
  const state = { ...before.state, percent: 100, settledAt: before.state.settledAt ?? now };
  const remaining = settings.dynamicStableScale ? 0 : state.settledAt + settings.scaleDownDelay - now;
  const plan = arrange(view, settings, state);
  const note = said(before.notes, `gives ${next.image} all traffic`);
  if (remaining > 0) return { ...plan, wakeAfter: earliest(plan.wakeAfter, remaining), note };
  // It was whole when it got all traffic, and has been lost since: the old one is all there is.
  if (next.available === 0 && replicas > 0) return { ...plan, note };
  return { ...plan, scale: [{ release: next.id, desired: replicas }, ...nothingOf(view)], note };
}

function nothingOf({ previous }: RolloutView): ScaleTo[] {
  return previous.map(({ id }) => ({ release: id, desired: 0 }));
}

/**
 * Gives up: the traffic goes back, by weight at once, or with the containers; then the new release goes. With a router
 * it stays a little longer, for requests that are still on their way.
 */
function retreat(
  view: RolloutView,
  settings: CanarySettings,
  { state: before, notes }: { readonly state: CanaryState; readonly notes: readonly string[] },
): Plan<CanaryState> {
  const { next, now } = view;
  const percent = wantedWeight(view, settings, before);
  const quietAt = percent > 0 ? undefined : (before.quietAt ?? now);
  const state = { ...before, percent, quietAt };
  const plan = arrange(view, settings, state);
  const note = [...notes, `gives ${next.image} up`];
  const stable = stableOf(view);
  const back = stable === undefined || (stable.desired >= view.replicas && stable.existing >= view.replicas);
  const gone = next.desired === 0 && next.existing === 0 && back;
  const ended = { weights: "none", outcome: outcomeOf(state) } as const;
  if (!settings.trafficRouting) return gone ? { ...plan, ...ended, note } : { ...plan, note };
  if (quietAt === undefined) return { ...plan, note };
  const delay = before.served ? abortDelay(settings) : 0;
  const others = (plan.scale ?? []).filter(({ release }) => release !== next.id);
  if (delay === NEVER) {
    const scale = [...others, { release: next.id, desired: next.desired }];
    if (stable === undefined || !back) return { ...plan, scale, note };
    return {
      ...plan,
      ...ended,
      keepsNew: true,
      receiving: [stable.id],
      scale,
      note: [...note, "keeps its containers"],
    };
  }
  const left = quietAt + delay - now;
  // The old one may have nobody ready just now: then the new one is all that serves, and stays as long as it does.
  const serves = carriesTraffic(plan, next.id);
  const scale = [...others, { release: next.id, desired: left > 0 || serves ? next.desired : 0 }];
  if (left > 0) return { ...plan, scale, wakeAfter: earliest(plan.wakeAfter, left), note };
  return gone ? { ...plan, ...ended, scale, note } : { ...plan, scale, note };
}

function outcomeOf({ served }: CanaryState): "rolled-back" | "aborted" {
  return served ? "rolled-back" : "aborted";
}

function said(notes: readonly string[], note: string | undefined): string[] {
  return note === undefined || note === "" ? [...notes] : [...notes, note];
}

function earliest(one: Micros | undefined, other: Micros | undefined): Micros | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
