import type { FuzzOptions } from "./fuzzOptions.ts";
import { FuzzWorker } from "./fuzzWorker.ts";

/** The workers of a search, and an ear for Ctrl-C, which ends them all at once. */
export class FuzzCrew {
  readonly workers: readonly FuzzWorker[];
  isInterrupted = false;
  readonly #make: () => FuzzWorker;
  readonly #press = () => {
    this.isInterrupted = true;
    void this.end();
  };

  constructor(options: FuzzOptions, count: number, hangAfterMs: number) {
    this.#make = () => new FuzzWorker(options, hangAfterMs);
    this.workers = Array.from({ length: count }, this.#make);
    // Once: the second Ctrl-C ends the program, as it usually does.
    process.once("SIGINT", this.#press);
  }

  /** One of them. A thread is only made when it has something to do. */
  worker(place: number): FuzzWorker {
    return this.workers[place % this.workers.length] as FuzzWorker;
  }

  /** Something short that is done even after Ctrl-C. */
  async aside<Answer>(act: (worker: FuzzWorker) => Promise<Answer>): Promise<Answer> {
    return this.isInterrupted ? this.fresh(act) : act(this.worker(0));
  }

  /** Something that is done in a thread of its own, in which no plug-in can have kept anything from before. */
  async fresh<Answer>(act: (worker: FuzzWorker) => Promise<Answer>): Promise<Answer> {
    const worker = this.#make();
    try {
      return await act(worker);
    } finally {
      await worker.end();
    }
  }

  /** Ends all threads. */
  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end()));
  }

  /** From now on Ctrl-C means what it usually does. */
  async release(): Promise<void> {
    process.off("SIGINT", this.#press);
    await this.end();
  }
}
