import { DAY, HOUR, MINUTE, type Micros, SECOND } from "../../kernel/time.ts";

/**
 * An age as kubectl prints it, `47s`, `5m3s`, `3d4h`: two units while the larger is small, then one.
 *
 * `<invalid>` for what is more than a second in the future. Source: k8s.io/apimachinery, util/duration, HumanDuration.
 */
export function humanDuration(time: Micros): string {
  const seconds = Math.trunc(time / SECOND);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (time < 2 * MINUTE) return `${seconds}s`;
  if (time < 10 * MINUTE) return two(time, [MINUTE, "m"], [SECOND, "s"]);
  if (time < 3 * HOUR) return one(time, MINUTE, "m");
  if (time < 8 * HOUR) return two(time, [HOUR, "h"], [MINUTE, "m"]);
  if (time < 2 * DAY) return one(time, HOUR, "h");
  if (time < 8 * DAY) return two(time, [DAY, "d"], [HOUR, "h"]);
  if (time < 2 * YEAR) return one(time, DAY, "d");
  if (time < 8 * YEAR) return two(time, [YEAR, "y"], [DAY, "d"]);
  return one(time, YEAR, "y");
}

const YEAR: Micros = 365 * DAY;

type Unit = readonly [size: Micros, letter: string];

function one(time: Micros, size: Micros, letter: string): string {
  return `${Math.floor(time / size)}${letter}`;
}

function two(time: Micros, [large, largeLetter]: Unit, [small, smallLetter]: Unit): string {
  const rest = Math.floor((time % large) / small);
  const whole = one(time, large, largeLetter);
  return rest === 0 ? whole : `${whole}${rest}${smallLetter}`;
}
