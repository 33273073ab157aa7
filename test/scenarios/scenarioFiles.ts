import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type ReadResult, readScenario } from "../../src/scenario/readScenario.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";

const ROOT = fileURLToPath(new URL("../../scenarios", import.meta.url));

/** The scenarios of one folder, as `course/06-four-steps.yaml`, in order of their names. */
export function filesIn(folder: string): string[] {
  return readdirSync(resolve(ROOT, folder))
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** A text below `scenarios/`. */
export function textOf(file: string): string {
  return readFileSync(resolve(ROOT, file), "utf8");
}

/** A file's bytes, `.gz` unpacked, below the folder of a scenario. */
export function bytesBeside(file: string): (path: string) => Uint8Array {
  return (path) => {
    const bytes = readFileSync(resolve(ROOT, dirname(file), path));
    return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  };
}

/** A scenario as the command reads it. */
export function read(file: string, set: readonly string[] = []): ReadResult {
  return readScenario(textOf(file), { file, readFile: bytesBeside(file), catalog: BUILT_IN, set });
}
