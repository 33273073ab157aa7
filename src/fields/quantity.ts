/** Amounts with units: processors, memory, bandwidth, rates, shares. */
import { accepted, type Parsed, refused, textField, textOrNumberField } from "./refusal.ts";

const AMOUNT = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([A-Za-z/]*)$/;

const CPU = "cores, such as 4, 0.5 or 500m (thousandths of a core)";
const MOST_CORES = 1_000_000;

/** Reads cores (`4`, `0.5`) or thousandths of one (`500m`) to whole millicores, 0…10⁹. As Kubernetes writes them. */
export function parseCpu(text: string): Parsed<number> {
  const [, digits, unit] = AMOUNT.exec(text.trim()) ?? [];
  if (digits === undefined || (unit !== "" && unit !== "m")) return refused(CPU);
  const exact = unit === "m" ? Number(digits) : Number(digits) * 1000;
  const millicores = Math.round(exact);
  if (Math.abs(exact - millicores) > 1e-6) return refused("whole thousandths of a core, such as 0.5 or 1m");
  if (millicores > MOST_CORES * 1000) return refused(`at most ${MOST_CORES} cores`);
  return accepted(millicores);
}

/** `4`, `0.5`, `500m` → whole millicores, at least 0. */
export const cpu = textOrNumberField(CPU, parseCpu).meta({
  title: "cores",
  description: "Processor cores: 4, 0.5, or 500m for thousandths.",
});

const KIBI = 1024;
const MEBI = 1024 * KIBI;
const GIBI = 1024 * MEBI;
const TEBI = 1024 * GIBI;
const BYTES: ReadonlyMap<string, number> = new Map([
  ["Ki", KIBI],
  ["KiB", KIBI],
  ["Mi", MEBI],
  ["MiB", MEBI],
  ["Gi", GIBI],
  ["GiB", GIBI],
  ["Ti", TEBI],
  ["TiB", TEBI],
  ["k", 1e3],
  ["kB", 1e3],
  ["M", 1e6],
  ["MB", 1e6],
  ["G", 1e9],
  ["GB", 1e9],
  ["T", 1e12],
  ["TB", 1e12],
]);

const SIZE = "a size with its unit (Ki, Mi, Gi, Ti, KiB, MiB, GiB, kB, MB, GB, B), such as 256Mi or 8GiB";

/** Reads `256Mi`, `8GiB`, `1.5GB`, `512B` to whole bytes. A bare number is refused. At most 2⁵³ bytes. */
export function parseSize(text: string): Parsed<number> {
  const [, digits, unit] = AMOUNT.exec(text.trim()) ?? [];
  if (digits === undefined || unit === undefined) return refused(SIZE);
  if (unit === "") return refused(`a unit after the number, such as ${digits}Mi`);
  const factor = unit === "B" ? 1 : BYTES.get(unit);
  if (factor === undefined) return refused(SIZE);
  const bytes = Math.round(Number(digits) * factor);
  return bytes <= Number.MAX_SAFE_INTEGER ? accepted(bytes) : refused("a size of at most 8192TiB");
}

/** As `cpu`, but more than nothing. */
export const positiveCpu = textOrNumberField(CPU, (text) => {
  const parsed = parseCpu(text);
  return parsed.ok && parsed.value === 0 ? refused("more than 0 cores, such as 4 or 500m") : parsed;
}).meta({ title: "cores", description: "Processor cores above 0: 4, 0.5, or 500m for thousandths." });

/** `256Mi`, `8GiB`, `1.5GB`, `512B` → whole bytes, at least 0. */
export const size = textField(SIZE, parseSize).meta({
  title: "size",
  description:
    "A size with its unit: Ki Mi Gi Ti or KiB MiB GiB TiB (powers of 1024), kB MB GB TB (powers of 1000), B.",
});

