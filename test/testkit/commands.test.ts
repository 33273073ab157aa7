import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/readScenario.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { anyScenario, BUILT_IN_SCHEDULERS } from "../../src/testkit/arbitraries/anyScenario.ts";
import { BUILT_IN_STRATEGIES } from "../../src/testkit/arbitraries/anyServices.ts";
import { LiveRun } from "../../src/testkit/commands/liveRun.ts";
import { commandsProperty } from "../../src/testkit/commandsProperty.ts";
import { mutant as cordonIgnored } from "../mutants/27-cordon-ignored.ts";
import { mutant as rollbackOfRollback } from "../mutants/42-rollback-of-rollback.ts";
import { mutant as createdTwice } from "../mutants/43-created-twice.ts";
import type { Mutant } from "../mutants/base/mutant.ts";

const SEED = 20_261_125;

/** What the model alone finds, with the invariants left out. */
function huntByModel({ plugin, patch }: Mutant) {
  const mend = patch?.();
  const details = fc.check(commandsProperty({ plugin, invariants: [] }), { numRuns: 400, seed: SEED });
  mend?.();
  return { message: String(details.errorInstance), commands: String(details.counterexample?.[1]) };
}

describe("commands in any order", () => {
  test.each(
    BUILT_IN_STRATEGIES.map((strategy) => [`${strategy.name} ${JSON.stringify(strategy.settings)}`, strategy] as const),
  )("leave a service released by %s as it was told to be", (_, strategy) => {
    fc.assert(commandsProperty({ strategies: [strategy] }), { numRuns: 60, seed: SEED });
  });

  test.each(BUILT_IN_SCHEDULERS.map((scheduler) => [scheduler.name, scheduler] as const))(
    "leave a cluster where %s places as it was told to be",
    (_, scheduler) => {
      fc.assert(commandsProperty({ schedulers: [scheduler] }), { numRuns: 60, seed: SEED });
    },
  );

  test("find a rollback that goes nowhere, in two commands", () => {
    const { message, commands } = huntByModel(rollbackOfRollback);
    expect(message).toContain("it should go to shop:v1");
    expect(commands).toContain("deploy shop:v2,roll back");
    expect(message).toContain("rollback: shop");
  });

  test("find a container that is there twice", () => {
    expect(huntByModel(createdTwice).message).toMatch(/\d containers run; \d were asked for/);
  });

  test("find a scheduler that places on a closed host, and print a file that reads", () => {
    const { message } = huntByModel(cordonIgnored);
    expect(message).toContain("a cordoned host gets something new");
    expect(message.slice(message.indexOf("name: commands"))).toContain("scheduler: mutant");
  });

  test("print a file that gives the same run", () => {
    const [start] = fc.sample(anyScenario({ features: ["users"] }), { numRuns: 1, seed: SEED });
    if (start === undefined) throw new Error("a sample is made");
    const run = new LiveRun({ ...start, timeline: [], duration: 600_000_000 });
    run.act({ kind: "scale", service: "shop", replicas: 4 });
    run.advance(5);
    run.act({ kind: "kill", service: "shop", count: 1 });
    run.act({ kind: "traffic", service: "shop", factor: 2, for: 5_000_000 });
    run.advance(30);
    expect(simulate(run.asScenario()).summary.digest).toBe(run.simulation.digest);
  });
});

test("the file that a failure prints is one that `rehearse run` takes", () => {
  const { message } = huntByModel(rollbackOfRollback);
  const text = message.slice(message.indexOf("name: commands"));
  const readFile = () => new Uint8Array();
  const { scenario } = readScenario(text, { file: "printed.yaml", catalog: BUILT_IN, readFile });
  expect(scenario.timeline.map(({ action }) => action.kind)).toEqual(["deploy", "rollback"]);
});
