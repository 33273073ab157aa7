import { availableParallelism } from "node:os";
import { parseDuration } from "../fields/duration.ts";
import { nearest } from "../fields/nearest.ts";
import { UsageError } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import type { CommonOptions } from "./options.ts";
import { type TieOptions, tieFlags, tiesOf } from "./ties.ts";

/** Flags of `rehearse fuzz`. */
export interface FuzzOptions extends CommonOptions, Pick<TieOptions, "shuffleTies"> {
  readonly scheduler?: string;
  readonly strategy?: string;
  /** Names, as the command line gave them. */
  readonly invariants?: readonly string[];
  readonly runs?: number;
  /** A duration such as `5m`, in place of `runs`. */
  readonly for?: string;
  readonly seed?: number;
  /** A whole number from 1, or `auto`. */
  readonly workers?: string;
  /** A duration: a plug-in that is silent for so long hangs. */
  readonly hangAfter?: string;
  readonly corpus?: string;
  /** What the corpus knows of the search so far is forgotten; its finds stay. */
  readonly fresh?: boolean;
  readonly keepGoing?: boolean;
  /** Checks this file, and searches nothing. */
  readonly replay?: string;
  /** Where a find goes. */
  readonly out?: string;
}

/** Where a find goes if nothing is said. */
export const USUAL_OUT = "counterexample.yaml";
/** Where a search begins if nothing is said. */
export const USUAL_SEED = 1;
const USUAL_RUNS = 1000;
const USUAL_HANG_AFTER = "10s";
/** More than these wait for one another. */
const MOST_AUTO_WORKERS = 8;
const MOST_WORKERS = 64;

/** How long a search goes on: scenarios, or milliseconds. */
export type Limit =
  | { readonly kind: "runs"; readonly runs: number }
  | { readonly kind: "time"; readonly milliseconds: number };

/** What `--runs` and `--for` say. @throws UsageError */
export function limitOf(options: FuzzOptions): Limit {
  if (options.for !== undefined && options.runs !== undefined)
    throw new UsageError("--runs and --for: give one of them; both say when to stop.");
  if (options.for !== undefined)
    return { kind: "time", milliseconds: millisecondsOf("--for", options.for, "5m or 30s") };
  return { kind: "runs", runs: options.runs ?? USUAL_RUNS };
}

/** How long a plug-in may be silent, in milliseconds that its thread has had (`fuzzHeart.ts`). @throws UsageError */
export function hangAfterOf({ hangAfter }: FuzzOptions): number {
  const milliseconds = millisecondsOf("--hang-after", hangAfter ?? USUAL_HANG_AFTER, "10s");
  if (milliseconds < 100) throw new UsageError(`--hang-after ${hangAfter}: expected at least 100ms.`);
  return milliseconds;
}

/** How many workers search. @throws UsageError */
export function workersOf({ workers }: FuzzOptions): number {
  if (workers === undefined || workers === "auto") return Math.min(availableParallelism(), MOST_AUTO_WORKERS);
  const count = /^\d+$/.test(workers) ? Number(workers) : 0;
  if (count < 1 || count > MOST_WORKERS)
    throw new UsageError(`--workers ${workers}: expected auto, or a whole number from 1 to ${MOST_WORKERS}.`);
  return count;
}

/** @throws UsageError for a name that is not known, with the nearest that is. */
export function checkKnown(flag: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
  throw new UsageError(`${flag} ${name}: there is no such name${hint}; expected one of ${known.join(", ")}.`);
}

/** The flag that reorders simultaneous events, as a shell takes it. */
export function orderFlags(options: FuzzOptions): string {
  return tieFlags(tiesOf(options));
}

/** The flags that say what is tried, and for what, as a shell takes them; each with a blank before it. */
export function whatFlags({ plugin, scheduler, strategy, invariants }: FuzzOptions): string {
  return [
    ...(plugin ?? []).map((file) => ` --plugin ${quoted(file)}`),
    ...(scheduler === undefined ? [] : [` --scheduler ${quoted(scheduler)}`]),
    ...(strategy === undefined ? [] : [` --strategy ${quoted(strategy)}`]),
    ...(invariants === undefined ? [] : [` --invariants ${quoted(invariants.join(","))}`]),
  ].join("");
}

/** The flags that bring the plug-ins. */
export function pluginFlags({ plugin }: FuzzOptions): string {
  return whatFlags(plugin === undefined ? {} : { plugin });
}

function millisecondsOf(flag: string, text: string, such: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok || parsed.value <= 0) throw new UsageError(`${flag} ${text}: expected a duration such as ${such}.`);
  return parsed.value / 1000;
}
