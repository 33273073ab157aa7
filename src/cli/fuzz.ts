import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseDuration } from "../fields/duration.ts";
import type { Ties } from "../kernel/ties.ts";
import { formatDuration } from "../kernel/time.ts";
import { readScenario } from "../scenario/readScenario.ts";
import { writeScenario } from "../scenario/writeScenario.ts";
import { BUILT_IN, type Catalogue, type Plugin } from "../simulation/catalogue.ts";
import type { ScenarioChoices } from "../testkit/arbitraries/anyScenario.ts";
import { choicesForPlugin, choicesForScheduler, choicesForStrategy } from "../testkit/choices.ts";
import { type Find, Fuzzer } from "../testkit/fuzzer.ts";
import type { Invariant, Violation } from "../testkit/invariant.ts";
import { INVARIANTS } from "../testkit/invariants.ts";
import { invariantsFor } from "../testkit/properties.ts";
import { type Race, raceInWords } from "../testkit/race.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import { readText, scenarioFrom } from "./input.ts";
import type { CommonOptions } from "./options.ts";
import { catalogueWith } from "./plugins.ts";
import { printJson, printText } from "./print.ts";
import { Progress } from "./progress.ts";
import { Interruption } from "./simulateInSlices.ts";
import { type TieOptions, tieComment, tieFlags, tiesInText, tiesOf } from "./ties.ts";

/** Flags of `rehearse fuzz`. */
export interface FuzzOptions extends CommonOptions, TieOptions {
  readonly scheduler?: string;
  readonly strategy?: string;
  /** Names, as the command line gave them. */
  readonly invariants?: readonly string[];
  readonly runs?: number;
  /** A duration such as `5m`, in place of `runs`. */
  readonly for?: string;
  readonly seed?: number;
  readonly corpus?: string;
  /** Where a find goes. */
  readonly out?: string;
}

/** An invariant was broken. */
export const FOUND = EXIT.found;
const USUAL_RUNS = 1000;
/** Scenarios between two looks at the clock and the keyboard. */
const BATCH = 20;
const USUAL_OUT = "counterexample.yaml";

/** `rehearse fuzz`: searches for a scenario that breaks an invariant. Returns the exit code: 0 none, 4 found, 130 interrupted. */
export async function fuzz(options: FuzzOptions): Promise<number> {
  const hunt = await begin(options);
  const known = await replayCorpus(hunt);
  if (known !== undefined) {
    await tellKnown(hunt, known);
    return FOUND;
  }
  const started = performance.now();
  const interruption = new Interruption();
  const progress = new Progress(options);
  let find: Find | undefined;
  let interrupted = false;
  const elapsed = () => performance.now() - started;
  while (find === undefined && !hunt.isOver(hunt.fuzzer.runs, elapsed())) {
    const left = hunt.runs === undefined ? BATCH : Math.min(BATCH, hunt.runs - hunt.fuzzer.runs);
    find = hunt.fuzzer.search(left);
    progress.show(
      hunt.share(hunt.fuzzer.runs, elapsed()),
      `${hunt.fuzzer.runs} runs, ${hunt.fuzzer.coverage.size} transitions`,
    );
    await setImmediate();
    interrupted = wasPressed(interruption);
    if (interrupted) break;
  }
  progress.done();
  interruption.release();
  const shown = find && asShown(hunt, find);
  const file = shown && keep(hunt, shown);
  tell(hunt, { shown, file, seconds: elapsed() / 1000, interrupted });
  if (find !== undefined) return FOUND;
  return interrupted ? EXIT.interrupted : EXIT.done;
}

/** Everything that is known before the first run. */
interface Hunt {
  readonly options: FuzzOptions;
  readonly catalogue: Catalogue;
  readonly fuzzer: Fuzzer;
  readonly invariants: readonly Invariant[];
  readonly seed: number;
  readonly runs: number | undefined;
  readonly isOver: (runs: number, elapsedMs: number) => boolean;
  readonly share: (runs: number, elapsedMs: number) => number;
}

async function begin(options: FuzzOptions): Promise<Hunt> {
  const catalogue = await catalogueWith(options.plugin ?? []);
  const seed = options.seed ?? 1;
  const invariants = invariantsOf(options, catalogue);
  const limitMs = options.for === undefined ? undefined : millisecondsOf(options.for);
  if (limitMs !== undefined && options.runs !== undefined)
    throw new UsageError("--runs and --for: give one of them; both say when to stop.");
  const runs = limitMs === undefined ? (options.runs ?? USUAL_RUNS) : undefined;
  const fuzzer = new Fuzzer({
    catalogue,
    choices: choicesOf(options, catalogue),
    invariants,
    seed,
    ties: tiesOf(options),
  });
  const share = (done: number, elapsedMs: number) => (runs === undefined ? elapsedMs / (limitMs ?? 1) : done / runs);
  const isOver = (done: number, elapsedMs: number) => share(done, elapsedMs) >= 1;
  return { options, catalogue, fuzzer, invariants, seed, runs, isOver, share };
}

