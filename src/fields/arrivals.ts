import type { Micros } from "../kernel/time.ts";
import { DAY } from "../kernel/time.ts";
import { type Call, parseCall } from "./call.ts";
import { type DistributionForm, parseDistributionForm } from "./distribution.ts";
import { parseDuration } from "./duration.ts";
import { suggestion } from "./nearest.ts";
import { parseRate } from "./quantity.ts";
import { accepted, type Parsed, refused, textField } from "./refusal.ts";
import { parseNumber, readArguments } from "./signature.ts";

/** Where time 0 lies in a file: `first` row, `file` (plain seconds as they are), or a stamp or number of seconds as written. */
export type TraceStart = { readonly kind: "first" } | { readonly kind: "text"; readonly text: string };

/** Counts per step in a CSV file that the scenario's reader has yet to read. */
export interface TraceFile {
  readonly kind: "trace-file";
  readonly path: string;
  readonly time: string;
  readonly count: string;
  readonly step: Micros;
  readonly spread: "even" | "poisson";
  /** The counts are thinned, or multiplied, to this share of their sum. */
  readonly scale: number;
  readonly start: TraceStart;
}

/** One request per row of a CSV file that the scenario's reader has yet to read. */
export interface ReplayFile {
  readonly kind: "replay-file";
  readonly path: string;
  readonly time: string;
  /** Column of service times, in ms where its name ends on `Ms`, else in s; undefined: the image decides. */
  readonly service: string | undefined;
  readonly start: TraceStart;
}

/** How requests arrive, as one text says it. Rates are per second. */
export type ArrivalsForm =
  | { readonly kind: "none" }
  | { readonly kind: "constant" | "poisson"; readonly perSecond: number }
  | { readonly kind: "ramp"; readonly fromPerSecond: number; readonly toPerSecond: number; readonly over: Micros }
  | { readonly kind: "daily"; readonly meanPerSecond: number; readonly peakPerSecond: number; readonly peakAt: Micros }
  | {
      readonly kind: "bursts";
      readonly basePerSecond: number;
      readonly peakPerSecond: number;
      readonly every: Micros;
      readonly length: Micros;
    }
  | { readonly kind: "users"; readonly count: number; readonly think: DistributionForm }
  | TraceFile
  | ReplayFile;

const NAMES = ["none", "constant", "poisson", "ramp", "daily", "bursts", "users", "trace", "replay"] as const;
const EXPECTED = "arrivals such as poisson(400/s), or none";
/** Each has a stream of random numbers of its own, some 500 bytes. */
const MOST_USERS = 100_000;

/** Reads every written form of arrivals; files are only named, not read. */
export function parseArrivals(text: string): Parsed<ArrivalsForm> {
  const trimmed = text.trim();
  if (trimmed === "none") return accepted({ kind: "none" });
  if (parseRate(trimmed).ok) return refused(`how they arrive as well: poisson(${trimmed}) or constant(${trimmed})`);
  const call = parseCall(trimmed);
  if (!call.ok) return refused(/^[A-Za-z]+$/.test(trimmed) ? `${EXPECTED}${suggestion(trimmed, NAMES)}` : EXPECTED);
  return callOf(call.value);
}

function callOf(call: Call): Parsed<ArrivalsForm> {
  switch (call.name) {
    case "constant":
    case "poisson":
      return flat(call, call.name);
    case "ramp":
      return ramp(call);
    case "daily":
      return daily(call);
    case "bursts":
      return bursts(call);
    case "users":
      return users(call);
    case "trace":
      return trace(call);
    case "replay":
      return replay(call);
    default:
      return refused(`${EXPECTED}${suggestion(call.name, NAMES)}`);
  }
}

function flat(call: Call, kind: "constant" | "poisson"): Parsed<ArrivalsForm> {
  const read = readArguments(call, { rate: parseRate });
  return read.ok ? accepted({ kind, perSecond: read.value.rate }) : read;
}

function ramp(call: Call): Parsed<ArrivalsForm> {
  const read = readArguments(call, { from: parseRate, to: parseRate, over: parsePositive });
  if (!read.ok) return read;
  const { from, to, over } = read.value;
  return accepted({ kind: "ramp", fromPerSecond: from, toPerSecond: to, over });
}

