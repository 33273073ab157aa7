import { assert } from "../../kernel/errors.ts";
import { type Topology, topologyOf } from "./domainCounts.ts";
import { type Labels, pairsRequired, type Selector, selectorOf, selects } from "./labels.ts";
import { NodeResources } from "./nodeResources.ts";
import { type NodeTraits, traitsOf } from "./nodeTraits.ts";
import { inZoneOrder } from "./nodeTree.ts";
import { PodIndex } from "./podIndex.ts";
import { type HostPort, type NodeInfo, type PodInfo, podKey } from "./podInfo.ts";

/** A Service, as far as default spreading asks: which pods are its own. */
export interface ServiceInfo {
  readonly namespace: string;
  readonly selector: Labels;
}

/** What a cache starts with. Namespaces that are not named have no labels. */
export interface CacheObjects {
  readonly nodes: readonly NodeInfo[];
  readonly namespaces?: ReadonlyMap<string, Labels> | undefined;
  readonly services?: readonly ServiceInfo[] | undefined;
}

const NO_LABELS: Labels = new Map();
/** Selectors, terms and label sets kept before the index is made anew from the pods that are left. */
const MOST_INDEXED = 200_000;

/**
 * The cluster as the scheduler knows it: nodes, the pods on them, and sums over both that are changed with every pod instead of
 * being worked out again. Nodes are numbered by their place in `nodes`; a change of the nodes renumbers them (`epoch`).
 */
export class SchedulerCache {
  #epoch = 0;
  /** What node changes have made void; made anew when somebody next asks, so that many changes cost as much as one. */
  #void: "nothing" | "traits" | "index" | "all" = "nothing";
  readonly #given = new Map<string, NodeInfo>();
  readonly #namespaces: ReadonlyMap<string, Labels>;
  readonly #services: readonly (ServiceInfo & { readonly asSelector: Selector })[];
  #nodes: NodeInfo[] = [];
  #numbers: ReadonlyMap<string, number> = new Map();
  #podsOn: PodInfo[][] = [];
  #ports: HostPort[][] = [];
  #nominated: PodInfo[][] = [];
  #nominatedCount = 0;
  #resources = new NodeResources([]);
  #index: PodIndex;
  #topologies = new Map<string, Topology>();
  #traits: NodeTraits = traitsOf([]);
  #generations = new Int32Array(0);
  #lastGeneration = 0;
  readonly #priorities = new Map<number, number>();

  /**
   * Where the next search begins, so that all nodes get their turn: one place for all profiles, counted modulo the number of
   * nodes. Source: kube-scheduler, schedule_one.go, nextStartNodeIndex.
   */
  searchStart = 0;

  constructor({ nodes, namespaces = new Map(), services = [] }: CacheObjects) {
    for (const node of nodes) this.#given.set(node.name, node);
    this.#namespaces = namespaces;
    // A Service without a selector has its endpoints made by hand: it selects no pods.
    this.#services = services
      .filter(({ selector }) => selector.size > 0)
      .map((service) => ({ ...service, asSelector: selectorOf(pairsRequired(service.selector)) }));
    this.#index = this.#newIndex();
    this.#renumber();
  }

  /** Rises whenever nodes change: what was worked out about nodes before is void. */
  get epoch(): number {
    this.#settle();
    return this.#epoch;
  }

  get nodes(): readonly NodeInfo[] {
    this.#settle();
    return this.#nodes;
  }

  get traits(): NodeTraits {
    return this.#traits;
  }

  get resources(): NodeResources {
    return this.#resources;
  }

  get index(): PodIndex {
    this.#settle();
    return this.#index;
  }

  /** By node, a number that rises whenever its pods change; never 0. */
  get generations(): Int32Array {
    return this.#generations;
  }

  /** Rises with every change of any node or pod. */
  get version(): number {
    return this.#lastGeneration;
  }

