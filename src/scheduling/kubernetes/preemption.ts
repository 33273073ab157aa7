/** DefaultPreemption: which pods of lower priority have to go so that a pod fits. Source: Kubernetes, Pod Priority page; kube-scheduler. */
import { type Selector, selects } from "./labels.ts";
import type { RejectionCode } from "./plugin.ts";
import { type PodInfo, type PodSpecInfo, podKey } from "./podInfo.ts";
import type { PreemptionArgs } from "./profile.ts";
import type { KubernetesScheduler } from "./scheduler.ts";
import type { SchedulerCache } from "./schedulerCache.ts";

/** Which pods are meant. */
export interface PodScope {
  readonly namespace: string;
  readonly selector: Selector | undefined;
}

/** A PodDisruptionBudget as preemption sees it. */
export interface DisruptionBudget extends PodScope {
  /** Pods that it covers besides; in the simulation, those of its other services. */
  readonly further?: readonly PodScope[] | undefined;
  readonly disruptionsAllowed: number;
  /** Pods that are being disrupted already: they are counted in `disruptionsAllowed`. */
  readonly disruptedPods: ReadonlySet<string>;
}

/** A node on which evictions would make room. */
export interface Candidate {
  readonly node: number;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  readonly budgetViolations: number;
}

/** What a preemption looks at. */
export interface PreemptionInput {
  readonly pod: PodInfo;
  readonly budgets: readonly DisruptionBudget[];
  /** Why each node failed; left out, the filters are asked again. */
  readonly codeOf?: ((node: number) => RejectionCode | undefined) | undefined;
  readonly random: () => number;
  /** Kept by the caller from one pod to the next, it saves trying nodes again that have not changed. */
  readonly trials?: Trials | undefined;
}

/** Finds the node with the least harmful victims; `undefined`: nothing helps, or the pod may not. The cache is left as it was. */
export function preempt(scheduler: KubernetesScheduler, input: PreemptionInput): Candidate | undefined {
  const codeOf = input.codeOf ?? ((node: number) => scheduler.rejectionCode(input.pod, node));
  if (!mayPreempt(scheduler.cache, input.pod, codeOf)) return undefined;
  return leastHarmful(findCandidates(scheduler, { ...input, codeOf }));
}

/** Whether a pod may preempt now: not if it is never to, nor while victims of its last preemption are still going away. */
export function mayPreempt(
  cache: SchedulerCache,
  pod: PodInfo,
  codeOf: (node: number) => RejectionCode | undefined,
): boolean {
  if (!pod.spec.mayPreempt) return false;
  const node = pod.nominatedNodeName === undefined ? undefined : cache.numberOf(pod.nominatedNodeName);
  if (node === undefined || codeOf(node) === "UnschedulableAndUnresolvable") return true;
  const isGoing = (other: PodInfo) =>
    other.isTerminating && other.isPreemptionVictim && other.spec.priority < pod.spec.priority;
  return !cache.podsOn(node).some(isGoing);
}

/** All nodes on which preemption helps, or enough of them: a tenth of the nodes, at least 100, from a random one on. */
export function findCandidates(scheduler: KubernetesScheduler, input: PreemptionInput): readonly Candidate[] {
  const { cache, profile } = scheduler;
  const { pod, random } = input;
  if (profile.preemption === undefined || !cache.hasPodBelow(pod.spec.priority)) return [];
  const codeOf = input.codeOf ?? ((node: number) => scheduler.rejectionCode(pod, node));
  const potential = cache.nodes.map((_, node) => node).filter((node) => codeOf(node) === "Unschedulable");
  const enough = candidatesToFind(potential.length, profile.preemption);
  const offset = potential.length <= enough ? 0 : Math.floor(random() * potential.length);
  const found: Candidate[] = [];
  for (let i = 0; i < potential.length; i++) {
    const node = potential[(offset + i) % potential.length];
    const candidate = node === undefined ? undefined : tryNode(scheduler, input, node);
    if (candidate !== undefined) found.push(candidate);
    // One that breaks no budget must be among them, if there is any.
    if (found.length >= enough && found.some(({ budgetViolations }) => budgetViolations === 0)) break;
  }
  return found;
}

function candidatesToFind(nodeCount: number, args: PreemptionArgs): number {
  const share = Math.trunc((nodeCount * args.minCandidateNodesPercentage) / 100);
  return Math.min(nodeCount, Math.max(share, args.minCandidateNodesAbsolute));
}

/** What evictions on a node came to, kept for pods of the same template until the node changes. */
export class Trials {
  readonly #bySpec = new Map<PodSpecInfo, Map<number, Trial>>();
  #budgets: readonly DisruptionBudget[] = [];

