import { PluginError } from "../kernel/errors.ts";
import { Coverage } from "../testkit/coverage.ts";
import type { Broken, Find, FuzzPlan, SearchPlace } from "../testkit/fuzzer.ts";
import type { FuzzCrew } from "./fuzzCrew.ts";
import { checkWatched, findOfStopped, type Stopped } from "./fuzzHang.ts";
import { findOfKept } from "./fuzzKept.ts";
import type { Limit } from "./fuzzOptions.ts";
import { BATCH, type Look } from "./fuzzTasks.ts";
import type { Outcome } from "./fuzzWorker.ts";

/** How far a search has come: everything up to and without a batch. */
export interface SearchState {
  readonly batch: number;
  readonly runs: number;
  readonly transitions: readonly (readonly [transition: string, times: number])[];
}

/** What is searched, by whom, and who is told. */
export interface SearchPlan {
  readonly plan: FuzzPlan;
  readonly crew: FuzzCrew;
  readonly limit: Limit;
  readonly hangAfterMs: number;
  readonly start: SearchState;
  /** What is not looked for, because it is known already. */
  readonly found: readonly string[];
  readonly keepGoing: boolean;
  /** `isWhole`: it was made as small as it gets; otherwise Ctrl-C or a hanging plug-in came between. */
  readonly onFind: (find: Find, isWhole: boolean) => Promise<void>;
  /** After each batch, and each smaller scenario. */
  readonly onStep: (doing: string) => void;
}

/** Batches that may be done before their turn, for each worker. */
const AHEAD = 4;
/** How long the search for the two events of a race may take. */
const RACE_MS = 60_000;
/** How often a batch that hung is tried again where its scenario alone does not hang. */
const MOST_AGAIN = 2;

/**
 * Hands numbered batches out to workers and takes what came of them in order, so that the same seed finds the same however
 * many there are, and whoever is first.
 */
export class FuzzSearch {
  readonly coverage = new Coverage();
  readonly #plan: SearchPlan;
  readonly #found: string[];
  readonly #looks = new Map<number, Outcome<Look>>();
  readonly #busy = new Map<number, Promise<void>>();
  readonly #startedAt = performance.now();
  #state: SearchState;
  #runs: number;
  #batch: number;
  #next: number;
  #again = 0;
  #isFinished = false;

  constructor(plan: SearchPlan) {
    this.#plan = plan;
    this.#found = [...plan.found];
    this.#state = plan.start;
    this.#runs = plan.start.runs;
    this.#batch = plan.start.batch;
    this.#next = plan.start.batch;
    this.coverage.merge(plan.start.transitions);
  }

  /** Scenarios run, with those of earlier times. */
  get runs(): number {
    return this.#runs;
  }

  /** Where it can go on the next time: whole batches only. */
  get state(): SearchState {
    return this.#state;
  }

