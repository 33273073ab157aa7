import type { Scenario } from "../cluster/spec.ts";
import type { Find, SearchPlace } from "../testkit/fuzzer.ts";
import { Fuzzer, type FuzzPlan } from "../testkit/fuzzer.ts";
import type { Violation } from "../testkit/invariant.ts";
import { MISDEEDS } from "../testkit/misdeeds.ts";
import type { FuzzCrew } from "./fuzzCrew.ts";
import type { Ask, Order } from "./fuzzTasks.ts";
import type { FuzzWorker, Outcome } from "./fuzzWorker.ts";

/** A task that was ended from outside. */
export type Stopped = Extract<Outcome<never>, { readonly kind: "stopped" }>;

/** A batch that did not come to its end, and who tries it again. */
export interface StoppedBatch {
  readonly plan: FuzzPlan;
  readonly crew: FuzzCrew;
  readonly from: SearchPlace;
  readonly count: number;
  readonly stopped: Stopped;
  readonly hangAfterMs: number;
  /** Is told how many smaller scenarios were tried. */
  readonly onTry: (tried: number) => void;
}

/** Each smaller scenario that hangs costs a wait and a new worker, so that there are fewer of them than in other searches. */
const MOST_HUNG = 30;
/** Filling the memory takes seconds. */
const MOST_FILLED = 8;
const MOST_TRIED = 1000;
/** Smaller ones are not waited for as long; the smallest is held to the whole time again. */
const SHORTEST_WAIT_MS = 300;

/** A scenario that hangs, and where. */
interface Hanging {
  readonly scenario: Scenario;
  readonly ask: Ask;
  readonly stopped: Stopped;
}

/**
 * A scenario in which a plug-in never answers, as small as it gets, with what the plug-in was asked. Undefined: it did not
 * hang again, or Ctrl-C came before it did.
 */
export async function findOfStopped(batch: StoppedBatch): Promise<Find | undefined> {
  const { plan, crew, from, count, stopped, hangAfterMs, onTry } = batch;
  const shortMs = Math.min(hangAfterMs, Math.max(SHORTEST_WAIT_MS, hangAfterMs / 10));
  const worker = crew.worker(0);
  let first: Hanging | undefined;
  let smallest: Hanging | undefined;
  const most = stopped.why === "plug-in-hangs" ? MOST_HUNG : MOST_FILLED;
  let hung = 0;
  const breaks = async (scenario: Scenario, tried: number): Promise<boolean> => {
    if (first === undefined) {
      first = await confirm(worker, scenario);
      smallest = first;
      return first !== undefined;
    }
    if (tried > MOST_TRIED || hung >= most || crew.isInterrupted) return false;
    onTry(tried);
    const task = { kind: "check", scenario, ask: first.ask, story: false } as const;
    const outcome = await worker.do(task, { hangAfterMs: shortMs });
    if (outcome.kind !== "stopped") return false;
    hung++;
    smallest = { scenario, ask: first.ask, stopped: outcome };
    return true;
  };
  const shrunk = await new Fuzzer({ ...plan, from }).shrink(count, stopped.run - 1, breaks);
  if (shrunk === undefined || first === undefined || smallest === undefined) return undefined;
  const told = crew.isInterrupted ? smallest : ((await confirm(worker, smallest.scenario)) ?? first);
  const violation = await crew.aside((one) => violationOf(one, told));
  const order = plan.ties === undefined ? {} : { ties: plan.ties };
  return (
    violation && { violation, scenario: told.scenario, run: from.runs + stopped.run, tried: shrunk.tried, ...order }
  );
}

/** Checks one scenario in a worker, and tells a plug-in that never answers like anything else. */
export async function checkWatched(
  worker: FuzzWorker,
  scenario: Scenario,
  ask: Ask,
  ties?: Order,
): Promise<Violation | undefined> {
  const outcome = await worker.do({ kind: "check", scenario, ask, story: true, ties });
  if (outcome.kind === "done") return outcome.answer;
  return outcome.kind === "stopped" ? violationOf(worker, { scenario, ask, stopped: outcome }) : undefined;
}

/** Whether a scenario hangs by itself too: as it is, or only with what the invariants run beside it. */
async function confirm(worker: FuzzWorker, scenario: Scenario): Promise<Hanging | undefined> {
  for (const ask of ["none", "all"] as const) {
    const outcome = await worker.do({ kind: "check", scenario, ask, story: false });
    if (outcome.kind === "stopped") return { scenario, ask, stopped: outcome };
  }
  return undefined;
}

async function violationOf(worker: FuzzWorker, { scenario, ask, stopped }: Hanging): Promise<Violation | undefined> {
  const { why: misdeed, call, isAsking } = stopped;
  if (isAsking) {
    const outcome = await worker.do({ kind: "unanswered", scenario, ask, call, misdeed });
    return outcome.kind === "done" ? outcome.answer : undefined;
  }
  const message = "no plug-in was being asked: the simulator itself does not get on";
  const story = [{ at: 0, text: message }];
  return { invariant: misdeed, statement: MISDEEDS[misdeed], message, at: 0, event: "beginning", story };
}
