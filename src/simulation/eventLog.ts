import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import { copy } from "../kernel/copy.ts";
import type { Micros } from "../kernel/time.ts";

/** Is told of every fact as it happens, the scene at time 0 included. Looks, and changes nothing. */
export type FactListener = (fact: Fact, now: Micros, cluster: Cluster) => void;

/** Puts facts into the words of a log: entries are plain, and hold nothing that changes afterwards. */
export interface FactReader<Entry, Memory extends object> {
  /** What the reader knows before the first fact. */
  readonly begin: () => Memory;
  /** The entries that a fact is worth, oldest first. May change `memory`, and nothing else. */
  readonly read: (fact: Fact, now: Micros, cluster: Cluster, memory: Memory) => readonly Entry[];
}

/** Where a log stood at one moment. */
export interface EventLogState<Memory extends object> {
  readonly length: number;
  readonly memory: Memory;
}

/**
 * Writes a run's story down while it happens, in the words of a reader.
 *
 * Facts point at rows that go on changing, so each is read at once. A run without a log pays nothing for it. A log that is
 * put back with its run loses the entries that came after, and gets the same ones again.
 */
export class EventLog<Entry, Memory extends object> {
  readonly #reader: FactReader<Entry, Memory>;
  #entries: Entry[] = [];
  #memory: Memory;

  constructor(reader: FactReader<Entry, Memory>) {
    this.#reader = reader;
    this.#memory = reader.begin();
  }

  /** Give this to the simulation. */
  readonly listen: FactListener = (fact, now, cluster) => {
    for (const entry of this.#reader.read(fact, now, cluster, this.#memory)) this.#entries.push(entry);
  };

  /** In order of time; as it is now, to be read and not kept. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** What the reader has in mind. */
  get memory(): Readonly<Memory> {
    return this.#memory;
  }

  save(): EventLogState<Memory> {
    return { length: this.#entries.length, memory: copy(this.#memory) };
  }

  /** Back to a state of this log, or of one that listened to the same run at least as long as that. */
  restore({ length, memory }: EventLogState<Memory>): void {
    this.#entries = this.#entries.slice(0, length);
    this.#memory = copy(memory);
  }
}
