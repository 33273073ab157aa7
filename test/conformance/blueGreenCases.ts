import { SECOND } from "../../src/kernel/time.ts";
import { blueGreenPause, delayedScaleDown, newSetSize, previewOrFull } from "../../src/rollout/blueGreenRules.ts";
import { blueGreen } from "../../src/rollout/strategies/blueGreen.ts";
import { blueGreenSettings } from "../../src/rollout/strategies/blueGreenSettings.ts";
import type { ReleaseView, RolloutView } from "../../src/rollout/strategy.ts";
import type { CaseInput } from "./caseInput.ts";

type Case = (input: CaseInput) => unknown;

/** The functions of Argo's blue-green by the name that the case files give them. */
export const BLUE_GREEN_CASES: readonly (readonly [string, Case])[] = [
  ["blueGreenNewRSReplicas", newReplicas],
  ["blueGreenPause", pause],
  ["blueGreenReconcileNewReplicaSet", reconcileNew],
  ["blueGreenReconcileOldReplicaSets", reconcileOld],
  ["blueGreenScaleDown", scaleDown],
];

/** Whether the pause before the switch is over, as `pauseCompleted` asks it. */
export function blueGreenPauseCompleted(input: CaseInput): boolean {
  const past = input.flag("scaleUpPreviewCheckPoint");
  return pauseOf(input, true) === "over" || past;
}

function newReplicas(input: CaseInput): unknown {
  const newSet = input.text("newSet");
  // Upstream's tests write "no active set" as an empty text.
  const active = input.text("activeSelector") || undefined;
  const current = input.text("currentPodHash") === newSet;
  const size = previewOrFull({
    replicas: input.number("replicas"),
    preview: input.numberOr("previewReplicaCount"),
    otherActive: active !== undefined && active !== newSet,
    checkpoint: input.flag("scaleUpPreviewCheckPoint") && current,
    promoted: input.flag("promoteFull"),
  });
  return { newReplicas: size };
}

function pauseOf(input: CaseInput, available: boolean): "wait" | "paused" | "over" {
  const byHand = input.raw("autoPromotionEnabled") === false;
  const after = (input.numberOr("autoPromotionSeconds") ?? 0) * SECOND;
  const pausedFor = input.numberOr("pausedSecondsAgo");
  const marked = input.flag("controllerPause");
  const active = input.namesLike(/active/i);
  return blueGreenPause({
    available,
    // Told under several names; a null, nothing or false: the active service points to no set yet.
    otherActive: active.every((name) => Boolean(input.raw(name))),
    autoPromotion: byHand ? undefined : after,
    pausedFor: pausedFor === undefined ? undefined : pausedFor * SECOND,
    resumed: marked && pausedFor === undefined,
    held: input.flag("userPaused"),
  });
}

/** With or without a preview service, the pause is the same. */
function pause(input: CaseInput): unknown {
  input.leaves("previewService", "scaleDownDelaySeconds");
  const stands = pauseOf(input, input.flag("newAvailable"));
  return { paused: stands === "paused", switched: stands === "over" };
}

function reconcileNew(input: CaseInput): unknown {
  const desired = input.number("newReplicas");
  const result = newSetSize({
    replicas: input.number("rolloutReplicas"),
    desired,
    aborted: input.flag("abort"),
    delay: (input.numberOr("abortScaleDownDelaySeconds") ?? 30) * SECOND,
    deadline: deadlineOf(input),
  });
  return {
    scaled: result.desired !== desired,
    newReplicas: result.desired,
    deadlineSet: result.deadline !== undefined,
  };
}

function deadlineOf(input: CaseInput): number | undefined {
  const [set, passed] = [input.flag("deadlineSet"), input.flag("deadlinePassed")];
  if (passed) return -1;
  return set ? 1 : undefined;
}