function daily(call: Call): Parsed<ArrivalsForm> {
  const read = readArguments(call, { mean: parseRate, peak: parseRate, at: parseDuration });
  if (!read.ok) return read;
  const { mean, peak, at } = read.value;
  if (peak < mean) return refused("a peak of at least the mean, such as daily(mean=200/s, peak=400/s, at=14h)");
  if (peak > 2 * mean) return refused("a peak of at most twice the mean: the sine would go below 0 at night");
  if (at >= DAY) return refused("as at in daily(mean, peak, at) a time of day below 24h, such as 14h");
  return accepted({ kind: "daily", meanPerSecond: mean, peakPerSecond: peak, peakAt: at });
}

function bursts(call: Call): Parsed<ArrivalsForm> {
  const read = readArguments(call, { base: parseRate, peak: parseRate, every: parsePositive, for: parsePositive });
  if (!read.ok) return read;
  const { base, peak, every, for: length } = read.value;
  if (length > every) return refused("bursts that end before the next begins: for at most every");
  return accepted({ kind: "bursts", basePerSecond: base, peakPerSecond: peak, every, length });
}

function users(call: Call): Parsed<ArrivalsForm> {
  const read = readArguments(call, { count: parseUsers, think: parseDistributionForm });
  return read.ok ? accepted({ kind: "users", ...read.value }) : read;
}

function parseUsers(text: string): Parsed<number> {
  const count = Number(text);
  const isFine = /^\d+$/.test(text) && count >= 1 && count <= MOST_USERS;
  return isFine ? accepted(count) : refused(`a whole number of users from 1 to ${MOST_USERS}`);
}

function trace(call: Call): Parsed<ArrivalsForm> {
  const signature = {
    file: parsePath,
    time: parseColumn,
    count: parseColumn,
    step: parsePositive,
    spread: parseSpread,
    scale: parseScale,
    start: parseStart,
  };
  const read = readArguments(call, signature, ["spread", "scale", "start"]);
  if (!read.ok) return read;
  const { file: path, spread = "poisson", scale = 1, start = FIRST, ...rest } = read.value;
  return accepted({ kind: "trace-file", path, spread, scale, start, ...rest });
}

function replay(call: Call): Parsed<ArrivalsForm> {
  const signature = { file: parsePath, time: parseColumn, service: parseColumn, start: parseStart };
  const read = readArguments(call, signature, ["service", "start"]);
  if (!read.ok) return read;
  const { file: path, time, service, start = FIRST } = read.value;
  return accepted({ kind: "replay-file", path, time, service, start });
}

const FIRST: TraceStart = { kind: "first" };

function parseStart(text: string): Parsed<TraceStart> {
  return accepted({ kind: "text", text });
}

function parsePath(text: string): Parsed<string> {
  return /\.csv(\.gz)?$/.test(text) ? accepted(text) : refused("a .csv or .csv.gz file");
}

function parseColumn(text: string): Parsed<string> {
  return text === "" ? refused("the name of a column") : accepted(text);
}

function parseSpread(text: string): Parsed<"even" | "poisson"> {
  return text === "even" || text === "poisson" ? accepted(text) : refused("even or poisson");
}

function parseScale(text: string): Parsed<number> {
  const parsed = parseNumber(text);
  return parsed.ok && parsed.value > 0 && parsed.value <= 1e6 ? parsed : refused("a factor above 0, such as 0.01");
}

function parsePositive(text: string): Parsed<Micros> {
  const parsed = parseDuration(text);
  return parsed.ok && parsed.value === 0 ? refused("a duration above 0s") : parsed;
}

/** `none`, `poisson(400/s)`, `users(200, think=exponential(3s))`, `trace(…)`, `replay(…)`… → `ArrivalsForm`. */
export const arrivals = textField(EXPECTED, parseArrivals).meta({
  title: "arrivals",
  description:
    "none, constant(400/s), poisson(400/s), ramp(0/s, 400/s, over=5m), daily(mean=200/s, peak=400/s, at=14h), " +
    "bursts(base=100/s, peak=900/s, every=5m, for=20s), users(200, think=exponential(3s)), " +
    "trace(requests.csv, time=minute_utc, count=requests, step=1m, spread=even, scale=0.01), " +
    "replay(arrivals.csv, time=at, service=serviceMs).",
});
