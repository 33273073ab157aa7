/** A fault of this program: a truth that must hold did not. Never the user's doing. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** A user's plug-in threw, or broke its interface. Exit code 3. */
export class PluginError extends Error {
  override readonly name = "PluginError";
}

/** Holds a claim of ours to account, phrased as the truth that must hold. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InternalError(`broken claim: ${claim}`);
}

/** Closes a `switch` over a union: a new member does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new InternalError(`unhandled case: ${JSON.stringify(value)}`);
}

/** ` (mine.ts:23)`: in which file and line an error came up, as its stack says; without folders, so that it reads alike on every machine. */
export function thrownAt(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [, file, line] = /^\s+at (?!.*node:).*?([^/\\():]+):(\d+):\d+\)?$/m.exec(stack) ?? [];
  return file === undefined ? "" : ` (${file}:${line})`;
}
