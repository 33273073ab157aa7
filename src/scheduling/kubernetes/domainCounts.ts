/** Counts per topology domain that are kept up to date instead of being counted again for every pod. */

/** The domains that nodes belong to by the value of one label: index of the domain by index of the node, -1 without that label. */
export interface Topology {
  readonly domainOf: Int32Array;
  readonly domainCount: number;
  /** Whether every node has the label. */
  readonly isComplete: boolean;
}

/** Groups nodes by a label. */
export function topologyOf(values: readonly (string | undefined)[]): Topology {
  const domainOf = new Int32Array(values.length).fill(-1);
  const indexOf = new Map<string, number>();
  values.forEach((value, node) => {
    if (value === undefined) return;
    const domain = indexOf.get(value) ?? indexOf.size;
    indexOf.set(value, domain);
    domainOf[node] = domain;
  });
  return { domainOf, domainCount: indexOf.size, isComplete: !domainOf.includes(-1) };
}

/**
 * How many things each domain of a topology holds, their sum, and the smallest of them over the domains that take part.
 *
 * The smallest costs nothing to ask: `#domainsWith[n]` is the number of domains that hold n, and n moves by one at a time.
 */
export class DomainCounts {
  /** By domain; a domain in which no node takes part stays 0. */
  readonly counts: Int32Array;
  /** How many domains have a node that takes part. */
  readonly domainsTakingPart: number;
  total = 0;
  readonly #domainOf: Int32Array;
  readonly #domainsWith: number[];
  #least = 0;

  /** `takesPart` by node, 1 for yes; left out, every node does. */
  constructor(topology: Topology, takesPart?: Uint8Array) {
    this.counts = new Int32Array(topology.domainCount);
    this.#domainOf = takesPart === undefined ? topology.domainOf : masked(topology.domainOf, takesPart);
    const isTakingPart = new Uint8Array(topology.domainCount);
    for (const domain of this.#domainOf) if (domain >= 0) isTakingPart[domain] = 1;
    this.domainsTakingPart = isTakingPart.reduce((sum, one) => sum + one, 0);
    this.#domainsWith = [this.domainsTakingPart];
  }

  /** The smallest count over domains that take part; 0 if there are none. */
  get least(): number {
    return this.#least;
  }

  /** One more (+1) or one fewer (-1) on a node. */
  change(node: number, by: 1 | -1): void {
    const domain = this.#domainOf[node] ?? -1;
    if (domain < 0) return;
    const before = this.counts[domain] ?? 0;
    const after = before + by;
    this.counts[domain] = after;
    this.total += by;
    this.#domainsWith[before] = (this.#domainsWith[before] ?? 0) - 1;
    this.#domainsWith[after] = (this.#domainsWith[after] ?? 0) + 1;
    if (after < this.#least || (before === this.#least && this.#domainsWith[before] === 0)) this.#least = after;
  }
}

function masked(domainOf: Int32Array, takesPart: Uint8Array): Int32Array {
  return domainOf.map((domain, node) => (takesPart[node] === 1 ? domain : -1));
}
