import { dirname } from "node:path";
import type { Ties } from "../kernel/ties.ts";
import type { FuzzPlan } from "../testkit/fuzzer.ts";
import type { Violation } from "../testkit/invariant.ts";
import { raceInWords } from "../testkit/race.ts";
import { type TransitionGroup, transitionGroups } from "../testkit/transitions.ts";
import { EXIT } from "./exitCodes.ts";
import { type Beginning, FuzzCorpus } from "./fuzzCorpus.ts";
import { FuzzCrew } from "./fuzzCrew.ts";
import { type KeptFind, keepFind, replayCommand } from "./fuzzFinds.ts";
import { checkWatched } from "./fuzzHang.ts";
import { type FuzzOptions, hangAfterOf, type Limit, limitOf, USUAL_OUT, USUAL_SEED, workersOf } from "./fuzzOptions.ts";
import { planOf } from "./fuzzPlan.ts";
import { FuzzSearch } from "./fuzzSearch.ts";
import { BATCH } from "./fuzzTasks.ts";
import { coverageText, violationText } from "./fuzzText.ts";
import { readText, scenarioFrom } from "./input.ts";
import { printJson, printText } from "./print.ts";
import { Progress } from "./progress.ts";
import { tierUpSooner } from "./tierUpSooner.ts";
import { tiesInText } from "./ties.ts";
import { checkFolder, checkWritable } from "./wholeFile.ts";

export type { FuzzOptions } from "./fuzzOptions.ts";

/** An invariant was broken. */
export const FOUND = EXIT.found;
/** Between two writings of how far the search has come. */
const SAVE_EVERY_MS = 2000;

/** `rehearse fuzz`: searches for a scenario that breaks an invariant. Returns the exit code: 0 none, 4 found, 130 interrupted. */
export async function fuzz(options: FuzzOptions): Promise<number> {
  tierUpSooner();
  const limit = limitOf(options);
  const hangAfterMs = hangAfterOf(options);
  checkPlaces(options);
  const batches = limit.kind === "runs" ? Math.ceil(limit.runs / BATCH) : Number.POSITIVE_INFINITY;
  const crew = new FuzzCrew(options, Math.min(workersOf(options), batches), hangAfterMs);
  try {
    // A plug-in is loaded in a worker first: one whose loading never ends would never give the main thread back.
    await crew.worker(0).start();
    if (crew.isInterrupted) return EXIT.interrupted;
    const hunt = { options, crew, limit, hangAfterMs, plan: await planOf(options) };
    return await (options.replay === undefined ? search(hunt) : replay(hunt, options.replay));
  } finally {
    await crew.release();
  }
}

/** Everything that is known before the first run. */
interface Hunt {
  readonly options: FuzzOptions;
  readonly crew: FuzzCrew;
  readonly limit: Limit;
  readonly hangAfterMs: number;
  readonly plan: FuzzPlan;
}

/** A kept find that still breaks something. */
interface Known {
  readonly file: string;
  readonly violation: Violation;
}

/** What a search came to. */
interface Ending {
  readonly search: FuzzSearch;
  readonly from: Beginning;
  readonly finds: readonly KeptFind[];
  readonly known: readonly Known[];
}

/** Said before anything runs, so that nobody searches for what has no place. */
function checkPlaces({ out, replay, keepGoing }: FuzzOptions): void {
  if (replay !== undefined) return;
  if (keepGoing === true) checkFolder(dirname(out ?? USUAL_OUT), `--out ${out ?? USUAL_OUT}`);
  else checkWritable(out ?? USUAL_OUT, "--out");
}

async function search(hunt: Hunt): Promise<number> {
  const { options, crew, limit, hangAfterMs, plan } = hunt;
  const corpus =
    options.corpus === undefined ? undefined : new FuzzCorpus(options.corpus, options, options.seed ?? USUAL_SEED);
  const from = corpus?.begin(options.fresh === true) ?? { state: NOWHERE, words: undefined };
  const known = await replayCorpus(hunt, corpus?.finds ?? []);
  if (known.length > 0 && options.keepGoing !== true) return tellKnown(hunt, known);
  if (from.words !== undefined) printText(from.words, options);
  const finds: KeptFind[] = [];
  const progress = new Progress(options);
  let savedMs = 0;
  const running: FuzzSearch = new FuzzSearch({
    plan,
    crew,
    limit,
    hangAfterMs,
    start: from.state,
    found: known.map(({ violation }) => violation.invariant),
    keepGoing: options.keepGoing === true,
    onFind: async (find, isWhole) => {
      const kept = await keepFind({ options, plan, crew }, find, isWhole);
      progress.done();
      finds.push(kept);
      tellFind(kept, options);
    },
    onStep: (doing) => {
      progress.show(running.share, progressText(running, from, finds.length) + doing);
      if (corpus === undefined || running.elapsedMs - savedMs < SAVE_EVERY_MS) return;
      savedMs = running.elapsedMs;
      corpus.save(running.state);
    },
  });
  try {
    await running.run();
  } finally {
    progress.done();
    corpus?.save(running.state);
  }
  return tellEnd(hunt, { search: running, from, finds, known });
}

const NOWHERE = { batch: 0, runs: 0, transitions: [] };

function progressText({ runs, elapsedMs, coverage }: FuzzSearch, { state }: Beginning, finds: number): string {
  const rate = Math.round((1000 * (runs - state.runs)) / Math.max(elapsedMs, 1));
  return `${runs} runs, ${rate} a second, ${coverage.size} transitions, ${finds} found`;
}

