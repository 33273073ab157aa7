import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EXIT, UsageError } from "./exitCodes.ts";
import { makeFolder } from "./wholeFile.ts";

/** One file of a report: a path inside its folder, with forward slashes. */
export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array | string;
}

/** What marks a folder as a report of ours, which a new one may replace. */
const MARKER = "summary.json";

/**
 * Puts a report in its place: written beside it under another name first, then renamed, so that there is the old one or the
 * new one and never half of either.
 *
 * @throws UsageError where the folder holds something that is not a report, or cannot be written.
 */
export function writeFolder(folder: string, files: readonly OutputFile[]): void {
  const target = resolve(folder);
  checkReplaceable(folder);
  const fresh = join(dirname(target), `.${basename(target)}.new-${process.pid}`);
  const old = join(dirname(target), `.${basename(target)}.old-${process.pid}`);
  const sweep = () => {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true });
  };
  const interrupted = () => {
    sweep();
    process.exit(EXIT.interrupted);
  };
  process.once("SIGINT", interrupted);
  try {
    for (const { path, bytes } of files) {
      const place = join(fresh, path);
      makeFolder(dirname(place));
      writeFileSync(place, bytes);
    }
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    sweep();
    if (!existsSync(target) && existsSync(old)) renameSync(old, target);
    throw new UsageError(
      `${folder}: the report cannot be written (${reason(error)}). Choose another folder with --out.`,
    );
  } finally {
    process.off("SIGINT", interrupted);
  }
}

/** Asked before the work begins, so that nobody waits for a report that has no place. */
export function checkReplaceable(folder: string): void {
  const target = resolve(folder);
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) {
    throw new UsageError(`${folder}: this is a file, and a report is a folder. Choose another with --out.`);
  }
  if (readdirSync(target).length > 0 && !existsSync(join(target, MARKER))) {
    throw new UsageError(
      `${folder}: this folder holds something that is not a report, and would be replaced. Choose another with --out.`,
    );
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
