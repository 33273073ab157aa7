import type { Plugin } from "../../../src/simulation/catalogue.ts";

/** One small bug, and how it gets into a run. */
export interface Mutant {
  /** The bug in a few words. */
  readonly bug: string;
  /** Where one like it was real, or why it is likely. */
  readonly real: string;
  /** Fuzz runs within which it must be found at seed 1. */
  readonly within: number;
  /** The bug as a plug-in; */
  readonly plugin?: Plugin;
  /** or as a change of one of the simulator's own parts. Returns what mends it. */
  readonly patch?: () => () => void;
}

/** Puts another function in place of a method, which is handed the original. */
export function replaceMethod<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  make: (original: Owner[Name]) => Owner[Name],
): () => void {
  const original = owner[name];
  owner[name] = make(original);
  return () => {
    owner[name] = original;
  };
}