/** What was found before is tried first. @throws ScenarioError for a file that is broken. */
async function replayCorpus({ options, plan, crew }: Hunt, files: readonly string[]): Promise<Known[]> {
  const known: Known[] = [];
  for (const file of files) {
    const { scenario } = await scenarioFrom(file, plan.catalogue, {});
    const { ask, order } = headOf(file, options);
    const violation = await checkWatched(crew.worker(0), scenario, ask, order);
    if (violation === undefined) continue;
    known.push({ file, violation });
    if (options.keepGoing !== true) break;
  }
  return known;
}

/** What the comments of a find's file say that it takes to see it again. */
function headOf(
  file: string,
  { invariants }: FuzzOptions,
): { readonly ask: "all" | "all-and-no-request-lost"; readonly order: Ties | undefined } {
  if (file === "-") return { ask: "all", order: undefined };
  const text = readText(file, "a scenario");
  const losesRequests = invariants === undefined && /^# Breaks no-request-lost at /m.test(text);
  return { ask: losesRequests ? "all-and-no-request-lost" : "all", order: tiesInText(text) };
}

/** `--replay FILE`: whether that scenario breaks anything, and how. */
async function replay({ options, plan, crew }: Hunt, file: string): Promise<number> {
  const { scenario } = await scenarioFrom(file, plan.catalogue, {});
  const { ask, order } = headOf(file, options);
  const violation = await checkWatched(crew.worker(0), scenario, ask, order);
  if (crew.isInterrupted) return EXIT.interrupted;
  if (options.json === true) printJson({ file, found: violation ?? null });
  if (violation === undefined) {
    const count = plan.invariants.length + (ask === "all" ? 0 : 1);
    printText(`${file} breaks none of the ${count} invariants asked.`, options);
    return EXIT.done;
  }
  printText(violationText(violation), options);
  return FOUND;
}

function tellKnown({ options, crew }: Hunt, known: readonly Known[]): number {
  const [first] = known;
  if (options.json === true) printJson({ corpus: first?.file, found: first?.violation });
  for (const { file, violation } of known) {
    printText(`${file} still breaks what it broke, or something else:`, options);
    printText(violationText(violation), options);
    printText(`The scenario again: ${replayCommand(file, options)}`, options);
  }
  return crew.isInterrupted ? EXIT.interrupted : FOUND;
}

function tellFind(find: KeptFind, options: FuzzOptions): void {
  printText(violationText(find.violation), options);
  const ending = find.isWhole ? "" : ", and more were left to try";
  printText(
    `Run ${find.run}; ${find.tried} smaller scenarios were tried${ending}. The smallest: ${find.file}`,
    options,
  );
  if (find.race !== undefined) printText(`A race: ${raceInWords(find.race)}.`, options);
  for (const [does, command] of find.commands) printText(`  ${`${does}:`.padEnd(20)}${command}`, options);
}

function tellEnd(hunt: Hunt, ending: Ending): number {
  const { options, crew, plan } = hunt;
  const { search: done, from, finds, known } = ending;
  const groups = transitionGroups(done.coverage.counts, plan.choices);
  if (options.json === true) printJson(endJson(hunt, ending, groups));
  const runs = done.runs - from.state.runs;
  const rate = Math.round(runs / Math.max(done.elapsedMs / 1000, 0.001));
  const many = `${runs} runs (${rate} a second)`;
  const before = from.state.runs === 0 ? "" : `, ${done.runs} with those before`;
  if (finds.length === 0 && known.length === 0) {
    const words = crew.isInterrupted ? "Interrupted: no invariant" : "No invariant";
    printText(`${words} broke in ${many}${before}; ${plan.invariants.length} were asked.`, options);
  } else if (options.keepGoing === true) {
    printText(`${crew.isInterrupted ? "Interrupted: " : ""}${finds.length} found in ${many}${before}:`, options);
    for (const { violation, file } of finds) printText(`  ${violation.invariant}: ${file}`, options);
    for (const { violation, file } of known) printText(`  ${violation.invariant}, known before: ${file}`, options);
  } else if (crew.isInterrupted) printText("Interrupted.", options);
  if (done.coverage.size > 0) printText(`\nWhat was gone through, and how often:\n${coverageText(groups)}`, options);
  const where = options.corpus === undefined ? "" : `; the same command goes on from here (${options.corpus})`;
  printText(`seed ${plan.seed}${where}`, options);
  if (crew.isInterrupted) return EXIT.interrupted;
  return finds.length + known.length > 0 ? FOUND : EXIT.done;
}

function endJson(
  { crew, plan }: Hunt,
  { search: done, from, finds, known }: Ending,
  groups: TransitionGroup[],
): object {
  const all = finds.map(({ violation, run, tried, file, race }) => ({ ...violation, run, tried, file, race }));
  const never = groups.flatMap(({ title, rows }) =>
    rows.flatMap(({ of, to }) =>
      to.filter(([, times]) => times === 0).map(([name]) => `${title}: ${of === "" ? name : `${of} → ${name}`}`),
    ),
  );
  return {
    seed: plan.seed,
    from: from.state.runs,
    runs: done.runs,
    wallS: Math.round(done.elapsedMs) / 1000,
    interrupted: crew.isInterrupted,
    transitions: Object.fromEntries(done.coverage.counts),
    never,
    found: all[0] ?? null,
    finds: all,
    known: known.map(({ file, violation }) => ({ ...violation, file })),
  };
}
