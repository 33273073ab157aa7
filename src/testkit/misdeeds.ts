import { InternalError, PluginError } from "../kernel/errors.ts";

/** What a plug-in may do that no invariant of a run can put right, and a fault of ours. */
export const MISDEEDS = {
  "plug-in-throws": "A plug-in answers every question that the interface allows, and never throws.",
  "plug-in-answers-nonsense": "A plug-in's answers name only what it was shown, in the shape that the interface gives.",
  "plug-in-mutates-its-view": "A plug-in only looks at what it is shown, and changes nothing of it.",
  "plug-in-draws-ambient-chance":
    "A plug-in uses no clock and no chance but what it is given, and keeps nothing between calls.",
  "plug-in-hangs":
    "A run comes to its end: a plug-in settles at each instant, and does not keep the cluster busy for ever.",
  "plug-in-exhausts-memory": "A plug-in answers with the memory that a run may have, and does not collect without end.",
  "engine-is-sound": "No claim that the simulator makes about itself is ever broken.",
} as const;

/** One of `MISDEEDS`. */
export type Misdeed = keyof typeof MISDEEDS;

/** A plug-in was caught. */
export class PluginMisdeed extends PluginError {
  readonly misdeed: Misdeed;

  constructor(misdeed: Misdeed, message: string, cause?: unknown) {
    super(message, { cause });
    this.misdeed = misdeed;
  }
}

/** Which misdeed an error of a run is; undefined for one that is none, and must go on its way. */
export function misdeedOf(error: unknown): Misdeed | undefined {
  if (error instanceof PluginMisdeed) return error.misdeed;
  if (error instanceof PluginError) {
    if (error.message.includes("changes its plan for ever")) return "plug-in-hangs";
    return error.message.includes("threw") ? "plug-in-throws" : "plug-in-answers-nonsense";
  }
  return error instanceof InternalError ? "engine-is-sound" : undefined;
}
