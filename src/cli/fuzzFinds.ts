import { join } from "node:path";
import type { Scenario } from "../cluster/spec.ts";
import { PluginError } from "../kernel/errors.ts";
import type { Ties } from "../kernel/ties.ts";
import { formatDuration } from "../kernel/time.ts";
import { readScenario } from "../scenario/readScenario.ts";
import { writeScenario } from "../scenario/writeScenario.ts";
import type { Find, FuzzPlan } from "../testkit/fuzzer.ts";
import { raceInWords } from "../testkit/race.ts";
import { quoted } from "./failure.ts";
import type { FuzzCrew } from "./fuzzCrew.ts";
import { checkWatched } from "./fuzzHang.ts";
import { type FuzzOptions, orderFlags, pluginFlags, USUAL_OUT, whatFlags } from "./fuzzOptions.ts";
import { tieComment, tieFlags } from "./ties.ts";
import { writeWholeFile } from "./wholeFile.ts";

/** A find in its file, with the commands that show it again. */
export interface KeptFind extends Find {
  readonly file: string;
  readonly isWhole: boolean;
  /** What it is to be looked at with, each under what it does. */
  readonly commands: readonly (readonly [does: string, command: string])[];
}

/** Where finds go, and what is said in their files. */
export interface FindPlaces {
  readonly options: FuzzOptions;
  readonly plan: FuzzPlan;
  readonly crew: FuzzCrew;
}

/**
 * Writes a find where it was asked for, and into the corpus; first it is made sure that the file shows the same.
 *
 * @throws PluginError where it does not, UsageError where it cannot be written.
 */
export async function keepFind({ options, plan, crew }: FindPlaces, find: Find, isWhole: boolean): Promise<KeptFind> {
  const { violation, scenario, run, ties, race } = find;
  const { invariant } = violation;
  const body = writeScenario(scenario, plan.catalogue);
  // As whoever replays the file does: nothing is left of the runs before.
  const again = await crew.fresh((worker) =>
    checkWatched(worker, reread(body, plan), { only: invariant }, ties ?? "of-scheduling"),
  );
  const repeats = again?.at === violation.at && again.event === violation.event;
  // Chance of a plug-in's own may fall out otherwise the next time: that is the fault.
  if (!repeats && invariant !== "plug-in-draws-ambient-chance")
    throw new PluginError(
      `The find (${invariant}, run ${run}) does not repeat itself: a plug-in keeps something between runs.`,
    );
  const file = fileOf(options, invariant);
  const search = `rehearse fuzz${whatFlags(options)} --seed ${plan.seed} --runs ${run}${options.keepGoing === true ? " --keep-going" : ""}${orderFlags(options)}`;
  const copies = options.corpus === undefined ? [] : [join(options.corpus, `${invariant}-${plan.seed}-${run}.yaml`)];
  for (const [place, flag] of [[file, "--out"] as const, ...copies.map((copy) => [copy, "--corpus"] as const)]) {
    const head = [
      `Breaks ${invariant} at ${formatDuration(violation.at)}, in the event ${violation.event}:`,
      violation.message,
      ...(race === undefined ? [] : [`A race: ${raceInWords(race)}.`]),
      `Found by run ${run} of ${search}.`,
      `To see it again: ${replayCommand(place, options, ties)}`,
    ];
    const comments = head.map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
    if (race !== undefined) comments.push(tieComment(race.choices));
    const text = `${comments.join("\n")}\n${body}`;
    writeWholeFile(place, text, flag);
  }
  const commands = [
    ["The search again", search],
    ["The scenario again", replayCommand(file, options, ties)],
    // A run would wait for the same answer, for ever.
    ...(NEVER_END.has(invariant)
      ? []
      : [["As any other run", `rehearse run ${quoted(file)}${pluginFlags(options)}${tieFlags(ties)}`]]),
  ] as [string, string][];
  return { ...find, file, isWhole, commands };
}

const NEVER_END: ReadonlySet<string> = new Set(["plug-in-hangs", "plug-in-exhausts-memory"]);

/** The command that checks one file again; choices of an order stand in the file itself. */
export function replayCommand(file: string, options: FuzzOptions, ties?: Ties): string {
  const order = ties !== undefined && "seed" in ties ? tieFlags(ties) : "";
  return `rehearse fuzz --replay ${quoted(file)}${pluginFlags(options)}${order}`;
}

/** A find is held to what its file says, and not to what was searched. */
function reread(body: string, { catalogue }: FuzzPlan): Scenario {
  return readScenario(body, { file: USUAL_OUT, catalog: catalogue, readFile: () => new Uint8Array() }).scenario;
}

/** With `--keep-going` there may be several, and each has the name of what it breaks. */
function fileOf({ out = USUAL_OUT, keepGoing }: FuzzOptions, invariant: string): string {
  return keepGoing === true ? out.replace(/(\.ya?ml)?$/i, `-${invariant}$1`) : out;
}