  of(spec: PodSpecInfo, budgets: readonly DisruptionBudget[]): Map<number, Trial> {
    // What a budget still allows bears on all nodes.
    if (budgets !== this.#budgets) this.#bySpec.clear();
    this.#budgets = budgets;
    const known = this.#bySpec.get(spec) ?? new Map<number, Trial>();
    this.#bySpec.set(spec, known);
    return known;
  }
}

interface Trial {
  readonly generation: number;
  readonly candidate: Candidate | undefined;
}

function tryNode(scheduler: KubernetesScheduler, input: PreemptionInput, node: number): Candidate | undefined {
  const { pod, budgets, trials } = input;
  if (trials === undefined || !scheduler.isJudgedAlone(pod, node)) return tryAnew(scheduler, input, node);
  const kept = trials.of(pod.spec, budgets);
  const generation = scheduler.cache.generations[node] ?? 0;
  const known = kept.get(node);
  if (known?.generation === generation) return known.candidate;
  const candidate = tryAnew(scheduler, input, node);
  kept.set(node, { generation, candidate });
  return candidate;
}

/** Takes all pods of lower priority off the node; the cache is afterwards as it was. */
function tryAnew(scheduler: KubernetesScheduler, input: PreemptionInput, node: number): Candidate | undefined {
  const { cache } = scheduler;
  const generation = cache.generations[node] ?? 0;
  const before = [...cache.podsOn(node)];
  const lower = before.filter(({ spec }) => spec.priority < input.pod.spec.priority).sort(byImportance);
  if (lower.length === 0) return undefined;
  for (const other of lower) cache.detach(other, node);
  const { candidate, removed } = spareMost(scheduler, input, { node, lower });
  for (const other of removed) cache.attach(other, node);
  cache.restore(node, before, generation);
  return candidate;
}

/** If the pod fits with all of `lower` gone, gives back as many as can be: those that break budgets first, important ones first. */
function spareMost(
  scheduler: KubernetesScheduler,
  { pod, budgets }: PreemptionInput,
  { node, lower }: { readonly node: number; readonly lower: readonly PodInfo[] },
): { readonly candidate: Candidate | undefined; readonly removed: readonly PodInfo[] } {
  const { cache } = scheduler;
  if (!scheduler.fits(pod, node)) return { candidate: undefined, removed: lower };
  const removed = new Set(lower);
  const { violating, others } = byBudget(lower, budgets);
  for (const other of [...violating, ...others]) {
    cache.attach(other, node);
    if (scheduler.fits(pod, node)) removed.delete(other);
    else cache.detach(other, node);
  }
  const victims = lower.filter((other) => removed.has(other));
  const budgetViolations = violating.filter((other) => removed.has(other)).length;
  return { candidate: victims.length === 0 ? undefined : { node, victims, budgetViolations }, removed: victims };
}

/** Higher priority first, then longer running. */
function byImportance(one: PodInfo, other: PodInfo): number {
  const byPriority = other.spec.priority - one.spec.priority;
  if (byPriority !== 0) return byPriority;
  return one.startTime === other.startTime ? 0 : one.startTime - other.startTime;
}

/** Pods whose eviction would break a budget, if they went in this order, and the others. */
function byBudget(
  pods: readonly PodInfo[],
  budgets: readonly DisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  const left = budgets.map(({ disruptionsAllowed }) => disruptionsAllowed);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) {
    let isViolating = false;
    budgets.forEach((budget, i) => {
      if (!protects(budget, pod)) return;
      const after = (left[i] ?? 0) - 1;
      left[i] = after;
      if (after < 0) isViolating = true;
    });
    (isViolating ? violating : others).push(pod);
  }
  return { violating, others };
}

/** Whether a budget counts this pod. */
export function protects(budget: DisruptionBudget, pod: PodInfo): boolean {
  if (pod.labels.size === 0 || budget.disruptedPods.has(pod.name)) return false;
  return covers(budget, pod) || (budget.further?.some((scope) => covers(scope, pod)) ?? false);
}

function covers({ namespace, selector }: PodScope, pod: PodInfo): boolean {
  if (namespace !== pod.namespace || selector === undefined || selector.requirements.length === 0) return false;
  return selects(selector, pod.labels);
}

/** The budgets after those pods were evicted; the same list if none is concerned. */
export function afterEvictions(
  budgets: readonly DisruptionBudget[],
  victims: readonly PodInfo[],
): readonly DisruptionBudget[] {
  const losses = budgets.map((budget) => victims.filter((pod) => protects(budget, pod)).length);
  if (losses.every((loss) => loss === 0)) return budgets;
  return budgets.map((budget, i) => ({
    ...budget,
    disruptionsAllowed: Math.max(0, budget.disruptionsAllowed - (losses[i] ?? 0)),
  }));
}

/** Shifts priorities above 0, so that a sum of more victims is a greater sum. */
const PRIORITY_SHIFT = 2 ** 31;

/** Picks one: each measure in turn decides among those equal in the ones before; then the first. */
export function leastHarmful(candidates: readonly Candidate[]): Candidate | undefined {
  const measures: readonly ((candidate: Candidate) => number)[] = [
    ({ budgetViolations }) => budgetViolations,
    ({ victims }) => victims[0]?.spec.priority ?? 0,
    ({ victims }) => victims.reduce((sum, { spec }) => sum + spec.priority + PRIORITY_SHIFT, 0),
    ({ victims }) => victims.length,
    ({ victims }) => -earliestStart(victims),
  ];
  let left = candidates;
  for (const measure of measures) {
    if (left.length <= 1) break;
    const values = left.map(measure);
    const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    left = left.filter((_, i) => values[i] === least);
  }
  return left[0];
}

/** When the first of the most important victims started. */
function earliestStart(victims: readonly PodInfo[]): number {
  const top = victims[0]?.spec.priority;
  return victims
    .filter(({ spec }) => spec.priority === top)
    .reduce((earliest, { startTime }) => Math.min(earliest, startTime), Number.POSITIVE_INFINITY);
}

/** The queue's order, PrioritySort: higher priority first, then who has waited longer. Source: kube-scheduler, PrioritySort. */
export function queueOrder(
  one: { readonly pod: PodInfo; readonly queuedAt: number },
  other: { readonly pod: PodInfo; readonly queuedAt: number },
): number {
  return other.pod.spec.priority - one.pod.spec.priority || one.queuedAt - other.queuedAt;
}

/** Pods of lower priority that wait for room on that node: they lose it to the one that preempts there. */
export function losingNomination(cache: SchedulerCache, pod: PodInfo, node: number): readonly PodInfo[] {
  return cache
    .nominatedOn(node)
    .filter((other) => other.spec.priority < pod.spec.priority && podKey(other) !== podKey(pod));
}
