/** Holds the readers to their promise: a scenario that runs, or what is wrong and on which line. */
import { mistakesInExpect } from "../../../src/cli/expectMistakes.ts";
import { unpacked } from "../../../src/cli/unpack.ts";
import type { Scenario } from "../../../src/cluster/spec.ts";
import { exampleSummary } from "../../../src/experiments/checkExample.ts";
import { evaluateCheck, parseCheck } from "../../../src/experiments/expect.ts";
import { Streams } from "../../../src/kernel/random.ts";
import { modelIssues } from "../../../src/manifests/officialModels.ts";
import { readScenarioFile } from "../../../src/manifests/readScenarioFile.ts";
import { readSchedule } from "../../../src/manifests/scheduleInput.ts";
import { ScenarioError } from "../../../src/scenario/scenarioError.ts";
import { decodeSource } from "../../../src/scenario/sourceText.ts";
import { scheduleAll } from "../../../src/scheduling/kubernetes/scheduleAll.ts";
import { BUILT_IN } from "../../../src/simulation/catalogue.ts";
import { Simulation } from "../../../src/simulation/simulation.ts";
import type { ReaderCase } from "./cases.ts";

/** How a case ended well: refused with lines; read; or read and run (placed) too. */
export type Ending = "refused" | "read" | "ran";

/** Enough for the start and a little more. */
const EVENTS = 2_000;
/** Pairs of container and host beyond which a start takes longer than a case may. */
const MOST_PAIRS = 200_000;
const MOST_UNPACKED = 64 * 2 ** 20;

/** Reads and runs; @throws whatever a user must never see. */
export function judgeCase(given: ReaderCase): Ending {
  try {
    return given.door === "schedule" ? place(given) : readAndRun(given);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    checkProblems(error);
    return "refused";
  }
}

function readAndRun(given: Exclude<ReaderCase, { door: "schedule" }>): Ending {
  const text = given.door === "trace" ? given.text : decodeSource(given.bytes, "case.yaml");
  const read = readScenarioFile(text, {
    file: "case.yaml",
    catalog: BUILT_IN,
    set: given.door === "scenario" ? given.set : [],
    judge: modelIssues,
    readFile: (path) => {
      if (given.door !== "trace" || path !== given.file) throw new Error("there is no such file");
      return unpacked(path, given.bytes, MOST_UNPACKED);
    },
  });
  const { scenario } = read;
  const mistakes = mistakesInExpect(read);
  if (mistakes.length > 0) throw new ScenarioError(mistakes);
  holdChecks(scenario);
  if (pairsOf(scenario) > MOST_PAIRS) return "read";
  const simulation = new Simulation(scenario, { catalogue: BUILT_IN });
  simulation.runUntil(scenario.duration, EVENTS);
  simulation.result();
  return "ran";
}

function holdChecks(scenario: Scenario): void {
  for (const text of scenario.expect) evaluateCheck(parseCheck(text), exampleSummary(scenario));
}

function pairsOf({ cluster, services }: Scenario): number {
  const replicas = services.reduce((sum, service) => sum + service.replicas, 0);
  return replicas * (replicas + cluster.hosts.length) + cluster.hosts.length;
}

function place(given: Extract<ReaderCase, { door: "schedule" }>): Ending {
  const text = decodeSource(given.bytes, "app.yaml");
  const config = given.config === undefined ? undefined : { file: "config.yaml", text: given.config };
  const { input } = readSchedule([{ file: "app.yaml", text }], { nodes: given.nodes, config, judge: modelIssues });
  if (input.pods.length * (input.pods.length + input.nodes.length) > MOST_PAIRS) return "read";
  scheduleAll({ ...input, random: new Streams(1).named("scheduling").next });
  return "ran";
}

/** Each problem has a line, or is with a flag, which has none; and none shows our own insides. */
function checkProblems({ problems, message }: ScenarioError): void {
  if (problems.length === 0) throw new Error("refused without a problem");
  for (const { file, line, message: said } of problems) {
    if ((line === undefined || line < 1) && !file.startsWith("--"))
      throw new Error(`a problem has no line: ${message}`);
    if (said.trim() === "") throw new Error("a problem says nothing");
    if (/\n {4}at .*:\d+:\d+/.test(said)) throw new Error(`a problem shows a stack: ${said}`);
  }
}
