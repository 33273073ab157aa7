import { setImmediate } from "node:timers/promises";
import type { NamedSettings, Scenario } from "../cluster/spec.ts";
import { parseDuration } from "../fields/duration.ts";
import { formatDuration, type Micros } from "../kernel/time.ts";
import { readScenario } from "../scenario/readScenario.ts";
import { BUILT_IN, type Catalogue } from "../simulation/catalogue.ts";
import type { ScenarioChoices } from "../testkit/arbitraries/anyScenario.ts";
import { choicesForScheduler, choicesForSchedulerPlugin } from "../testkit/choices.ts";
import type { Violation } from "../testkit/invariant.ts";
import { raceInWords } from "../testkit/race.ts";
import { WORLD_FAULTS, type WorldFault } from "../testkit/worldFaults.ts";
import { checkAllWorlds, tooLargeForAllWorlds, type Worlds } from "../testkit/worlds.ts";
import { type ExhaustiveOptions, keepWorld } from "./exhaustiveFind.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import { replayCommand } from "./fuzzFinds.ts";
import { pluginFlags, USUAL_OUT } from "./fuzzOptions.ts";
import { scenarioFrom } from "./input.ts";
import { catalogueWith } from "./plugins.ts";
import { printJson, printText } from "./print.ts";
import { Progress } from "./progress.ts";
import { Interruption } from "./simulateInSlices.ts";
import { tieFlags } from "./ties.ts";

const USUAL_WORLDS = 50_000;
const USUAL_GRID = "500ms";
/** Worlds between two looks at the keyboard. */
const BATCH = 20;

/**
 * `rehearse fuzz --exhaustive`: every world of a tiny scenario, the built-in one without `file`.
 *
 * @returns the exit code: 0 nothing broke, 4 found, 130 interrupted
 * @throws UsageError for flags and sizes that cannot be, ScenarioError for the file
 */
export async function exhaustive(file: string | undefined, options: ExhaustiveOptions): Promise<number> {
  const catalogue = await catalogueWith(options.plugin ?? []);
  const scenario = await scenarioOf(file, options, catalogue);
  const problem = tooLargeForAllWorlds(scenario);
  if (problem !== undefined) throw new UsageError(`${file ?? "the built-in scenario"}: ${problem}.`);
  const worlds = checkAllWorlds(scenario, {
    catalogue,
    noRequestLost: options.requestLost === false,
    faults: faultsOf(options),
    grid: gridOf(options),
    most: options.worlds ?? USUAL_WORLDS,
  });
  const started = performance.now();
  const interrupted = await runAll(worlds, options);
  const seconds = (performance.now() - started) / 1000;
  const kept = worlds.found && keepWorld(worlds.found, { file, options, catalogue });
  tell(worlds, { options, kept, seconds, interrupted });
  if (worlds.found !== undefined) return EXIT.found;
  return interrupted ? EXIT.interrupted : EXIT.done;
}

/** True: Ctrl-C was pressed before it was over. */
async function runAll(worlds: Worlds, options: ExhaustiveOptions): Promise<boolean> {
  const interruption = new Interruption();
  const progress = new Progress(options);
  let interrupted = false;
  while (!worlds.isOver && !interrupted) {
    worlds.next(BATCH);
    const known = worlds.counted + worlds.waiting;
    progress.show(worlds.counted / known, `${counted(worlds.counted)} of ${counted(known)} worlds known so far`);
    await setImmediate();
    try {
      interruption.check();
    } catch {
      interrupted = !worlds.isOver;
    }
  }
  progress.done();
  interruption.release();
  return interrupted;
}

async function scenarioOf(
  file: string | undefined,
  options: ExhaustiveOptions,
  catalogue: Catalogue,
): Promise<Scenario> {
  const { scheduler, strategy } = options;
  if (file === undefined) return tinyScenario(options, catalogue);
  if (scheduler !== undefined || strategy !== undefined)
    throw new UsageError(`${file}: with a file, its own strategy and scheduler are tried; leave out the flag.`);
  return (await scenarioFrom(file, catalogue, {})).scenario;
}

/** A release on two hosts, small enough for every order of events; a container stops well after balancers know that it will. */
const TINY = `name: tiny
seed: 1
duration: 8s
cluster:
  hosts:
    - { name: host, count: 2, cpu: 2, memory: 4Gi }
images:
  shop:v1: { size: 10MB, startup: 500ms, service: 50ms }
  shop:v2: { size: 10MB, startup: 500ms, service: 50ms }
services:
  shop:
    image: shop:v1
    replicas: 2
    cpu: 500m
    memory: 256Mi
    slots: 4
    queue: 4
    readiness: { period: 500ms }
    shutdown: { preStop: 1s, gracePeriod: 5s }
    routing: { propagation: 300ms }
    traffic: { arrivals: constant(4/s), timeout: 1s }
timeline:
  - { at: 1s, deploy: { service: shop, image: shop:v2 } }
`;

/** The built-in scenario, with what the flags name, or else with the one plug-in of the files. */
function tinyScenario(options: ExhaustiveOptions, catalogue: Catalogue): Scenario {
  const { scenario } = readScenario(TINY, { file: "tiny.yaml", catalog: catalogue, readFile: () => new Uint8Array() });
  const { strategy, scheduler } = subjectOf(options, catalogue);
  return {
    ...scenario,
    cluster: { ...scenario.cluster, scheduler: scheduler ?? scenario.cluster.scheduler },
    services: scenario.services.map((one) => ({ ...one, strategy: strategy ?? one.strategy })),
  };
}