function reconcileOld(input: CaseInput): unknown {
  input.leaves("rolloutReplicas", "newReplicas", "newReady", "oldReady");
  const desired = input.number("oldReplicas");
  const limit = input.numberOr("scaleDownDelayRevisionLimit");
  const [left = desired] = delayedScaleDown([{ revision: 1, desired, deadline: 30 * SECOND }], limit);
  return { scaled: left !== desired, oldReplicas: left };
}

function scaleDown(input: CaseInput): unknown {
  if (input.flag("abort")) return afterAbort(input);
  if (input.flag("rollbackToPrevious")) {
    input.leaves("previousDeadlineInSeconds");
    return afterFastRollback();
  }
  const limit = input.numberOr("revisionLimit");
  const delay = input.numberOr("scaleDownDelaySeconds") ?? 30;
  if (!input.has("sets")) {
    const deadline = secondsOf(input.raw("previousDeadlineInSeconds"), delay);
    const [previousReplicas] = delayedScaleDown([{ revision: 1, desired: 1, deadline }], limit);
    return { previousReplicas };
  }
  const sets = input.parts("sets").map((set) => ({
    revision: set.number("revision"),
    desired: set.number("replicas"),
    deadline: secondsOf(set.raw("deadlineInSeconds"), delay),
    active: set.flag("active"),
  }));
  const replaced = sets.filter(({ active }) => !active);
  const left = delayedScaleDown(replaced, limit);
  const replicas = Object.fromEntries(
    sets.map((set) => [set.revision, set.active ? set.desired : left[replaced.indexOf(set)]]),
  );
  return { replicas };
}

/** None yet: it gets one now, after the delay. One that cannot be read counts as passed. */
function secondsOf(deadline: unknown, delay: number): number | undefined {
  if (deadline === undefined) return delay * SECOND;
  return typeof deadline === "number" ? deadline * SECOND : undefined;
}

/** The whole strategy, given up after the switch: where does the traffic go? */
function afterAbort(input: CaseInput): unknown {
  const [active, stable] = [input.text("active"), input.text("stable")];
  const state = { ...STARTED, full: true, switchedAt: 0, failedAt: 10 * SECOND };
  const plan = blueGreen.plan(viewOf({ now: 10 * SECOND, state, receivingNew: active === "new" }), SETTINGS);
  const back = Array.isArray(plan.receiving) && plan.receiving.includes(OLD);
  return { active: back ? stable : active, phase: back ? "Degraded" : "Healthy" };
}

/** The whole strategy, on its way back to a release that is still up: no pause, and it is not scaled down. */
function afterFastRollback(): unknown {
  const byHand = blueGreenSettings.parse({ autoPromotion: false });
  const plan = blueGreen.plan(viewOf({ now: 0, state: undefined, receivingNew: false }), byHand);
  const kept = plan.scale?.find(({ release }) => release === NEW)?.desired === 1;
  const serves = Array.isArray(plan.receiving) && plan.receiving.includes(NEW);
  return { deadlineRemoved: kept, paused: !serves };
}

const SETTINGS = blueGreenSettings.parse({});
const OLD = 1;
const NEW = 2;
const STARTED = { step: 2, from: [OLD], fast: false, started: true, full: false, removing: false };

function viewOf(part: { now: number; state: unknown; receivingNew: boolean }): RolloutView<never> {
  const release = (id: number, receiving: boolean): ReleaseView => ({
    id,
    image: `app:v${id}`,
    revision: id,
    desired: 1,
    existing: 1,
    ready: 1,
    available: 1,
    terminating: 0,
    crashing: 0,
    pending: 0,
    unschedulable: 0,
    stable: id === OLD,
    receiving,
    signals: { succeeded: 0, failed: 0 },
  });
  return {
    now: part.now,
    startedAt: 0,
    progressedAt: 0,
    replicas: 1,
    next: release(NEW, part.receivingNew),
    previous: [release(OLD, !part.receivingNew)],
    reason: "rollback",
    wasKept: false,
    promoted: false,
    promotions: 0,
    promotedInFull: false,
    abortAsked: false,
    revisionsBack: 0,
    paused: false,
    state: part.state as never,
  };
}