  /** How much of it is done, from 0 to 1. */
  get share(): number {
    const { limit, start } = this.#plan;
    if (limit.kind === "time") return Math.min(1, this.elapsedMs / limit.milliseconds);
    return (this.#runs - start.runs) / limit.runs;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Searches until it is over, something is found, or Ctrl-C. */
  async run(): Promise<void> {
    const { crew } = this.#plan;
    while (!this.#isFinished && !crew.isInterrupted && this.#batch < this.#endBatch()) {
      this.#handOut();
      const look = this.#looks.get(this.#batch);
      if (look === undefined) {
        await Promise.race(this.#busy.values());
        continue;
      }
      this.#looks.delete(this.#batch);
      await this.#take(look);
    }
  }

  /** The first batch that is not done any more. */
  #endBatch(): number {
    const { limit, start } = this.#plan;
    if (limit.kind === "runs") return start.batch + Math.ceil(limit.runs / BATCH);
    return this.elapsedMs >= limit.milliseconds ? this.#next : Number.POSITIVE_INFINITY;
  }

  #countOf(batch: number): number {
    const { limit, start } = this.#plan;
    return limit.kind === "time" ? BATCH : Math.min(BATCH, limit.runs - (batch - start.batch) * BATCH);
  }

  #placeOf(batch: number): SearchPlace {
    return { batch, runs: batch * BATCH, found: [...this.#found] };
  }

  #handOut(): void {
    const { workers } = this.#plan.crew;
    const most = this.#batch + AHEAD * workers.length;
    for (const [place] of workers.entries()) {
      if (this.#busy.has(place) || this.#next >= Math.min(most, this.#endBatch())) continue;
      this.#look(place, this.#next++);
    }
  }

  #look(place: number, batch: number): void {
    const worker = this.#plan.crew.worker(place);
    const before = this.#busy.get(place) ?? Promise.resolve();
    const looking = before.then(async () => {
      const outcome = await worker.do({ kind: "look", from: this.#placeOf(batch), count: this.#countOf(batch) });
      this.#looks.set(batch, outcome);
    });
    const ended = looking.finally(() => {
      if (this.#busy.get(place) === ended) this.#busy.delete(place);
    });
    // Whoever waits hears of it; a search that ended before does not.
    ended.catch(() => {});
    this.#busy.set(place, ended);
  }

  async #take(look: Outcome<Look>): Promise<void> {
    if (look.kind === "ended") return;
    if (look.kind === "stopped") return this.#takeStopped(look);
    const { broke, runs, transitions } = look.answer;
    if (broke === undefined) {
      this.coverage.merge(transitions);
      this.#batch++;
      this.#runs += runs;
      this.#again = 0;
      // A piece of a batch is done again as a whole the next time.
      if (runs === BATCH) this.#state = { batch: this.#batch, runs: this.#runs, transitions: this.coverage.counts };
      this.#plan.onStep("");
    } else {
      if (!this.#found.includes(broke)) await this.#takeBroken(broke, runs);
      if (!this.#isFinished) this.#look(0, this.#batch);
      else {
        // What came before the find was run too; the next time the batch begins again.
        this.coverage.merge(transitions);
        this.#runs += runs;
      }
    }
  }

  async #takeBroken(invariant: string, place: number): Promise<void> {
    const { crew, onStep, plan } = this.#plan;
    let smallest: Broken | undefined;
    const onBroken = (broken: Broken) => {
      smallest = broken;
      onStep(`; ${invariant}: ${broken.tried} smaller scenarios tried`);
    };
    const task = { kind: "search", from: this.#placeOf(this.#batch), count: this.#countOf(this.#batch) } as const;
    // Making an order smaller takes many runs, and with built-in schedulers and strategies nothing beats meanwhile.
    const patience = plan.ties === undefined ? {} : { hangAfterMs: Math.max(this.#plan.hangAfterMs, RACE_MS) };
    const outcome = await crew.worker(0).do(task, { onBroken, ...patience });
    if (outcome.kind === "done" && outcome.answer !== undefined) return this.#told(outcome.answer, true);
    if (outcome.kind === "done" || smallest === undefined) {
      if (crew.isInterrupted) return;
      const onTry = (tried: number) => onStep(`; same-seed-same-run: ${tried} smaller scenarios tried`);
      const kept = await findOfKept({ plan, crew, from: task.from, count: task.count, run: place, onTry });
      if (kept !== undefined) return this.#told(kept, true);
      throw new PluginError(`${invariant} broke once, and not again: a plug-in keeps something between runs.`);
    }
    const { scenario, run, tried } = smallest;
    const violation = await crew.aside((worker) => checkWatched(worker, scenario, { only: invariant }));
    const order = this.#plan.plan.ties === undefined ? {} : { ties: this.#plan.plan.ties };
    if (violation !== undefined) await this.#told({ violation, scenario, run, tried, ...order }, false);
  }

  async #takeStopped(stopped: Stopped): Promise<void> {
    const { plan, crew, hangAfterMs, onStep } = this.#plan;
    const find = await findOfStopped({
      plan,
      crew,
      from: this.#placeOf(this.#batch),
      count: this.#countOf(this.#batch),
      stopped,
      hangAfterMs,
      onTry: (tried) => onStep(`; ${stopped.why}: ${tried} smaller scenarios tried`),
    });
    if (crew.isInterrupted && find === undefined) return;
    if (find !== undefined) {
      // Every later scenario may hang as well, and each would be waited for.
      this.#isFinished = true;
      return this.#told(find, true);
    }
    if (this.#again++ >= MOST_AGAIN) {
      const run = this.#batch * BATCH + stopped.run;
      throw new PluginError(`Run ${run} hangs, but not by itself: a plug-in keeps something between runs.`);
    }
    this.#look(0, this.#batch);
  }

  async #told(find: Find, isWhole: boolean): Promise<void> {
    if (!this.#plan.keepGoing) this.#isFinished = true;
    this.#found.push(find.violation.invariant);
    await this.#plan.onFind(find, isWhole);
  }
}
