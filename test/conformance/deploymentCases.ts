import { type CountOrPercent, parseCountOrPercent, resolveUp } from "../../src/fields/countOrPercent.ts";
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
  sum,
} from "../../src/rollout/rollingCounts.ts";
import { CaseInput } from "./caseInput.ts";

type Case = (input: CaseInput) => unknown;

/** The Deployment's functions by the name that the case files give them; Argo shares some of them. */
export const DEPLOYMENT_CASES: readonly (readonly [string, Case])[] = [
  ["resolveFenceposts", fenceposts],
  ["maxSurge", (input) => ({ maxSurge: surgeWhereRolling(input) })],
  ["maxUnavailable", (input) => ({ maxUnavailable: unavailableOf(input) })],
  ["minAvailable", minAvailable],
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

/** A count, a percentage, or nothing, which counts as `otherwise`; undefined: cannot be read. */
function amountOf(given: unknown, otherwise = "0"): CountOrPercent | undefined {
  const parsed = parseCountOrPercent(String(given ?? otherwise));
  return parsed.ok ? parsed.value : undefined;
}

/** @throws where it cannot be read. */
export function limitOf(given: unknown, otherwise?: string): CountOrPercent {
  const limit = amountOf(given, otherwise);
  if (limit === undefined) throw new Error(`expected a count or a percentage, found ${JSON.stringify(given)}`);
  return limit;
}

function fenceposts(input: CaseInput): unknown {
  const maxSurge = amountOf(input.raw("maxSurge"));
  const unavailable = amountOf(input.raw("maxUnavailable"));
  const desired = input.number("desired");
  if (maxSurge === undefined || unavailable === undefined) return { surge: 0, unavailable: 0, error: true };
  return { ...resolveFenceposts({ maxSurge, maxUnavailable: unavailable }, desired), error: false };
}

function isRolling(input: CaseInput): boolean {
  const strategy = input.text("strategy") ?? "RollingUpdate";
  if (!["RollingUpdate", "Recreate", "canary", "blueGreen"].includes(strategy))
    throw new Error(`unknown strategy "${strategy}"`);
  return strategy !== "Recreate" && strategy !== "blueGreen" && replicasOf(input) > 0;
}

function replicasOf(input: CaseInput): number {
  return input.firstNumber("replicas", "deploymentReplicas") ?? 0;
}

/** Argo's canary takes 25% for a limit that is not set; a Deployment's is set before it gets here, so that nothing is 0. */
export function postsOf(input: CaseInput): { readonly surge: number; readonly unavailable: number } {
  const otherwise = input.text("strategy") === "canary" ? "25%" : "0";
  const maxSurge = limitOf(input.raw("maxSurge"), otherwise);
  const unavailable = limitOf(input.raw("maxUnavailable"), otherwise);
  return resolveFenceposts({ maxSurge, maxUnavailable: unavailable }, replicasOf(input));
}

function surgeWhereRolling(input: CaseInput): number {
  const { surge } = postsOf(input);
  return isRolling(input) ? surge : 0;
}

function unavailableOf(input: CaseInput): number {
  const posts = postsOf(input);
  return isRolling(input) ? maxUnavailable(posts, replicasOf(input)) : 0;
}

function minAvailable(input: CaseInput): unknown {
  const unavailable = unavailableOf(input);
  return { minAvailable: isRolling(input) ? replicasOf(input) - unavailable : 0 };
}

/** The sizes of the others are told under several names, or the sum of all: upstream's test hands the sum in as it is. */
function newRsNewReplicas(input: CaseInput): unknown {
  const replicas = replicasOf(input);
  const { surge } = postsOf(input);
  const next = input.firstNumber("newRSReplicas", "newSetReplicas", "newReplicas") ?? 0;
  const told = (pattern: RegExp) => input.namesLike(pattern).flatMap((name) => input.numbers(name));
  const all = told(/^(all|total|existing)/i);
  const total = all.length > 0 ? sum(all) : next + sum(told(/^(old|other)/i));
  const rolling = (input.text("strategy") ?? "RollingUpdate") === "RollingUpdate";
  const wanted = rolling ? filledUp({ replicas, surge, next, total }) : replicas;
  return { newReplicas: wanted, newRSReplicas: wanted, replicas: wanted };
}

function reconcileNewSet(input: CaseInput): unknown {
  const replicas = replicasOf(input);
  const next = input.number("newReplicas");
  const total = next + input.number("oldReplicas");
  const wanted = newReplicas({ replicas, surge: postsOf(input).surge, next, total });
  return { scaled: wanted !== next, newReplicas: wanted };
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
  input.leaves("unhealthy", "deploymentReplicas", "maxSurge", "maxUnavailable");
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
  const available = input.firstNumber("available", "readyPods") ?? 0;
  const [left = oldReplicas] = scaleDownOld([oldReplicas], available, least);
  return { scaled: left !== oldReplicas, oldReplicas: left };
}

function proportional(input: CaseInput): unknown {
  const replicas = input.leaves("maxUnavailable").number("deploymentReplicas");
  const before = input.numberOr("previousReplicas") ?? 0;
  const most = before + resolveUp(limitOf(input.raw("previousMaxSurge")), before);
  const noted = (set: CaseInput, name: string, usually: number) =>
    set.names(name) ? (set.numberOr(name) ?? 0) : usually;
  const sizedSet = (set: CaseInput) => ({
    desired: set.leaves("name").number("replicas"),
    available: set.numberOr("available") ?? 0,
    former: { replicas: noted(set, "desiredAnnotation", before), most: noted(set, "maxAnnotation", most) },
  });
  const next = input.part("newRS");
  const old = input.parts("oldRSs").map(sizedSet);
  const sets = next === undefined ? old : [sizedSet(next), ...old];
  const surge = limitOf(input.raw("maxSurge"));
  const wanted = proportionalScale(sets, {
    replicas,
    surge: resolveFenceposts({ maxSurge: surge, maxUnavailable: { kind: "count", value: 1 } }, replicas).surge,
    hasNew: next !== undefined,
  });
  return next === undefined ? { newRS: null, oldRSs: wanted } : { newRS: wanted[0], oldRSs: wanted.slice(1) };
}

function fraction(input: CaseInput): unknown {
  const former = input.numberOr("maxReplicasAnnotation");
  const running = input.numberOr("deploymentStatusReplicas") ?? 0;
  const replicas = input.number("deploymentReplicas");
  return {
    delta: scaledFraction(input.number("rsReplicas"), {
      replicas,
      most: replicas + resolveUp(limitOf(input.raw("maxSurge")), replicas),
      former: former || running,
    }),
  };
}

function complete(input: CaseInput): unknown {
  input.leaves("maxUnavailable", "maxSurge");
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
  const given = input.numberOr("progressDeadlineSeconds");
  const deadline = given === undefined || given === 2_147_483_647 ? undefined : given * SECOND;
  const reason = input.text("reason");
  const sinceProgress = (input.numberOr("secondsSinceLastProgress") ?? 0) * SECOND;
  if (!input.has("condition")) return { timedOut: false };
  if (reason === "ProgressDeadlineExceeded") return { timedOut: deadline !== undefined };
  return { timedOut: deploymentTimedOut({ deadline, sinceProgress, complete: reason === "NewReplicaSetAvailable" }) };
}

function cleanupHistory(input: CaseInput): unknown {
  const old = input
    .parts("oldSets")
    .map((set) => ({
      desired: set.leaves("name").number("spec"),
      actual: set.number("status"),
      deleting: set.flag("deleting"),
    }))
    .filter(({ deleting }) => !deleting);
  return { deletions: forgottenRevisions(old, input.numberOr("revisionHistoryLimit")).length };
}

function sums(input: CaseInput): unknown {
  const { desired, actual, terminating } = replicaSums(
    input.parts("sets").map((set) => ({
      desired: set.leaves("name").number("spec"),
      actual: set.number("status"),
      terminating: set.numberOr("terminating"),
      observed: set.flag("observed"),
    })),
  );
  return { spec: desired, actual, terminating: terminating ?? null };
}
