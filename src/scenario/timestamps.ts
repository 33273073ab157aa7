/** Times in traces, read exactly: no `Date`, no floating point on the way. */
import { accepted, type Parsed, refused } from "../fields/refusal.ts";
import { DAY, HOUR, MINUTE, type Micros, SECOND } from "../kernel/time.ts";

/** A time as a trace has it: µs since 1970 for a calendar stamp, µs since the file's own zero for plain seconds. */
export interface Stamp {
  readonly kind: "calendar" | "seconds";
  readonly micros: Micros;
}

const CALENDAR =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const EXPECTED = "a time: ISO 8601, such as 2023-11-16T18:15:46.680590Z, or seconds, such as 12.5";

/** Reads ISO 8601 (a blank in place of the T; without a zone: UTC) or plain seconds; beyond µs it rounds half up. */
export function parseStamp(text: string): Parsed<Stamp> {
  const trimmed = text.trim();
  const match = CALENDAR.exec(trimmed);
  if (match === null) {
    const micros = parseDecimal(trimmed, SECOND);
    return micros === undefined ? refused(EXPECTED) : accepted({ kind: "seconds", micros });
  }
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const isClock = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59;
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > daysIn(date) || !isClock) {
    return refused("a date and time that exist");
  }
  const clock = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * SECOND;
  const micros = daysFromCivil(date) * DAY + clock + (parseDecimal(`0.${fraction}`, SECOND) ?? 0) - offsetOf(zone);
  return accepted({ kind: "calendar", micros });
}

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysIn({ year, month }: CivilDate): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** `+02:00`, `-0530`, `+02` → µs east of UTC. */
function offsetOf(zone: string): Micros {
  if (zone === "Z" || zone === "z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * HOUR + Number(digits.slice(2) || "0") * MINUTE);
}

/**
 * A decimal text times a unit of 1, 1,000 or 1,000,000 µs, to the nearest whole µs, halves up; undefined where it is no number.
 *
 * The point is shifted in the text, so that no binary fraction comes in between.
 */
export function parseDecimal(text: string, unit: Micros): Micros | undefined {
  const [, sign, whole, fraction = ""] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined) return scientific(text, unit);
  const places = String(unit).length - 1;
  const kept = Number(`${whole}${fraction.slice(0, places).padEnd(places, "0")}`);
  const micros = kept + (fraction.charAt(places) >= "5" ? 1 : 0);
  if (!Number.isSafeInteger(micros)) return undefined;
  return sign === "-" && micros !== 0 ? -micros : micros;
}

/** `1.5e-05`, as spreadsheets write small numbers: nobody means those to the last bit. */
function scientific(text: string, unit: Micros): Micros | undefined {
  if (!/^[+-]?\d+(?:\.\d*)?[eE][+-]?\d+$/.test(text)) return undefined;
  const micros = Math.round(Number(text) * unit);
  return Number.isSafeInteger(micros) ? micros + 0 : undefined;
}
