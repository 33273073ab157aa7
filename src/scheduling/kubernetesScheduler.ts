import type { JsonMap } from "../cluster/podTemplate.ts";
import type { ServiceSpec } from "../cluster/spec.ts";
import { SECOND } from "../kernel/time.ts";
import type {
  HostView,
  PlacedContainer,
  PlacementRequest,
  QueueRules,
  Refusal,
  Scheduler,
  Snapshot,
  Verdict,
} from "./framework.ts";
import type { SchedulerConfig } from "./kubernetes/configFromV1.ts";
import { noEvictionHelps } from "./kubernetes/failedScheduling.ts";
import { PodReader } from "./kubernetes/fromV1.ts";
import { pairsRequired, selectorOf } from "./kubernetes/labels.ts";
import type { PodInfo } from "./kubernetes/podInfo.ts";
import { type DisruptionBudget, preempt } from "./kubernetes/preemption.ts";
import { profileOf } from "./kubernetes/profile.ts";
import { KubernetesScheduler } from "./kubernetes/scheduler.ts";
import { SchedulerCache } from "./kubernetes/schedulerCache.ts";
import { readSelector } from "./kubernetes/selectorsFromV1.ts";
import { V1Field } from "./kubernetes/v1Fields.ts";
import { labelsOf, NAMESPACE, nodeOf, ownerSelectorOf, templateOf } from "./kubernetesObjects.ts";
import type { PlacedVersion } from "./placements.ts";

const DEFAULT_CONFIG: Pick<SchedulerConfig, "profiles" | "backoff"> = {
  profiles: [profileOf()],
  backoff: { firstSeconds: 1, longestSeconds: 10 },
};

/**
 * kube-scheduler's rules as a scheduler of the simulation: every plugin of a profile with Kubernetes' own arithmetic, and
 * preemption. A service's pod template says by its `schedulerName` which profile places it.
 *
 * Its cache is only a faster way to the snapshot: before each placement it is brought up to date with it.
 */
export function kubernetesScheduler(config: Pick<SchedulerConfig, "profiles" | "backoff"> = DEFAULT_CONFIG): Scheduler {
  const placer = new Placer(config);
  const names = new Set(config.profiles.map(({ schedulerName }) => schedulerName));
  return {
    kind: "scheduler",
    name: "kubernetes",
    describe:
      "kube-scheduler with Kubernetes' own arithmetic and preemption, its default profile or those of a configuration",
    place: (request, snapshot, random) => placer.place(request, snapshot, random),
    memory: { get: () => placer.start, set: (value) => placer.begin(value) },
    queue: queueRules(config.backoff),
    accepts: (service) => names.has(schedulerNameOf(service)) && !isGated(service),
    isHelpedByPlacement: (service) => hasRulesAboutOthers(service),
  };
}

/** Source: kube-scheduler, scheduling_queue.go: it looks at the back-off queue every second, at the unschedulable pods every 30 s. */
function queueRules({ firstSeconds, longestSeconds }: SchedulerConfig["backoff"]): QueueRules {
  return {
    firstBackoff: firstSeconds * SECOND,
    longestBackoff: longestSeconds * SECOND,
    backoffTick: SECOND,
    flushTick: 30 * SECOND,
    isOrderedByLastTry: true,
  };
}

function schedulerNameOf({ pod }: ServiceSpec): string {
  const name = pod?.spec.schedulerName;
  return typeof name === "string" && name !== "" ? name : "default-scheduler";
}

/** Nobody takes a gate away (Kubernetes, Pod Scheduling Readiness page). */
function isGated({ pod }: ServiceSpec): boolean {
  const gates = pod?.spec.schedulingGates;
  return Array.isArray(gates) && gates.length > 0;
}

