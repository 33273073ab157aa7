import { setImmediate } from "node:timers/promises";
import type { Micros } from "../kernel/time.ts";

/** Events between two looks at the keyboard: a tenth of a second, or less. */
const SLICE_EVENTS = 200_000;

/** What can be wound in pieces: true once it is there. */
export interface Windable {
  readonly now: Micros;
  windTo(time: Micros, limit: number): boolean;
}

/** Winds a run to `time` in slices, with an ear for the keyboard: false where `stopped` became true on the way. */
export async function wind(
  playback: Windable,
  time: Micros,
  watch: { readonly stopped: () => boolean; readonly progress?: (now: Micros) => void },
): Promise<boolean> {
  while (!playback.windTo(time, SLICE_EVENTS)) {
    watch.progress?.(playback.now);
    await setImmediate();
    if (watch.stopped()) return false;
  }
  return true;
}
