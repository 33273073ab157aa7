import { failedSchedulingMessage } from "./failedScheduling.ts";
import type { Labels } from "./labels.ts";
import type { PodClass } from "./podIndex.ts";
import { type NodeInfo, type PodInfo, type PodSpecInfo, podKey } from "./podInfo.ts";
import { afterEvictions, type Candidate, type DisruptionBudget, preempt, queueOrder, Trials } from "./preemption.ts";
import { profileOf, type SchedulerProfile } from "./profile.ts";
import { KubernetesScheduler, type NodeVerdict } from "./scheduler.ts";
import { SchedulerCache, type ServiceInfo } from "./schedulerCache.ts";

/** What is to be placed, and where. */
export interface ScheduleInput {
  readonly nodes: readonly NodeInfo[];
  /** Those with a `nodeName` are there already; the others are placed, by priority, then in this order. */
  readonly pods: readonly PodInfo[];
  readonly namespaces?: ReadonlyMap<string, Labels> | undefined;
  readonly services?: readonly ServiceInfo[] | undefined;
  readonly budgets?: readonly DisruptionBudget[] | undefined;
  /** By default, Kubernetes' own one. */
  readonly profiles?: readonly SchedulerProfile[] | undefined;
  /** Uniform in [0, 1): breaks ties. */
  readonly random: () => number;
  /** Whether to say what was thought of each node that was looked at. That costs time and memory for each pod and node. */
  readonly explain?: boolean | undefined;
}

/** What became of one pod. */
export interface Placement {
  readonly pod: PodInfo;
  /** `undefined`: there was no place. */
  readonly node: string | undefined;
  /** Pods that were evicted to make room. */
  readonly victims: readonly PodInfo[];
  /** Why there was no place, in kube-scheduler's words where it has some. */
  readonly note: string | undefined;
  /** By node name, if it was asked for: the cycle's verdicts (before victims went). */
  readonly nodes: ReadonlyMap<string, NodeVerdict> | undefined;
}

/**
 * Places pods as kube-scheduler would if all were waiting when it starts and nothing else happened: no clock, victims leave at once,
 * a pod without a place does not hold up the next. In the order in which they were decided.
 */
export function scheduleAll(input: ScheduleInput): readonly Placement[] {
  const cache = new SchedulerCache(input);
  const waiting: { pod: PodInfo; queuedAt: number }[] = [];
  input.pods.forEach((pod, queuedAt) => {
    if (pod.nodeName === undefined) {
      waiting.push({ pod, queuedAt });
      return;
    }
    const node = cache.numberOf(pod.nodeName);
    if (node !== undefined) cache.place(pod, node);
  });
  waiting.sort(queueOrder);
  const profiles = input.profiles ?? [profileOf()];
  const schedulers = new Map(profiles.map((one) => [one.schedulerName, new KubernetesScheduler(one, cache)]));
  const course: Course = { failures: new Failures(), trials: new Trials(), budgets: input.budgets ?? [] };
  return waiting.map(({ pod }) => {
    const scheduler = schedulers.get(pod.spec.schedulerName);
    if (scheduler === undefined) return nowhere(pod, `no profile is named ${pod.spec.schedulerName}`);
    if (pod.spec.isGated) return nowhere(pod, "Scheduling is blocked due to non-empty scheduling gates");
    return placeOne(scheduler, pod, input, course);
  });
}

function nowhere(pod: PodInfo, note: string | undefined): Placement {
  return { pod, node: undefined, victims: [], note, nodes: undefined };
}

/** What earlier pods leave to later ones. */
interface Course {
  readonly failures: Failures;
  readonly trials: Trials;
  budgets: readonly DisruptionBudget[];
}

