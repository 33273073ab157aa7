import { spawnSync } from "node:child_process";
import type { ProgramResult } from "./programs/result.ts";

/** A program under measurement: a command, and what to call it. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

/** Middle, least and greatest of the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** All rounds of a program, or why there are none. */
export type Measured =
  | {
      readonly name: string;
      readonly skipped?: undefined;
      readonly rounds: readonly ProgramResult[];
      readonly unitsPerSecond: Spread;
      readonly peakMebibytes: Spread;
      /** Of the whole process, its start included. */
      readonly wallSeconds: Spread;
    }
  | { readonly name: string; readonly skipped: string };

/**
 * Runs programs in turns, so that a slow spell of the machine falls on all of them: `warmups` rounds that do not count, then
 * `repeats` that do. Each run is a process of its own.
 */
export function measureInTurns(
  programs: readonly Program[],
  plan: { readonly warmups: number; readonly repeats: number },
): Measured[] {
  const rounds = programs.map((): { result: ProgramResult; wallSeconds: number }[] => []);
  const skipped = programs.map((): string | undefined => undefined);
  for (let round = 0; round < plan.warmups + plan.repeats; round++) {
    programs.forEach((program, i) => {
      if (skipped[i] !== undefined) return;
      const outcome = runProgram(program);
      if (typeof outcome === "string") skipped[i] = outcome;
      else if (round >= plan.warmups) rounds[i]?.push(outcome);
    });
  }
  return programs.map(({ name }, i): Measured => {
    const reason = skipped[i];
    const runs = rounds[i] ?? [];
    if (reason !== undefined) return { name, skipped: reason };
    return {
      name,
      rounds: runs.map((run) => run.result),
      unitsPerSecond: spreadOf(runs.map(({ result }) => result.units / result.seconds)),
      peakMebibytes: spreadOf(runs.map(({ result }) => result.peakMebibytes)),
      wallSeconds: spreadOf(runs.map((run) => run.wallSeconds)),
    };
  });
}

/** Median (of an even number the mean of the two middles), least and greatest. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((x, y) => x - y);
  const low = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  const high = sorted[sorted.length >> 1] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Wall time of a whole command, in seconds; a text is why it could not be had. */
export function wallSecondsOf({ command, arguments: rest }: Program): number | string {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command, rest, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const seconds = (performance.now() - start) / 1000;
  if (error !== undefined) return error.message;
  return status === 0 ? seconds : `it ended with ${status}: ${lastLine(stderr)}`;
}

function runProgram(program: Program): { result: ProgramResult; wallSeconds: number } | string {
  const start = performance.now();
  const { stdout, stderr, status, error } = spawnSync(program.command, program.arguments, { encoding: "utf8" });
  const wallSeconds = (performance.now() - start) / 1000;
  if (error !== undefined) return error.message;
  const lines = stdout.split("\n");
  const skip = lines.find((line) => line.startsWith("SKIP "));
  if (skip !== undefined) return skip.slice("SKIP ".length);
  const line = lines.find((candidate) => candidate.startsWith("RESULT "));
  if (status !== 0 || line === undefined) return `it ended with ${status}: ${lastLine(stderr)}`;
  return { result: JSON.parse(line.slice("RESULT ".length)), wallSeconds };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