interface Subject {
  readonly strategy: NamedSettings | undefined;
  readonly scheduler: NamedSettings | undefined;
}

function subjectOf({ strategy, scheduler }: ExhaustiveOptions, catalogue: Catalogue): Subject {
  const { strategies, schedulers, schedulerPlugins } = catalogue;
  if (strategy !== undefined) checkKnown("--strategy", strategy, [...strategies.keys()]);
  if (scheduler !== undefined) checkKnown("--scheduler", scheduler, [...schedulers.keys()]);
  if (strategy !== undefined || scheduler !== undefined) {
    return {
      strategy: strategy === undefined ? undefined : { name: strategy, settings: {} },
      scheduler: scheduler === undefined ? undefined : firstScheduler(choicesForScheduler(scheduler)),
    };
  }
  const ownStrategies = [...strategies.keys()].filter((name) => !BUILT_IN.strategies.has(name));
  const ownSchedulers = [...schedulers.keys()].filter((name) => !BUILT_IN.schedulers.has(name));
  const ownPlugins = schedulerPlugins.filter((one) => !BUILT_IN.schedulerPlugins.includes(one));
  const names = [...ownStrategies, ...ownSchedulers, ...ownPlugins.map(({ name }) => name)];
  if (names.length > 1) {
    throw new UsageError(
      `--plugin: found ${names.join(", ")}; expected one plug-in without --strategy and --scheduler.`,
    );
  }
  const [[ownStrategy], [ownScheduler], [ownPlugin]] = [ownStrategies, ownSchedulers, ownPlugins];
  return {
    strategy: ownStrategy === undefined ? undefined : { name: ownStrategy, settings: {} },
    scheduler:
      ownPlugin !== undefined
        ? firstScheduler(choicesForSchedulerPlugin(ownPlugin.name))
        : ownScheduler === undefined
          ? undefined
          : firstScheduler(choicesForScheduler(ownScheduler)),
  };
}

function firstScheduler({ schedulers }: ScenarioChoices): NamedSettings | undefined {
  return schedulers?.[0];
}

function checkKnown(flag: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw new UsageError(`${flag} ${name}: expected one of ${known.join(", ")}.`);
}

function faultsOf({ fault = "all" }: ExhaustiveOptions): readonly WorldFault[] {
  if (fault === "all") return WORLD_FAULTS;
  const found = WORLD_FAULTS.find((one) => one === fault);
  if (found === undefined)
    throw new UsageError(`--fault ${fault}: expected one of ${[...WORLD_FAULTS, "all"].join(", ")}.`);
  return [found];
}

function gridOf({ grid = USUAL_GRID }: ExhaustiveOptions): Micros {
  const parsed = parseDuration(grid);
  if (!parsed.ok || parsed.value <= 0) throw new UsageError(`--grid ${grid}: expected a duration such as 500ms or 1s.`);
  return parsed.value;
}

/** How it ended. */
interface Ending {
  readonly options: ExhaustiveOptions;
  /** The file of a find. */
  readonly kept: string | undefined;
  readonly seconds: number;
  readonly interrupted: boolean;
}

function tell(worlds: Worlds, { options, kept, seconds, interrupted }: Ending): void {
  const { found, isCut } = worlds;
  if (options.json === true) {
    const wallS = Math.round(seconds * 1000) / 1000;
    const shown = found && {
      ...found.violation,
      world: found.world,
      file: kept,
      ties: found.choices,
      race: found.race,
    };
    printJson({ worlds: worlds.counted, complete: worlds.isOver && !isCut, wallS, interrupted, found: shown ?? null });
  }
  if (found === undefined) {
    printText(`${endingOf(worlds, interrupted)}.`, options);
    return;
  }
  tellViolation(found.violation, options);
  printText(`World ${counted(found.world)} is the first that shows it: ${kept}`, options);
  if (found.race !== undefined) printText(`A race: ${raceInWords(found.race)}.`, options);
  const file = kept ?? USUAL_OUT;
  printText(`The scenario again: ${replayCommand(file, options)}`, options);
  const how = pluginFlags(options) + tieFlags({ choices: found.choices });
  printText(`See it happen: rehearse run ${quoted(file)}${how}`, options);
}

function endingOf({ counted: count, isCut }: Worlds, interrupted: boolean): string {
  if (interrupted) return `Interrupted: no invariant broke in the first ${counted(count)} worlds`;
  if (isCut) return `No invariant broke in the first ${counted(count)} worlds; there are more`;
  return `No invariant broke in any of ${counted(count)} worlds`;
}

function tellViolation({ invariant, statement, at, event, story }: Violation, options: ExhaustiveOptions): void {
  const frames = story.map((frame, place) => `  ${place + 1}  ${formatDuration(frame.at).padEnd(14)} ${frame.text}`);
  const head = `✗ ${invariant}, at ${formatDuration(at)} in ${event}\n  ${statement}`;
  printText([head, "", ...frames, ""].join("\n"), options);
}

function counted(count: number): string {
  return count.toLocaleString("en");
}
