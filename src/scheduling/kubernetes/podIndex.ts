/** Who matches whom: counts of placed pods by selector, and of the affinity terms that placed pods hold, kept up to date. */
import { DomainCounts, type Topology } from "./domainCounts.ts";
import { type Labels, labelsKey } from "./labels.ts";
import { type AffinityTerm, type PodInfo, type PodSpecInfo, termCovers } from "./podInfo.ts";

/** What a selector can know of a pod. */
export type Selectable = Pick<PodInfo, "namespace" | "labels" | "isTerminating">;

/** Counts the placed pods that some condition on their labels holds for, by node and by domain. */
export class PodCounter {
  /** By node. */
  readonly perNode: Int32Array;
  readonly counts: (pod: Selectable) => boolean;
  readonly #domains = new Map<string, DomainCounts>();

  constructor(nodeCount: number, counts: (pod: Selectable) => boolean) {
    this.perNode = new Int32Array(nodeCount);
    this.counts = counts;
  }

  /** The same by domain of a topology. `key` names that and who takes part; `takesPart` says it by node, left out it is all. */
  byDomain(key: string, topology: Topology, takesPart?: () => Uint8Array): DomainCounts {
    const known = this.#domains.get(key);
    if (known !== undefined) return known;
    const made = new DomainCounts(topology, takesPart?.());
    this.perNode.forEach((count, node) => {
      for (let i = 0; i < count; i++) made.change(node, 1);
    });
    this.#domains.set(key, made);
    return made;
  }

  change(node: number, by: 1 | -1): void {
    this.perNode[node] = (this.perNode[node] ?? 0) + by;
    for (const domain of this.#domains.values()) domain.change(node, by);
  }
}

/** What a placed pod's term says of the pods it is about. */
export type TermKind = "avoids" | "needs" | "prefers";

/** One affinity term, and how many placed pods hold it in each domain of its topology. */
export interface HeldTerm {
  readonly kind: TermKind;
  readonly term: AffinityTerm;
  /** Of preferred terms; negative for away. */
  readonly weight: number;
  readonly topology: Topology;
  readonly holders: DomainCounts;
}

/** All pods of one namespace and one set of labels, going away or not: whatever selects one selects all. */
export interface PodClass {
  readonly pod: Selectable;
  readonly counters: PodCounter[];
  readonly terms: { readonly [Kind in TermKind]: HeldTerm[] };
}

/** What the index needs to know of the cluster. */
export interface IndexedCluster {
  readonly nodeCount: number;
  topology(key: string): Topology;
  namespaceLabels(namespace: string): Labels;
  /** Calls back for every pod that is already indexed. */
  forEachPod(visit: (pod: PodInfo, node: number) => void): void;
}

/**
 * The index. Adding or removing a pod costs as much as there are counters and terms that concern it, not as much as there are pods.
 */
export class PodIndex {
  readonly #cluster: IndexedCluster;
  readonly #classes = new Map<string, PodClass>();
  /** Pods of one template share their labels, and are recognised by them. */
  readonly #byLabels = new WeakMap<Labels, readonly PodClass[]>();
  readonly #counters = new Map<string, PodCounter>();
  readonly #terms = new Map<string, HeldTerm>();
  readonly #heldBy = new WeakMap<PodSpecInfo, readonly HeldTerm[]>();

  constructor(cluster: IndexedCluster) {
    this.#cluster = cluster;
  }

  /** How many different things are kept, to know when to start afresh. */
  get size(): number {
    return this.#classes.size + this.#counters.size + this.#terms.size;
  }

  change(pod: PodInfo, node: number, by: 1 | -1): void {
    for (const held of this.#termsOf(pod.spec)) held.holders.change(node, by);
    for (const counter of this.classOf(pod).counters) counter.change(node, by);
  }

  /** The counter of that key, made and filled if it is new. */
  counter(key: string, counts: (pod: Selectable) => boolean): PodCounter {
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    const counter = new PodCounter(this.#cluster.nodeCount, counts);
    for (const known of this.#classes.values()) if (counts(known.pod)) known.counters.push(counter);
    this.#cluster.forEachPod((pod, node) => {
      if (this.classOf(pod).counters.includes(counter)) counter.change(node, 1);
    });
    this.#counters.set(key, counter);
    return counter;
  }

  /** The terms of that kind, held by some placed pod now or before, that are about `pod`. The list grows as terms appear. */
  termsAbout(pod: Selectable, kind: TermKind): readonly HeldTerm[] {
    return this.classOf(pod).terms[kind];
  }

  /** The class of a pod, the same object for all pods of it. */
  classOf(pod: Selectable): PodClass {
    const sharing = this.#byLabels.get(pod.labels) ?? [];
    for (const known of sharing)
      if (known.pod.namespace === pod.namespace && known.pod.isTerminating === pod.isTerminating) return known;
    const key = `${pod.isTerminating ? "-" : "+"}${pod.namespace}/${labelsKey(pod.labels)}`;
    const found = this.#classes.get(key) ?? this.#newClass(pod);
    this.#classes.set(key, found);
    this.#byLabels.set(pod.labels, [...sharing, found]);
    return found;
  }

  #newClass({ namespace, labels, isTerminating }: Selectable): PodClass {
    const pod = { namespace, labels, isTerminating };
    const made: PodClass = {
      pod,
      counters: [...this.#counters.values()].filter((counter) => counter.counts(pod)),
      terms: { avoids: [], needs: [], prefers: [] },
    };
    for (const held of this.#terms.values()) this.#matchTerm(held, made);
    return made;
  }

  #matchTerm(held: HeldTerm, { pod, terms }: PodClass): void {
    if (termCovers(held.term, pod, this.#cluster.namespaceLabels(pod.namespace))) terms[held.kind].push(held);
  }

  #termsOf(spec: PodSpecInfo): readonly HeldTerm[] {
    const known = this.#heldBy.get(spec);
    if (known !== undefined) return known;
    const held = [
      ...spec.requiredAntiAffinity.map((term) => this.#held("avoids", term, 0)),
      ...spec.requiredAffinity.map((term) => this.#held("needs", term, 0)),
      ...spec.preferredTerms.map(({ term, weight }) => this.#held("prefers", term, weight)),
    ];
    this.#heldBy.set(spec, held);
    return held;
  }

  #held(kind: TermKind, term: AffinityTerm, weight: number): HeldTerm {
    const key = `${kind} ${weight} ${term.topologyKey} ${term.key}`;
    const known = this.#terms.get(key);
    if (known !== undefined) return known;
    const topology = this.#cluster.topology(term.topologyKey);
    const held: HeldTerm = { kind, term, weight, topology, holders: new DomainCounts(topology) };
    this.#terms.set(key, held);
    for (const known of this.#classes.values()) this.#matchTerm(held, known);
    return held;
  }
}
