import { type CountOrPercent, parseCountOrPercent } from "../../src/fields/countOrPercent.ts";
import { SECOND } from "../../src/kernel/time.ts";
import {
  type DeploymentCounts,
  deploymentComplete,
  deploymentProgressing,
  deploymentTimedOut,
  forgottenRevisions,
  replicaSums,
} from "../../src/rollout/deploymentStatus.ts";
import { proportionalScale, scaledFraction } from "../../src/rollout/proportionalScale.ts";
import {
  cleanupUnhealthy,
  filledUp,
  maxUnavailable,
  newReplicas,
  reconcileOld,
  resolveFenceposts,
  scaleDownOld,
} from "../../src/rollout/rollingCounts.ts";
import { CaseInput } from "./caseInput.ts";

type Case = (input: CaseInput) => unknown;

/** The Deployment's functions by the name that the case files give them; Argo shares some of them. */
export const DEPLOYMENT_CASES: readonly (readonly [string, Case])[] = [
  ["resolveFenceposts", fenceposts],
  ["maxSurge", (input) => ({ maxSurge: isRolling(input) ? postsOf(input).surge : 0 })],
  ["maxUnavailable", (input) => ({ maxUnavailable: unavailableOf(input) })],
  ["minAvailable", (input) => ({ minAvailable: isRolling(input) ? replicasOf(input) - unavailableOf(input) : 0 })],
  ["newRSNewReplicas", newRsNewReplicas],
  ["reconcileNewReplicaSet", reconcileNewSet],
  ["reconcileOldReplicaSets", reconcileOldSets],
  ["cleanupUnhealthyReplicas", cleanup],
  ["scaleDownOldReplicaSetsForRollingUpdate", scaleDown],
  ["proportionalScale", proportional],
  ["replicaSetFraction", fraction],
  ["deploymentComplete", complete],
  ["deploymentProgressing", (input) => ({ progressing: deploymentProgressing(...beforeAndAfter(input)) })],
  ["deploymentTimedOut", timedOut],
  ["cleanupDeploymentHistory", cleanupHistory],
  ["replicaSums", sums],
];

/** A count, a percentage, or nothing, which counts as 0; undefined: cannot be read. */
export function amountOf(given: unknown): CountOrPercent | undefined {
  if (given === undefined) return { kind: "count", value: 0 };
  const parsed = parseCountOrPercent(String(given));
  return parsed.ok ? parsed.value : undefined;
}

function fenceposts(input: CaseInput): unknown {
  const maxSurge = amountOf(input.raw("maxSurge"));
  const unavailable = amountOf(input.raw("maxUnavailable"));
  if (maxSurge === undefined || unavailable === undefined) return { error: true };
  return resolveFenceposts({ maxSurge, maxUnavailable: unavailable }, input.number("desired"));
}

function isRolling(input: CaseInput): boolean {
  return !["Recreate", "blueGreen"].includes(input.text("strategy") ?? "RollingUpdate") && replicasOf(input) > 0;
}

function replicasOf(input: CaseInput): number {
  return input.numberOr("replicas") ?? input.numberOr("deploymentReplicas") ?? 0;
}

/** @throws where a limit cannot be read. */
export function postsOf(input: CaseInput): { readonly surge: number; readonly unavailable: number } {
  const maxSurge = amountOf(input.raw("maxSurge"));
  const unavailable = amountOf(input.raw("maxUnavailable"));
  if (maxSurge === undefined || unavailable === undefined) throw new Error("a limit cannot be read");
  return resolveFenceposts({ maxSurge, maxUnavailable: unavailable }, replicasOf(input));
}

function unavailableOf(input: CaseInput): number {
  return isRolling(input) ? maxUnavailable(postsOf(input), replicasOf(input)) : 0;
}

function newRsNewReplicas(input: CaseInput): unknown {
  const replicas = replicasOf(input);
  const next = input.numberOr("newRSReplicas") ?? input.numberOr("newSetReplicas") ?? input.number("newReplicas");
  const old = input.numberOr("oldReplicas") ?? input.numberOr("oldRSReplicas") ?? 0;
  if (input.text("strategy") === "Recreate") return { newReplicas: replicas, replicas };
  const wanted = filledUp({ replicas, surge: surgeOf(input), next, total: old + next });
  return { newReplicas: wanted, replicas: wanted };
}

function reconcileNewSet(input: CaseInput): unknown {
  const replicas = replicasOf(input);
  const next = input.number("newReplicas");
  const total = next + input.number("oldReplicas");
  const wanted = newReplicas({ replicas, surge: surgeOf(input), next, total });
  return { scaled: wanted !== next, newReplicas: wanted };
}

/** With no surge given there is none, whatever the other limit then becomes. */
function surgeOf(input: CaseInput): number {
  return postsOf(input).surge;
}