function choicesOf(options: FuzzOptions, catalogue: Catalogue): ScenarioChoices {
  const { scheduler, strategy } = options;
  const merged: { -readonly [Key in keyof ScenarioChoices]: ScenarioChoices[Key] } = {};
  const plugins = scheduler === undefined && strategy === undefined ? ownPlugins(catalogue) : [];
  for (const plugin of plugins) {
    const own = choicesForPlugin(plugin, catalogue);
    if (plugin.kind === "strategy") merged.strategies = [...(merged.strategies ?? []), ...(own.strategies ?? [])];
    else merged.schedulers = [...(merged.schedulers ?? []), ...(own.schedulers ?? [])];
  }
  if (scheduler !== undefined) {
    checkKnown("--scheduler", scheduler, [...catalogue.schedulers.keys()]);
    Object.assign(merged, choicesForScheduler(scheduler));
  }
  if (strategy !== undefined) {
    checkKnown("--strategy", strategy, [...catalogue.strategies.keys()]);
    merged.strategies = choicesForStrategy(strategy, catalogue).strategies;
  }
  return merged;
}

/** What the plug-in files brought. */
function ownPlugins(catalogue: Catalogue): Pick<Plugin, "kind" | "name">[] {
  const strategies = [...catalogue.strategies.values()].filter((one) => BUILT_IN.strategies.get(one.name) !== one);
  const schedulers = [...catalogue.schedulers]
    .filter(([name, entry]) => name !== "profile" && BUILT_IN.schedulers.get(name) !== entry)
    .map(([name]) => ({ kind: "scheduler" as const, name }));
  const plugins = catalogue.schedulerPlugins.filter((one) => !BUILT_IN.schedulerPlugins.includes(one));
  return [...strategies, ...schedulers, ...plugins];
}

function invariantsOf({ invariants }: FuzzOptions, catalogue: Catalogue): readonly Invariant[] {
  if (invariants === undefined) {
    const hasFilters = ownPlugins(catalogue).some(({ kind }) => kind === "scheduler-plugin");
    return hasFilters ? invariantsFor({ kind: "scheduler-plugin" }) : INVARIANTS;
  }
  const names = INVARIANTS.map(({ name }) => name);
  for (const name of invariants) checkKnown("--invariants", name, names);
  return INVARIANTS.filter(({ name }) => invariants.includes(name));
}

function checkKnown(flag: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw new UsageError(`${flag} ${name}: expected one of ${known.join(", ")}.`);
}

function millisecondsOf(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok || parsed.value <= 0) throw new UsageError(`--for ${text}: expected a duration such as 5m or 30s.`);
  return parsed.value / 1000;
}

/** A kept find that still breaks something. */
interface Known {
  readonly file: string;
  readonly violation: Violation;
}

/** What was found before is tried first; a folder that is not there yet is empty. */
async function replayCorpus({ options, catalogue, fuzzer }: Hunt): Promise<Known | undefined> {
  if (options.corpus === undefined || !existsSync(options.corpus)) return undefined;
  const files = readdirSync(options.corpus).filter((name) => /\.ya?ml$/.test(name));
  for (const name of files.sort()) {
    const file = join(options.corpus, name);
    const ties = tiesInText(readText(file, "a scenario")) ?? tiesOf(options);
    const violation = fuzzer.replay((await scenarioFrom(file, catalogue, {})).scenario, undefined, { ties });
    if (violation !== undefined) return { file, violation };
  }
  return undefined;
}

/** A find, and the order of simultaneous events that shows it: by scheduling, wherever that does. */
interface Shown {
  readonly find: Find;
  readonly race: Race | undefined;
  readonly ties: Ties | undefined;
}

function asShown({ options, fuzzer }: Hunt, find: Find): Shown {
  const ties = tiesOf(options);
  if (ties === undefined) return { find, race: undefined, ties };
  const found = fuzzer.race(find);
  if (found !== undefined) {
    const { race, violation } = found;
    return { find: { ...find, violation }, race, ties: { choices: race.choices } };
  }
  const violation = fuzzer.replay(find.scenario, find.violation.invariant, { ties: undefined });
  return violation === undefined
    ? { find, race: undefined, ties }
    : { find: { ...find, violation }, race: undefined, ties: undefined };
}

