// One worker of `rehearse fuzz`: scenarios run here and never in the main thread, which can end this one when a plug-in does not
// come back.
import { parentPort, workerData } from "node:worker_threads";
import type { Scenario } from "../cluster/spec.ts";
import { askedCatalogue, unansweredCatalogue } from "../testkit/askedCatalogue.ts";
import { checkScenario } from "../testkit/checkScenario.ts";
import { Fuzzer, type FuzzPlan } from "../testkit/fuzzer.ts";
import type { Invariant, Violation } from "../testkit/invariant.ts";
import { noRequestLost } from "../testkit/invariants/noRequestLost.ts";
import { planOf } from "./fuzzPlan.ts";
import { type Ask, type News, type Order, SLOT, type Task, type ThreadData } from "./fuzzTasks.ts";

const { options, shared } = workerData as ThreadData;
const slots = new Int32Array(shared);

function say(news: News): void {
  parentPort?.postMessage(news);
}

function fail(failure: unknown): void {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  say({ kind: "failed", name: error.name, message: error.message, stack: error.stack });
}

function beat(): void {
  Atomics.add(slots, SLOT.beats, 1);
}

function beginRun(isShrinking: boolean): void {
  beat();
  if (!isShrinking) Atomics.add(slots, SLOT.runs, 1);
  Atomics.store(slots, SLOT.calls, 0);
}

/** The plan, with plug-ins whose every call shows outside. */
async function load(): Promise<FuzzPlan> {
  const plan = await planOf(options);
  const catalogue = askedCatalogue(plan.catalogue, {
    onAsk: () => {
      beat();
      Atomics.add(slots, SLOT.calls, 1);
      Atomics.store(slots, SLOT.asking, 1);
    },
    onAnswer: () => {
      beat();
      Atomics.store(slots, SLOT.asking, 0);
    },
  });
  return { ...plan, catalogue, onRun: beginRun, onBroken: (broken) => say({ kind: "broken", broken }) };
}

function perform(plan: FuzzPlan, task: Task): unknown {
  for (const slot of [SLOT.runs, SLOT.calls, SLOT.asking]) Atomics.store(slots, slot, 0);
  switch (task.kind) {
    case "look": {
      const fuzzer = new Fuzzer({ ...plan, from: task.from });
      const broke = fuzzer.look(task.count);
      return { runs: fuzzer.runs - task.from.runs, broke, transitions: fuzzer.coverage.counts };
    }
    case "search":
      return new Fuzzer({ ...plan, from: task.from }).search(task.count);
    case "check":
      return check(inOrder(plan, task.ties), task.scenario, task.ask, task.story);
    case "unanswered": {
      const catalogue = unansweredCatalogue(plan.catalogue, task.call, task.misdeed);
      return check({ ...plan, catalogue }, task.scenario, task.ask, true);
    }
  }
}

function inOrder(plan: FuzzPlan, order: Order | undefined): FuzzPlan {
  if (order === undefined) return plan;
  return { ...plan, ties: order === "of-scheduling" ? undefined : order };
}

function check(plan: FuzzPlan, scenario: Scenario, ask: Ask, story: boolean): Violation | undefined {
  const { catalogue, stepBudget, ties } = plan;
  return checkScenario(scenario, { catalogue, stepBudget, ties, invariants: asked(plan, ask), story });
}

function asked({ invariants }: FuzzPlan, ask: Ask): readonly Invariant[] {
  if (ask === "all") return invariants;
  if (ask === "all-and-no-request-lost") return [...invariants, noRequestLost];
  return ask === "none" ? [] : invariants.filter(({ name }) => name === ask.only);
}

try {
  const plan = await load();
  parentPort?.on("message", (task: Task) => {
    try {
      say({ kind: "answer", value: perform(plan, task) });
    } catch (failure) {
      fail(failure);
    }
  });
  say({ kind: "ready" });
} catch (failure) {
  fail(failure);
}