/** As `size`, but more than nothing. */
export const positiveSize = textField(SIZE, (text) => {
  const parsed = parseSize(text);
  return parsed.ok && parsed.value === 0 ? refused("a size above 0, such as 8Gi") : parsed;
}).meta({ title: "size", description: "A size above 0 with its unit, such as 256Mi or 8GiB." });

const BANDWIDTH = "a bandwidth, such as 100MiB/s or 1Gbit/s";
const BITS: ReadonlyMap<string, number> = new Map([
  ["bit", 1],
  ["kbit", 1e3],
  ["Mbit", 1e6],
  ["Gbit", 1e9],
]);

/** Reads `100MiB/s` or `1Gbit/s` to bytes per second, above 0. */
export function parseBandwidth(text: string): Parsed<number> {
  const trimmed = text.trim();
  if (!trimmed.endsWith("/s")) return refused(BANDWIDTH);
  const amount = trimmed.slice(0, -2);
  const [, digits, unit] = AMOUNT.exec(amount.trim()) ?? [];
  const bits = BITS.get(unit ?? "");
  if (bits !== undefined) return aboveZero((Number(digits) * bits) / 8);
  const parsed = parseSize(amount);
  return parsed.ok ? aboveZero(parsed.value) : refused(BANDWIDTH);
}

function aboveZero(bytes: number): Parsed<number> {
  return bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER
    ? accepted(bytes)
    : refused("a bandwidth above 0, such as 100MiB/s");
}

/** `100MiB/s`, `1Gbit/s` → bytes per second, above 0. */
export const bandwidth = textField(BANDWIDTH, parseBandwidth).meta({
  title: "bandwidth",
  description: "A bandwidth: a size per second, such as 100MiB/s.",
});

const RATE = "a rate with its unit (/s, /m, /h, /d), such as 400/s";
const MOST_PER_SECOND = 1e6;
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["/s", 1],
  ["/m", 60],
  ["/h", 3600],
  ["/d", 86_400],
]);

/** Reads `400/s`, `24000/m`, `10/h` to a number per second, 0…10⁶. */
export function parseRate(text: string): Parsed<number> {
  const [, digits, unit] = AMOUNT.exec(text.trim()) ?? [];
  if (digits === undefined || unit === undefined) return refused(RATE);
  if (unit === "") return refused(`a unit after the number, such as ${digits}/s`);
  const seconds = SECONDS.get(unit);
  if (seconds === undefined) return refused(RATE);
  const perSecond = Number(digits) / seconds;
  return perSecond <= MOST_PER_SECOND ? accepted(perSecond) : refused(`a rate of at most ${MOST_PER_SECOND}/s`);
}

/** `400/s`, `24000/m`, `10/h` → per second, 0…10⁶. */
export const rate = textField(RATE, parseRate).meta({
  title: "rate",
  description: "A rate: a number per s, m, h or d, such as 400/s.",
});

const SHARE = "a share from 0 to 1, such as 0.1 or 10%";
const SHARE_TEXT = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(%?)$/;

/** Reads `99.9%` or `0.999` to a share 0…1; `99.9%` becomes exactly what `0.999` is. */
export function parseShare(text: string): Parsed<number> {
  const [, digits, percent] = SHARE_TEXT.exec(text.trim()) ?? [];
  if (digits === undefined) return refused(SHARE);
  // Shifting the decimal point in the text keeps the nearest double: 99.9 / 100 is not 0.999.
  const value = percent === "%" ? percentOf(digits) : Number(digits);
  if (value <= 1) return accepted(value);
  const hint = percent !== "%" && value <= 100 ? ` (did you mean ${digits}%?)` : "";
  return refused(`${SHARE}${hint}`);
}

function percentOf(digits: string): number {
  return /[eE]/.test(digits) ? Number(digits) / 100 : Number(`${digits}e-2`);
}

/** `99.9%` or `0.999` → 0…1. */
export const share = textOrNumberField(SHARE, parseShare).meta({ title: "share", description: "A share: 10% or 0.1." });
