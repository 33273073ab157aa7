import { DAY, HOUR, MICROSECOND, MILLISECOND, MINUTE, type Micros, SECOND } from "../kernel/time.ts";
import { accepted, type Parsed, refused, textField } from "./refusal.ts";

const UNITS: ReadonlyMap<string, Micros> = new Map([
  ["d", DAY],
  ["h", HOUR],
  ["m", MINUTE],
  ["s", SECOND],
  ["ms", MILLISECOND],
  ["us", MICROSECOND],
  ["µs", MICROSECOND],
  ["μs", MICROSECOND],
]);

/** A hundred years: sums of a few such times still are exact whole µs. */
export const LONGEST_DURATION: Micros = 36_500 * DAY;

const EXPECTED = "a duration with its unit (d, h, m, s, ms, us), such as 250ms, 5m or 1h30m";
const WHOLE = /^(?:\d+(?:\.\d+)?\s*[a-zµμ]+\s*)+$/;
const PART = /(\d+(?:\.\d+)?)\s*([a-zµμ]+)/g;

/**
 * Reads `250ms`, `5m3s`, `1.5h`, `30d` to whole µs.
 *
 * Units descend and none comes twice; a bare number, 0 included, is refused: nobody can tell 500 of what. Fractions are rounded to
 * whole µs, but more than 0 never becomes 0. At most 36500d.
 */
export function parseDuration(text: string): Parsed<Micros> {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return refused(`a unit after the number, such as ${trimmed}s or ${trimmed}ms`);
  if (!WHOLE.test(trimmed)) return refused(EXPECTED);
  let total = 0;
  let previous = Number.POSITIVE_INFINITY;
  for (const [, digits, unit] of trimmed.matchAll(PART)) {
    const size = UNITS.get(unit ?? "");
    if (size === undefined) return refused(EXPECTED);
    if (size >= previous) return refused("each unit once, from the longest to the shortest, such as 1h30m5s");
    previous = size;
    total += Number(digits) * size;
  }
  if (total > LONGEST_DURATION) return refused("a duration of at most 36500d");
  const micros = Math.round(total);
  if (micros === 0 && total > 0) return refused("0s, or at least 1us: simulated time is in whole microseconds");
  return accepted(micros);
}

/** `250ms`, `5m3s`, `1h`, `30d`, `500us` → whole µs, at least 0. */
export const duration = textField(EXPECTED, parseDuration).meta({
  title: "duration",
  description: "A duration with its unit: d, h, m, s, ms or us, also joined, as in 1h30m.",
});

/** As `duration`, but more than nothing. */
export const positiveDuration = textField("a duration above 0s, such as 10s", (text) => {
  const parsed = parseDuration(text);
  return parsed.ok && parsed.value === 0 ? refused("a duration above 0s, such as 10s") : parsed;
}).meta({
  title: "duration",
  description: "A duration above 0s with its unit: d, h, m, s, ms or us, also joined, as in 1h30m.",
});