function placeOne(scheduler: KubernetesScheduler, pod: PodInfo, input: ScheduleInput, course: Course): Placement {
  const { cache } = scheduler;
  const { failures, trials, budgets } = course;
  const { random, explain = false } = input;
  if (cache.nodes.length === 0) return nowhere(pod, "no nodes available to schedule pods");
  const known = explain ? undefined : failures.of(pod, cache);
  if (known !== undefined) return nowhere(pod, known);
  const { decision, nodes } = explain ? explained(scheduler, pod, random) : plain(scheduler, pod, random);
  if (decision.kind === "fits") {
    cache.place(pod, decision.node);
    return { pod, node: cache.nodes[decision.node]?.name, victims: [], note: undefined, nodes };
  }
  const chosen = preempt(scheduler, { pod, budgets, random, trials });
  if (chosen === undefined) {
    const note = failedSchedulingMessage(cache.nodes.length, nodes?.values() ?? rejections(scheduler, pod));
    failures.remember(pod, cache, note);
    return { ...nowhere(pod, note), nodes };
  }
  makeRoom(cache, pod, chosen);
  course.budgets = afterEvictions(budgets, chosen.victims);
  return { pod, node: cache.nodes[chosen.node]?.name, victims: chosen.victims, note: undefined, nodes };
}

function plain(scheduler: KubernetesScheduler, pod: PodInfo, random: () => number) {
  return { decision: scheduler.schedule(pod, random), nodes: undefined };
}

function explained(scheduler: KubernetesScheduler, pod: PodInfo, random: () => number) {
  const { decision, verdicts } = scheduler.explain(pod, random);
  const { nodes } = scheduler.cache;
  return { decision, nodes: new Map([...verdicts].map(([node, verdict]) => [nodes[node]?.name ?? "", verdict])) };
}

function makeRoom(cache: SchedulerCache, pod: PodInfo, { node, victims }: Candidate): void {
  for (const victim of victims) cache.remove(victim, node);
  cache.place(pod, node);
}

function* rejections(scheduler: KubernetesScheduler, pod: PodInfo): Iterable<NodeVerdict> {
  for (let node = 0; node < scheduler.cache.nodes.length; node++) {
    const rejected = scheduler.firstRejection(pod, node);
    if (rejected !== undefined) yield { kind: "rejected", ...rejected };
  }
}

/** Pods that found no place: one of the same kind finds none either, as long as nothing has changed since. */
class Failures {
  readonly #bySpec = new Map<PodSpecInfo, Map<PodClass, { readonly version: number; readonly note: string }>>();

  /** Why the last one found no place, if that holds still. */
  of(pod: PodInfo, cache: SchedulerCache): string | undefined {
    const known = this.#bySpec.get(pod.spec)?.get(cache.index.classOf(pod));
    return known?.version === cache.version ? known.note : undefined;
  }

  remember(pod: PodInfo, cache: SchedulerCache, note: string): void {
    const byClass = this.#bySpec.get(pod.spec) ?? new Map<PodClass, { version: number; note: string }>();
    this.#bySpec.set(pod.spec, byClass.set(cache.index.classOf(pod), { version: cache.version, note }));
  }
}

/** One placement as `rehearse schedule --json` prints it. */
export interface PlacementJson {
  readonly pod: string;
  readonly node: string | null;
  readonly victims: readonly string[];
  readonly note?: string;
  readonly nodes?: Readonly<Record<string, NodeVerdictJson>>;
}

/** One node of it; each score is times its weight, so that they add up to the total. */
export type NodeVerdictJson =
  | { readonly fits: true; readonly scores: Readonly<Record<string, number>>; readonly total: number }
  | { readonly fits: false; readonly reasons: readonly string[] };

/** Puts placements into the shape of `rehearse schedule --json`. */
export function placementsJson(placements: readonly Placement[]): { readonly placements: readonly PlacementJson[] } {
  return {
    placements: placements.map(({ pod, node, victims, note, nodes }) => ({
      pod: podKey(pod),
      node: node ?? null,
      victims: victims.map(podKey),
      ...(note === undefined ? {} : { note }),
      ...(nodes === undefined ? {} : { nodes: verdictsJson(nodes) }),
    })),
  };
}

function verdictsJson(nodes: ReadonlyMap<string, NodeVerdict>): Readonly<Record<string, NodeVerdictJson>> {
  return Object.fromEntries([...nodes].map(([name, verdict]) => [name, verdictJson(verdict)]));
}

function verdictJson(verdict: NodeVerdict): NodeVerdictJson {
  if (verdict.kind === "rejected") return { fits: false, reasons: verdict.rejection.reasons };
  const scores = verdict.scores.map(({ plugin, score, weight }) => [plugin, score * weight] as const);
  return { fits: true, scores: Object.fromEntries(scores), total: verdict.total };
}