/** A pod that arrives can make another one's required affinity hold, or lift the least count of a spread constraint. */
function hasRulesAboutOthers({ pod, spread }: ServiceSpec): boolean {
  if (pod === undefined) return spread.over !== "none" && spread.required;
  const { podAffinity } = (pod.spec.affinity ?? {}) as JsonMap;
  const constraints = (pod.spec.topologySpreadConstraints ?? []) as readonly JsonMap[];
  const required = ((podAffinity ?? {}) as JsonMap).requiredDuringSchedulingIgnoredDuringExecution;
  return required !== undefined || constraints.some(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule");
}

interface Known {
  readonly pod: PodInfo;
  readonly host: string;
}

/** What of a host may change in a run. */
interface NodeParts {
  readonly known: HostView["known"];
  readonly cordoned: boolean;
  /** Images there: they only become more. */
  readonly cached: number;
}

class Placer {
  /** By the scheduler name of its profile. */
  readonly #schedulers: ReadonlyMap<string, KubernetesScheduler>;
  readonly #cache = new SchedulerCache({ nodes: [] });
  readonly #reader = new PodReader();
  readonly #templates = new Map<string, PodInfo>();
  /** By container id, and by pod name. */
  readonly #known = new Map<number, Known>();
  readonly #idOf = new Map<string, number>();
  /** By host id: what its node was made of, and which containers it had when. */
  readonly #nodes = new Map<number, NodeParts>();
  readonly #versions = new Map<number, PlacedVersion>();
  readonly #onHost = new Map<number, ReadonlySet<number>>();
  readonly #hostIds = new Map<string, number>();

  constructor({ profiles }: Pick<SchedulerConfig, "profiles">) {
    const made = profiles.map((one) => [one.schedulerName, new KubernetesScheduler(one, this.#cache)] as const);
    this.#schedulers = new Map(made);
  }

  /** Where the next search begins: one place for all profiles, as in kube-scheduler. */
  get start(): number {
    return this.#cache.searchStart;
  }

  begin(start: number): void {
    this.#cache.searchStart = start;
  }

  place(request: PlacementRequest, snapshot: Snapshot, random: () => number): Verdict {
    const name = schedulerNameOf(request.service);
    const scheduler = this.#schedulers.get(name);
    if (scheduler === undefined) {
      const reason = `no profile is named ${name}`;
      return { kind: "unschedulable", refusals: [{ host: "", plugin: "", reason }] };
    }
    this.#catchUp(snapshot);
    const nominated = snapshot.nominated.get(request.id);
    const pod = this.#podOf(
      { ...request, name: request.container, isTerminating: false, isVictim: false, startedAt: 0 },
      nominatedName(snapshot, nominated),
    );
    const waiting = this.#nominate(snapshot, request.id);
    try {
      const decision = scheduler.schedule(pod, random);
      if (decision.kind === "fits") return { kind: "fits", host: this.#hostOf(decision.node), scores: [] };
      const refusals = this.#refusals(pod, scheduler);
      const chosen = preempt(scheduler, { pod, budgets: this.#budgets(snapshot), random });
      if (chosen === undefined) return { kind: "unschedulable", refusals };
      const victims = chosen.victims.map((victim) => this.#idOf.get(victim.name) ?? -1);
      return { kind: "preempt", host: this.#hostOf(chosen.node), victims, refusals };
    } finally {
      for (const other of waiting) this.#cache.unnominate(other);
    }
  }

  #hostOf(node: number): number {
    return this.#hostIds.get(this.#cache.nodes[node]?.name ?? "") ?? -1;
  }

  #catchUp(snapshot: Snapshot): void {
    for (const host of snapshot.hosts) {
      this.#catchUpNode(host, snapshot);
      const version = snapshot.placedVersion(host.id);
      if (this.#versions.get(host.id) === version) continue;
      this.#versions.set(host.id, version);
      this.#catchUpHost(host, snapshot.placed(host.id));
    }
  }

  #catchUpHost({ id, spec }: HostView, placed: readonly PlacedContainer[]): void {
    const before = this.#onHost.get(id) ?? [];
    this.#onHost.set(id, new Set(placed.map((container) => container.id)));
    for (const one of before) if (this.#onHost.get(id)?.has(one) !== true) this.#drop(one);
    for (const container of placed) this.#catchUpPod(container, spec.name);
  }

  #catchUpNode(host: HostView, snapshot: Snapshot): void {
    const { name } = host.spec;
    const before = this.#nodes.get(host.id);
    const isSame =
      before?.known === host.known && before.cordoned === host.cordoned && before.cached === host.cached.length;
    if (isSame) return;
    this.#nodes.set(host.id, { known: host.known, cordoned: host.cordoned, cached: host.cached.length });
    this.#hostIds.set(name, host.id);
    this.#cache.setNode(nodeOf(host, snapshot));
  }

  #catchUpPod(container: PlacedContainer, host: string): void {
    const known = this.#known.get(container.id);
    if (known !== undefined) {
      const { pod } = known;
      const isSame =
        known.host === host && pod.isTerminating === container.isTerminating && pod.startTime === container.startedAt;
      if (isSame) return;
      this.#drop(container.id);
    }
    const node = this.#cache.numberOf(host);
    if (node === undefined) return;
    const pod = this.#podOf(container, undefined);
    this.#cache.place(pod, node);
    this.#known.set(container.id, { pod, host });
    this.#idOf.set(container.name, container.id);
  }

  #drop(id: number): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    const { pod, host } = known;
    const node = this.#cache.numberOf(host);
    if (node !== undefined) this.#cache.remove(pod, node);
    this.#known.delete(id);
    this.#idOf.delete(pod.name);
  }

  /** Counts those for whom room was made as if they were there already. */
  #nominate(snapshot: Snapshot, except: number): PodInfo[] {
    const pods: PodInfo[] = [];
    for (const [id, host] of snapshot.nominated) {
      const waiting = snapshot.waiting(id);
      const node = this.#cache.numberOf(snapshot.hosts[host]?.spec.name ?? "");
      if (id === except || waiting === undefined || node === undefined) continue;
      const pod = this.#podOf(waiting, undefined);
      this.#cache.nominate(pod, node);
      pods.push(pod);
    }
    return pods;
  }

  #refusals(pod: PodInfo, scheduler: KubernetesScheduler): Refusal[] {
    const preempts = scheduler.profile.preemption !== undefined && pod.spec.mayPreempt;
    return this.#cache.nodes.flatMap(({ name: host }, node) => {
      const rejected = scheduler.firstRejection(pod, node);
      if (rejected === undefined) return [];
      const { plugin, rejection } = rejected;
      const [first = "", ...others] = rejection.reasons;
      const hasLower = this.#cache.podsOn(node).some(({ spec }) => spec.priority < pod.spec.priority);
      return [
        { host, plugin, reason: first, ...(preempts ? { preemption: noEvictionHelps(rejection, hasLower) } : {}) },
        ...others.map((reason) => ({ host, plugin, reason })),
      ];
    });
  }

  #budgets(snapshot: Snapshot): DisruptionBudget[] {
    return snapshot.budgets().flatMap(({ services, disruptionsAllowed }) => {
      const [first, ...further] = snapshot.services
        .filter(({ name }) => services.includes(name))
        .map((service) => ({
          namespace: service.pod?.namespace ?? NAMESPACE,
          selector: selectorOf(pairsRequired(new Map(Object.entries(labelsOf(service))))),
        }));
      return first === undefined ? [] : [{ ...first, further, disruptionsAllowed, disruptedPods: new Set<string>() }];
    });
  }

  #podOf(container: Omit<PlacedContainer, "id">, nominatedNodeName: string | undefined): PodInfo {
    const template = this.#templateOf(container);
    return {
      namespace: template.namespace,
      name: container.name,
      labels: template.labels,
      nodeName: template.nodeName,
      nominatedNodeName,
      isTerminating: container.isTerminating,
      isPreemptionVictim: container.isVictim,
      startTime: container.startedAt,
      spec: template.spec,
    };
  }

  /** Read once: pods of one service and image differ in nothing that the manifest says but their names. */
  #templateOf({ name, service, image }: Pick<PlacedContainer, "name" | "service" | "image">): PodInfo {
    const key = `${service.name}\n${image}`;
    const known = this.#templates.get(key);
    if (known !== undefined) return known;
    const { metadata, spec } = templateOf(service, image);
    const ownerSelector = readSelector(new V1Field(ownerSelectorOf(service, image), "ownerSelector"));
    const template = this.#reader.read({ metadata: { ...metadata, name }, spec }, { ownerSelector });
    this.#templates.set(key, template);
    return template;
  }
}

function nominatedName(snapshot: Snapshot, host: number | undefined): string | undefined {
  return host === undefined ? undefined : snapshot.hosts[host]?.spec.name;
}
