import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "./exitCodes.ts";
import type { FuzzOptions } from "./fuzzOptions.ts";
import type { SearchState } from "./fuzzSearch.ts";
import { BATCH } from "./fuzzTasks.ts";
import { readText } from "./input.ts";
import { VERSION } from "./version.ts";
import { checkFolder, writeWholeFile } from "./wholeFile.ts";

/** Beside the finds: how far the search has come. */
const STATE_FILE = "search.json";

const stateSchema = z.strictObject({
  /** What was searched, and with what; another one begins anew. */
  plan: z.string(),
  seed: z.int(),
  batch: z.int().min(0),
  runs: z.int().min(0),
  transitions: z.record(z.string(), z.int().min(0)),
});

/** Where a search begins, and in words why there. */
export interface Beginning {
  readonly state: SearchState;
  readonly words: string | undefined;
}

const NOWHERE_YET: SearchState = { batch: 0, runs: 0, transitions: [] };

/** The folder of `--corpus`: finds, one file each, and how far the search has come. */
export class FuzzCorpus {
  readonly folder: string;
  readonly #plan: string;
  readonly #seed: number;

  /** @throws UsageError for a folder that cannot be used. */
  constructor(folder: string, options: FuzzOptions, seed: number) {
    this.folder = folder;
    this.#seed = seed;
    this.#plan = digestOf(options, seed);
    checkFolder(folder, `--corpus ${folder}`);
  }

  /** The files of what was found before, in alphabetical order. @throws UsageError */
  get finds(): readonly string[] {
    if (!existsSync(this.folder)) return [];
    const files = readdirSync(this.folder).filter((name) => /\.ya?ml$/.test(name));
    return files.sort().map((name) => join(this.folder, name));
  }

  /** Where a search goes on; `isFresh`: at its beginning whatever is known. @throws UsageError for a broken file. */
  begin(isFresh: boolean): Beginning {
    const file = join(this.folder, STATE_FILE);
    if (!existsSync(file)) return { state: NOWHERE_YET, words: undefined };
    if (isFresh) return { state: NOWHERE_YET, words: "Begins anew, as --fresh says." };
    const { plan, seed, batch, runs, transitions } = readState(file);
    if (seed !== this.#seed) return { state: NOWHERE_YET, words: `Begins anew: the seed was ${seed}.` };
    if (plan !== this.#plan) {
      const words = "Begins anew: a plug-in, what is asked or rehearse itself has changed since.";
      return { state: NOWHERE_YET, words };
    }
    return {
      state: { batch, runs, transitions: Object.entries(transitions) },
      words: `Goes on with run ${runs + 1}: ${runs} were done before (${file}).`,
    };
  }

  /** Keeps how far the search has come. */
  save({ batch, runs, transitions }: SearchState): void {
    const state: z.infer<typeof stateSchema> = {
      plan: this.#plan,
      seed: this.#seed,
      batch,
      runs,
      transitions: Object.fromEntries(transitions),
    };
    writeWholeFile(join(this.folder, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`, "--corpus");
  }
}

function readState(file: string): z.infer<typeof stateSchema> {
  const text = readText(file, "the state of a search");
  const mend = "Delete it, or begin anew with --fresh.";
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(reason)?.[1];
    const line = position === undefined ? "" : `:${text.slice(0, Number(position)).split("\n").length}`;
    throw new UsageError(`${file}${line}: this is not JSON (${reason}). ${mend}`);
  }
  const parsed = stateSchema.safeParse(read);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "the file";
    throw new UsageError(`${file}: ${where}: ${issue?.message ?? "it is not the state of a search"}. ${mend}`);
  }
  if (parsed.data.runs !== parsed.data.batch * BATCH)
    throw new UsageError(`${file}: runs: expected ${BATCH} for each batch, ${parsed.data.batch * BATCH}. ${mend}`);
  return parsed.data;
}

/** All that decides which scenarios are made and what is asked of them, in one word. */
function digestOf(options: FuzzOptions, seed: number): string {
  const { runs, for: time, workers, hangAfter, corpus, fresh, keepGoing, replay, out, ...rest } = options;
  const { json, quiet, plugin, ...asked } = rest;
  const what = Object.entries(asked).sort(([one], [other]) => (one < other ? -1 : 1));
  const code = (plugin ?? []).map((file) => readFileSync(file, "utf8"));
  return createHash("sha256")
    .update(JSON.stringify([VERSION, seed, what, code]))
    .digest("hex")
    .slice(0, 16);
}