  /** A node's number, if there is one of that name. */
  numberOf(name: string): number | undefined {
    this.#settle();
    return this.#numbers.get(name);
  }

  podsOn(node: number): readonly PodInfo[] {
    return this.#podsOn[node] ?? [];
  }

  portsOn(node: number): readonly HostPort[] {
    return this.#ports[node] ?? [];
  }

  namespaceLabels(namespace: string): Labels {
    return this.#namespaces.get(namespace) ?? NO_LABELS;
  }

  topology(key: string): Topology {
    const known = this.#topologies.get(key);
    if (known !== undefined) return known;
    const made = topologyOf(this.#nodes.map((node) => node.labels.get(key)));
    this.#topologies.set(key, made);
    return made;
  }

  /** Whether a placed pod has a lower priority: else there is nobody to make room. */
  hasPodBelow(priority: number): boolean {
    for (const [other, count] of this.#priorities) if (count > 0 && other < priority) return true;
    return false;
  }

  /** A pod is bound to a node, or assumed to be. */
  place(pod: PodInfo, node: number): void {
    if (this.#index.size > MOST_INDEXED) this.#reindex();
    this.attach(pod, node);
  }

  /** A pod is gone. */
  remove(pod: PodInfo, node: number): void {
    this.detach(pod, node);
  }

  /** As `place`, for trying out: what was prepared for a pod stays valid. */
  attach(pod: PodInfo, node: number): void {
    this.#podsOn[node]?.push(pod);
    if (pod.spec.hostPorts.length > 0) this.#ports[node]?.push(...pod.spec.hostPorts);
    this.#account(pod, node, 1);
  }

  /** As `remove`, for trying out. */
  detach(pod: PodInfo, node: number): void {
    const pods = this.#podsOn[node] ?? [];
    const at = pods.lastIndexOf(pod);
    assert(at >= 0, `pod ${podKey(pod)} is on node ${this.#nodes[node]?.name} before it is taken away`);
    pods.splice(at, 1);
    const ports = this.#ports[node] ?? [];
    for (const port of pod.spec.hostPorts) ports.splice(ports.indexOf(port), 1);
    this.#account(pod, node, -1);
  }

  /** Ends a trial: the same pods are on the node again, in the order and the generation that they had before it. */
  restore(node: number, pods: readonly PodInfo[], generation: number): void {
    assert(pods.length === this.podsOn(node).length, "a trial leaves the pods on a node as they were");
    this.#podsOn[node] = [...pods];
    this.#generations[node] = generation;
  }

  /** Pods for which room was made on that node and that are not there yet. */
  nominatedOn(node: number): readonly PodInfo[] {
    return this.#nominatedCount === 0 ? [] : (this.#nominated[node] ?? []);
  }

  nominate(pod: PodInfo, node: number): void {
    this.#nominated[node]?.push(pod);
    this.#nominatedCount++;
  }

  /** Takes a nomination back; none is fine. */
  unnominate(pod: PodInfo): void {
    if (this.#nominatedCount === 0) return;
    for (const pods of this.#nominated) {
      const at = pods.findIndex((other) => podKey(other) === podKey(pod));
      if (at < 0) continue;
      pods.splice(at, 1);
      this.#nominatedCount--;
    }
  }

  /** A node joins, or one of that name changes: cheap for its images, taints and cordon; else all nodes are numbered anew. */
  setNode(node: NodeInfo): void {
    const before = this.#given.get(node.name);
    this.#given.set(node.name, node);
    const number = this.#void === "all" ? undefined : this.#numbers.get(node.name);
    if (before === undefined || number === undefined || !isSameMachine(before, node)) {
      this.#void = "all";
      return;
    }
    this.#nodes[number] = node;
    if (this.#void === "nothing") this.#void = "traits";
    if (JSON.stringify(before.taints) !== JSON.stringify(node.taints)) this.#void = "index";
  }

  /** A node leaves, with whatever is on it. */
  dropNode(name: string): void {
    this.#given.delete(name);
    this.#void = "all";
  }

  /** The selector that default spreading goes by: those of the pod's Services and of its owner together; `undefined` if none. */
  defaultSelector(pod: PodInfo): Selector | undefined {
    const pairs = new Map<string, string>();
    for (const { namespace, selector, asSelector } of this.#services) {
      if (namespace !== pod.namespace || !selects(asSelector, pod.labels)) continue;
      for (const [key, value] of selector) pairs.set(key, value);
    }
    const requirements = [...pairsRequired(pairs), ...(pod.spec.ownerSelector?.requirements ?? [])];
    return requirements.length === 0 ? undefined : selectorOf(requirements);
  }

  #account(pod: PodInfo, node: number, by: 1 | -1): void {
    this.#resources.change(node, pod.spec, by);
    this.#index.change(pod, node, by);
    this.#generations[node] = ++this.#lastGeneration;
    const { priority } = pod.spec;
    this.#priorities.set(priority, (this.#priorities.get(priority) ?? 0) + by);
  }

  #placements(): readonly (readonly [PodInfo, string])[] {
    return this.#podsOn.flatMap((pods, node) => pods.map((pod) => [pod, this.#nodes[node]?.name ?? ""] as const));
  }

  #settle(): void {
    if (this.#void === "nothing") return;
    const isVoid = this.#void;
    this.#void = "nothing";
    if (isVoid === "all") {
      this.#renumber();
      return;
    }
    this.#epoch++;
    this.#traits = traitsOf(this.#nodes);
    this.#generations.fill(++this.#lastGeneration);
    // Who takes part in a spread constraint may depend on taints.
    if (isVoid === "index") this.#reindex();
  }

  #renumber(): void {
    const placements = this.#placements();
    const nominations = this.#nominated.flatMap((pods, node) =>
      pods.map((pod) => [pod, this.#nodes[node]?.name ?? ""] as const),
    );
    this.#epoch++;
    this.#nodes = [...inZoneOrder([...this.#given.values()])];
    this.#numbers = new Map(this.#nodes.map((node, number) => [node.name, number]));
    this.#podsOn = this.#nodes.map(() => []);
    this.#ports = this.#nodes.map(() => []);
    this.#nominated = this.#nodes.map(() => []);
    this.#nominatedCount = 0;
    this.#resources = new NodeResources(this.#nodes);
    this.#traits = traitsOf(this.#nodes);
    this.#topologies.clear();
    this.#priorities.clear();
    this.#index = this.#newIndex();
    this.#generations = new Int32Array(this.#nodes.length).fill(++this.#lastGeneration);
    for (const [pod, name] of placements) this.#onNode(name, (node) => this.attach(pod, node));
    for (const [pod, name] of nominations) this.#onNode(name, (node) => this.nominate(pod, node));
  }

  #onNode(name: string, act: (node: number) => void): void {
    const node = this.#numbers.get(name);
    if (node !== undefined) act(node);
  }

  #reindex(): void {
    this.#epoch++;
    this.#index = this.#newIndex();
    this.#podsOn.forEach((pods, node) => {
      for (const pod of pods) this.#index.change(pod, node, 1);
    });
  }

  #newIndex(): PodIndex {
    return new PodIndex({
      nodeCount: this.#nodes.length,
      topology: (key) => this.topology(key),
      namespaceLabels: (namespace) => this.namespaceLabels(namespace),
      forEachPod: (visit) => {
        this.#podsOn.forEach((pods, node) => {
          for (const pod of pods) visit(pod, node);
        });
      },
    });
  }
}

/** Whether nothing differs that pods are counted by. */
function isSameMachine(one: NodeInfo, other: NodeInfo): boolean {
  return isSameMap(one.labels, other.labels) && isSameMap(one.allocatable, other.allocatable);
}

function isSameMap<Value>(one: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) if (other.get(key) !== value) return false;
  return true;
}
