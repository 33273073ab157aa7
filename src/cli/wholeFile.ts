import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./exitCodes.ts";

/**
 * Writes a file under another name and renames it, so that there is the old one or the new one and never half of either.
 * Folders on the way are made. @throws UsageError with `flag`, which named the place.
 */
export function writeWholeFile(file: string, text: string, flag: string): void {
  const target = resolve(file);
  const fresh = join(dirname(target), `.${basename(target)}.new-${process.pid}`);
  try {
    makeFolder(dirname(target));
    writeFileSync(fresh, text);
    renameSync(fresh, target);
  } catch (error) {
    // A name that is too long cannot even be looked for.
    if (existsSync(fresh)) rmSync(fresh);
    throw new UsageError(`${flag} ${file}: it cannot be written (${reason(error)}). Choose another place.`);
  }
}

/** Asked before the work, so that nobody searches for what has no place. @throws UsageError */
export function checkWritable(file: string, flag: string): void {
  const target = resolve(file);
  if (existsSync(target) && statSync(target).isDirectory())
    throw new UsageError(`${flag} ${file}: this is a folder; give the name of a file.`);
  checkFolder(dirname(target), `${flag} ${file}`);
}

/** The same of a folder that may not be there yet. `what` begins the message. @throws UsageError */
export function checkFolder(folder: string, what: string): void {
  let place = resolve(folder);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    if (!statSync(place).isDirectory()) throw new Error(`${place} is a file, where a folder is needed`);
    accessSync(place, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${what}: it cannot be written (${reason(error)}). Choose another place.`);
  }
}

/**
 * Makes a folder and those on the way that are missing. Node's own recursive `mkdir` never returns where the system says that
 * a folder is missing whose parent is there, as /proc does.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let place = resolve(folder);
  for (; !existsSync(place); place = dirname(place)) missing.unshift(place);
  for (const path of missing) mkdirSync(path);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
