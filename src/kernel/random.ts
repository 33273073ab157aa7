import alea from "seedrandom/lib/alea.js";

/**
 * Where one stream stands: Alea's own numbers, to be copied and put back. Spelled out here, so that authors of plug-ins need
 * no types of Alea.
 */
export interface StreamState {
  readonly c: number;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
}

type Generator = ReturnType<typeof newGenerator>;

function newGenerator(seed: string) {
  return alea(seed, { state: true });
}

/** One named sequence of uniform numbers; nothing else draws from it. */
export class Stream {
  readonly name: string;
  /** The next uniform number in [0, 1), 32 bits fine. */
  next: () => number;
  readonly #seed: string;
  /** Made at the first draw: of many streams nobody ever draws. */
  #generator: Generator | undefined;

  constructor(name: string, seed: string) {
    this.name = name;
    this.#seed = seed;
    this.next = () => this.#seeded()();
  }

  /** A whole number in [0, `limit`). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  save(): StreamState {
    return this.#seeded().state();
  }

  restore(state: StreamState): void {
    this.#generator = alea("", { state });
    this.next = this.#generator;
  }

  #seeded(): Generator {
    if (this.#generator === undefined) {
      this.#generator = newGenerator(this.#seed);
      this.next = this.#generator;
    }
    return this.#generator;
  }
}

/**
 * Every random stream of one run, by name: `traffic/shop`, `hazard/host-3`.
 *
 * Each is seeded from (seed, name), so a stream's draws never depend on another's, nor on the order of asking: two strategies
 * under one seed meet the same requests and the same failures.
 */
export class Streams {
  readonly seed: number;
  readonly #streams = new Map<string, Stream>();

  constructor(seed: number) {
    this.seed = seed;
  }

  named(name: string): Stream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const stream = new Stream(name, `${this.seed}/${name}`);
    this.#streams.set(name, stream);
    return stream;
  }

  save(): ReadonlyMap<string, StreamState> {
    return new Map([...this.#streams].map(([name, stream]) => [name, stream.save()]));
  }

  /** Streams asked for since the copy was made begin anew. */
  restore(saved: ReadonlyMap<string, StreamState>): void {
    for (const [name, stream] of this.#streams) {
      const state = saved.get(name) ?? new Stream(name, `${this.seed}/${name}`).save();
      stream.restore(state);
    }
    for (const [name, state] of saved) this.named(name).restore(state);
  }
}