/** Writes a find where it was asked for, and into the corpus; first it is made sure that the file shows the same. */
function keep({ options, catalogue, fuzzer, seed }: Hunt, { find, race, ties }: Shown): string {
  const { violation, scenario, run } = find;

  const body = writeScenario(scenario, catalogue);
  const reread = readScenario(body, { file: USUAL_OUT, catalog: catalogue, readFile: () => new Uint8Array() }).scenario;
  const again = fuzzer.replay(reread, violation.invariant, { ties });
  if (again?.at !== violation.at || again.event !== violation.event)
    throw new UsageError(`The find (${violation.invariant}) does not repeat itself; is there state kept between runs?`);
  const head = [
    `Breaks ${violation.invariant} at ${formatDuration(violation.at)}, in the event ${violation.event}:`,
    violation.message,
    ...(race === undefined ? [] : [`A race: ${raceInWords(race)}. See it happen with${tieFlags(ties)}.`]),
    `Found by run ${run} of rehearse fuzz --seed ${seed}${tieFlags(tiesOf(options))}.`,
  ];
  const comments = head.map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
  if (race !== undefined) comments.push(tieComment(race.choices));
  const text = `${comments.join("\n")}\n${body}`;
  const file = options.out ?? USUAL_OUT;
  writeFileSync(file, text);
  if (options.corpus !== undefined) {
    mkdirSync(options.corpus, { recursive: true });
    writeFileSync(join(options.corpus, `${violation.invariant}-${seed}-${run}.yaml`), text);
  }
  return file;
}

/** How the search ended. */
interface Ending {
  readonly shown: Shown | undefined;
  readonly file: string | undefined;
  readonly seconds: number;
  readonly interrupted: boolean;
}

function tell(hunt: Hunt, { shown, file, seconds, interrupted }: Ending): void {
  const { options, fuzzer, invariants, seed } = hunt;
  const { runs, coverage } = fuzzer;
  const find = shown?.find;
  const race = shown?.race;
  if (options.json === true) {
    const transitions = Object.fromEntries(coverage.counts);
    const found = find && { ...find.violation, run: find.run, tried: find.tried, file, race };
    printJson({ seed, runs, wallS: Math.round(seconds * 1000) / 1000, interrupted, transitions, found: found ?? null });
  }
  if (find === undefined) {
    const ending = interrupted ? "Interrupted: no" : "No";
    const rate = Math.round(runs / Math.max(seconds, 0.001));
    printText(
      `${ending} invariant broke in ${runs} runs (${rate} a second); ${invariants.length} were asked.`,
      options,
    );
  } else {
    tellViolation(find.violation, options);
    printText(`Run ${find.run}; ${find.tried} smaller scenarios were tried. The smallest: ${file}`, options);
    const how = pluginFlags(options) + tieFlags(shown?.ties);
    if (race !== undefined) printText(`A race: ${raceInWords(race)}.`, options);
    printText(`See it happen: rehearse run ${quoted(file ?? USUAL_OUT)}${how}`, options);
  }
  printText(`${coverage.size} transitions of containers, hosts and rollouts were gone through:`, options);
  printText(coverage.counts.map(([name, times]) => `  ${String(times).padStart(7)}  ${name}`).join("\n"), options);
  printText(`seed ${seed}`, options);
}

async function tellKnown({ options }: Hunt, { file, violation }: Known): Promise<void> {
  if (options.json === true) printJson({ corpus: file, found: violation });
  printText(`${file} still breaks what it broke, or something else:`, options);
  tellViolation(violation, options);
}

/** The storyboard: what happened, what the component saw and did, and what it should not have. */
function tellViolation({ invariant, statement, at, event, story }: Violation, options: FuzzOptions): void {
  const frames = story.map((frame, place) => `  ${place + 1}  ${formatDuration(frame.at).padEnd(14)} ${frame.text}`);
  const head = `✗ ${invariant}, at ${formatDuration(at)} in ${event}\n  ${statement}`;
  printText([head, "", ...frames, ""].join("\n"), options);
}

function pluginFlags({ plugin }: FuzzOptions): string {
  return (plugin ?? []).map((file) => ` --plugin ${quoted(file)}`).join("");
}

function wasPressed(interruption: Interruption): boolean {
  try {
    interruption.check();
    return false;
  } catch {
    return true;
  }
}
