import { writeFileSync } from "node:fs";
import { formatDuration } from "../kernel/time.ts";
import { readScenario } from "../scenario/readScenario.ts";
import { writeScenario } from "../scenario/writeScenario.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { checkScenario } from "../testkit/checkScenario.ts";
import { noRequestLost } from "../testkit/invariants/noRequestLost.ts";
import { INVARIANTS } from "../testkit/invariants.ts";
import { raceInWords } from "../testkit/race.ts";
import type { FoundWorld } from "../testkit/worlds.ts";
import { UsageError } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import { replayCommand } from "./fuzzFinds.ts";
import { USUAL_OUT, whatFlags } from "./fuzzOptions.ts";
import type { CommonOptions } from "./options.ts";
import { tieComment, tieFlags } from "./ties.ts";

/** Flags of `rehearse fuzz --exhaustive`. */
export interface ExhaustiveOptions extends CommonOptions {
  readonly scheduler?: string;
  readonly strategy?: string;
  /** A duration such as `500ms`. */
  readonly grid?: string;
  /** One of `WORLD_FAULTS`, or `all`. */
  readonly fault?: string;
  readonly worlds?: number;
  /** False with `--no-request-lost`: none may be. */
  readonly requestLost?: boolean;
  /** Where a find goes. */
  readonly out?: string;
}

/** What was searched, and with what. */
export interface Question {
  readonly file: string | undefined;
  readonly options: ExhaustiveOptions;
  readonly catalogue: Catalogue;
}

/** The same search, as a shell takes it. */
function searchCommand({ file, options }: Omit<Question, "catalogue">): string {
  const { fault, grid, worlds, requestLost } = options;
  const flags = [
    ...(fault === undefined ? [] : [` --fault ${quoted(fault)}`]),
    ...(grid === undefined ? [] : [` --grid ${quoted(grid)}`]),
    ...(worlds === undefined ? [] : [` --worlds ${worlds}`]),
    ...(requestLost === false ? [" --no-request-lost"] : []),
  ];
  return `rehearse fuzz --exhaustive${file === undefined ? "" : ` ${quoted(file)}`}${whatFlags(options)}${flags.join("")}`;
}

/** Writes a find where it was asked for; first it is made sure that the file shows the same. */
export function keepWorld(found: FoundWorld, { file, options, catalogue }: Question): string {
  const { violation, scenario, choices, race, world } = found;
  const body = writeScenario(scenario, catalogue);
  const reread = readScenario(body, { file: USUAL_OUT, catalog: catalogue, readFile: () => new Uint8Array() }).scenario;
  const again = checkScenario(reread, {
    catalogue,
    invariants: [...INVARIANTS, noRequestLost].filter(({ name }) => name === violation.invariant),
    ties: { choices },
    story: false,
  });
  if (again?.at !== violation.at || again.event !== violation.event)
    throw new UsageError(`The find (${violation.invariant}) does not repeat itself; is there state kept between runs?`);
  const place = options.out ?? USUAL_OUT;
  const head = [
    `Breaks ${violation.invariant} at ${formatDuration(violation.at)}, in the event ${violation.event}:`,
    violation.message,
    ...(race === undefined ? [] : [`A race: ${raceInWords(race)}. See it happen with${tieFlags({ choices })}.`]),
    `Found in world ${world} of ${searchCommand({ file, options })}.`,
    `To see it again: ${replayCommand(place, options)}`,
  ];
  const comments = head.map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
  if (choices.length > 0) comments.push(tieComment(choices));
  writeFileSync(place, `${comments.join("\n")}\n${body}`);
  return place;
}