function reconcileOldSets(input: CaseInput): unknown {
  const replicas = replicasOf(input);
  const oldReplicas = input.number("oldReplicas");
  const [wanted = oldReplicas] = reconcileOld({
    replicas,
    unavailable: unavailableOf(input),
    next: { desired: input.number("newReplicas"), available: input.number("newAvailable") },
    old: [{ desired: oldReplicas, available: input.number("oldAvailable") }],
  });
  return { scaled: wanted !== oldReplicas, oldReplicas: wanted };
}

function cleanup(input: CaseInput): unknown {
  const desired = input.number("oldReplicas");
  const [left = desired] = cleanupUnhealthy(
    [{ desired, available: input.number("oldAvailable") }],
    input.number("maxCleanupCount"),
  );
  return { cleaned: desired - left };
}

function scaleDown(input: CaseInput): unknown {
  const oldReplicas = input.number("oldReplicas");
  const least = replicasOf(input) - unavailableOf(input);
  const available = input.numberOr("available") ?? input.number("readyPods");
  const [left = oldReplicas] = scaleDownOld([oldReplicas], available, least);
  return { scaled: left !== oldReplicas, oldReplicas: left };
}

function proportional(input: CaseInput): unknown {
  const replicas = input.number("deploymentReplicas");
  const sizedSet = (set: CaseInput) => ({
    desired: set.number("replicas"),
    available: set.numberOr("available") ?? 0,
    former: { replicas: set.numberOr("desiredAnnotation") ?? 0, most: set.numberOr("maxAnnotation") ?? 0 },
  });
  const next = input.part("newRS");
  const old = input.parts("oldRSs").map(sizedSet);
  const sets = next === undefined ? old : [sizedSet(next), ...old];
  const surge = amountOf(input.raw("maxSurge")) ?? { kind: "count", value: 0 };
  const wanted = proportionalScale(sets, {
    replicas,
    surge: resolveFenceposts({ maxSurge: surge, maxUnavailable: { kind: "count", value: 1 } }, replicas).surge,
    hasNew: next !== undefined,
  });
  return next === undefined ? { newRS: null, oldRSs: wanted } : { newRS: wanted[0], oldRSs: wanted.slice(1) };
}

function fraction(input: CaseInput): unknown {
  const former = input.numberOr("maxReplicasAnnotation");
  const replicas = input.number("deploymentReplicas");
  return {
    delta: scaledFraction(input.number("rsReplicas"), {
      replicas,
      most: replicas + input.number("maxSurge"),
      former: former || input.number("deploymentStatusReplicas"),
    }),
  };
}

function complete(input: CaseInput): unknown {
  return {
    complete: deploymentComplete(input.number("desired"), {
      replicas: input.number("statusReplicas"),
      updated: input.number("updatedReplicas"),
      available: input.number("availableReplicas"),
    }),
  };
}

function beforeAndAfter(input: CaseInput): [DeploymentCounts, DeploymentCounts] {
  const read = (name: string): DeploymentCounts => {
    const counts = input.part(name) ?? new CaseInput({});
    const number = (field: string) => counts.numberOr(field) ?? 0;
    return {
      replicas: number("replicas"),
      updated: number("updated"),
      ready: number("ready"),
      available: number("available"),
    };
  };
  return [read("before"), read("after")];
}

/** Kubernetes takes the largest 32-bit number for "no deadline". */
function timedOut(input: CaseInput): unknown {
  const deadline = input.numberOr("progressDeadlineSeconds");
  const reason = input.text("reason");
  if (!input.has("condition")) return { timedOut: false };
  if (reason === "ProgressDeadlineExceeded") return { timedOut: deadline !== undefined };
  return {
    timedOut: deploymentTimedOut({
      deadline: deadline === undefined || deadline === 2_147_483_647 ? undefined : deadline * SECOND,
      sinceProgress: input.number("secondsSinceLastProgress") * SECOND,
      complete: reason === "NewReplicaSetAvailable",
    }),
  };
}

function cleanupHistory(input: CaseInput): unknown {
  const old = input
    .parts("oldSets")
    .filter((set) => !set.flag("deleting"))
    .map((set) => ({ desired: set.number("spec"), actual: set.number("status") }));
  return { deletions: forgottenRevisions(old, input.numberOr("revisionHistoryLimit")).length };
}

function sums(input: CaseInput): unknown {
  const { desired, actual, terminating } = replicaSums(
    input.parts("sets").map((set) => ({
      desired: set.number("spec"),
      actual: set.number("status"),
      terminating: set.numberOr("terminating"),
      observed: set.flag("observed"),
    })),
  );
  return { spec: desired, actual, terminating: terminating ?? null };
}
