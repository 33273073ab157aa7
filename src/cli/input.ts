import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { ManifestJudge } from "../manifests/manifestObject.ts";
import { readScenarioFile } from "../manifests/readScenarioFile.ts";
import type { ReadResult } from "../scenario/readScenario.ts";
import { decodeSource } from "../scenario/sourceText.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { UsageError } from "./exitCodes.ts";
import type { CommonOptions } from "./options.ts";
import { LARGEST_TRACE_BYTES, unpacked } from "./unpack.ts";

/** A scenario says what it wants in far less; a file above this is something else. */
const LARGEST_SCENARIO_BYTES = 5 * 2 ** 20;

/** Reads and checks one scenario; `file` `-` is stdin. @throws ScenarioError, UsageError. */
export async function scenarioFrom(
  file: string,
  catalogue: Catalogue,
  { set = [], config }: Pick<CommonOptions, "set" | "config">,
): Promise<ReadResult> {
  const text = readText(file, "a scenario");
  const folder = file === "-" ? process.cwd() : dirname(resolve(file));
  return readScenarioFile(text, {
    file: file === "-" ? "stdin" : file,
    catalog: catalogue,
    set,
    readFile: (path) => readNamed(path, folder),
    schedulerConfig:
      config === undefined ? undefined : { file: config, text: readText(config, "a KubeSchedulerConfiguration") },
    judge: /apiVersion|manifests/.test(text) ? await manifestJudge() : undefined,
  });
}

/** The official schemas of Kubernetes' kinds: loaded only where there is a manifest, because they are large. */
export async function manifestJudge(): Promise<ManifestJudge> {
  const { modelIssues } = await import("../manifests/officialModels.ts");
  return modelIssues;
}

/**
 * The text of a file, by default of at most 5 MB; `-` is stdin. `what` names it in messages.
 *
 * @throws UsageError where it cannot be read or is too large, ScenarioError where it is no UTF-8
 */
export function readText(file: string, what: string, most: number = LARGEST_SCENARIO_BYTES): string {
  if (file === "-") return decodeSource(readStdin(most), "stdin");
  return decodeSource(readWhole(file, most, what), file);
}

/** A file that the scenario names, whose reader names it too: the complaint is only why it cannot be read. */
function readNamed(path: string, folder: string): Uint8Array {
  const full = resolve(folder, path);
  try {
    return unpacked(full, readWhole(full, LARGEST_TRACE_BYTES, "a file that a scenario names"));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const reason = /^cannot be read \((.*)\)\. Check the path\.$/s;
    throw new UsageError(error.message.replace(`${full}: `, "").replace(reason, "$1"));
  }
}

/** Looks at the size before it reads, so that a wrong file costs no memory. */
function readWhole(path: string, most: number, what: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${reasonOf(error)}). Check the path.`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new UsageError(`${path}: this is a folder; give the path of ${what} in it.`);
    if (stat.size > most) {
      throw new UsageError(
        `${path}: ${megabytes(stat.size)} MB is too large for ${what}; at most ${megabytes(most)} MB.`,
      );
    }
    return stat.isFile() ? readFileSync(descriptor) : readStream(descriptor, most, path);
  } finally {
    closeSync(descriptor);
  }
}

function readStdin(most: number): Buffer {
  if (process.stdin.isTTY) throw new UsageError("stdin: there is nothing to read; pipe a scenario into it.");
  return readStream(0, most, "stdin");
}

function readStream(descriptor: number, most: number, name: string): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const length = readChunk(descriptor, chunk);
    if (length === 0) return Buffer.concat(chunks);
    total += length;
    if (total > most) throw new UsageError(`${name}: more than ${megabytes(most)} MB is too large.`);
    chunks.push(chunk.subarray(0, length));
  }
}

function readChunk(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      // Stdin may be set not to block: wait a little for whoever writes into it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "no permission";
  return error instanceof Error ? error.message : String(error);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** What a scenario file is called without folder and ending. */
export function stemOf(file: string): string {
  return basename(file).replace(/\.(ya?ml|json)$/i, "");
}
