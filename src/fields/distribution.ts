import type { Distribution } from "../kernel/distributions.ts";
import { unreachable } from "../kernel/errors.ts";
import { formatDuration, type Micros } from "../kernel/time.ts";
import { type Call, formatArgument, parseCall } from "./call.ts";
import { parseDuration } from "./duration.ts";
import { suggestion } from "./nearest.ts";
import { accepted, type Parsed, refused, textField } from "./refusal.ts";
import { parseNumber, readArguments } from "./signature.ts";

/** A distribution whose values stand in a file that the scenario's reader has yet to read: one per row, under `column`. */
export interface DistributionFile {
  readonly kind: "empirical-file";
  readonly path: string;
  /** Name of the column; undefined: the only one. */
  readonly column: string | undefined;
}

/** A distribution as a scenario may name it. */
export type DistributionForm = Distribution | DistributionFile;

const NAMES = [
  "constant",
  "uniform",
  "exponential",
  "normal",
  "lognormal",
  "gamma",
  "weibull",
  "pareto",
  "empirical",
] as const;

const EXPECTED = "a duration such as 4s, or a distribution such as exponential(40ms) or lognormal(median=4s, p95=9s)";

/** Reads every written form of a distribution; a file is only named, not read. */
export function parseDistributionForm(text: string): Parsed<DistributionForm> {
  const trimmed = text.trim();
  if (!/^[A-Za-z]/.test(trimmed)) {
    const constant = parseDuration(trimmed);
    if (constant.ok) return accepted({ kind: "constant", value: constant.value });
    return refused(/^\d/.test(trimmed) ? constant.expected : EXPECTED);
  }
  const call = parseCall(trimmed);
  if (!call.ok)
    return refused(/^[A-Za-z]+$/.test(trimmed) ? `${EXPECTED}${suggestion(trimmed, NAMES)}` : call.expected);
  return callOf(call.value);
}

function callOf(call: Call): Parsed<DistributionForm> {
  switch (call.name) {
    case "constant":
      return map(readArguments(call, { value: parseDuration }), ({ value }) => ({ kind: "constant", value }));
    case "uniform":
      return uniform(call);
    case "exponential":
      return map(readArguments(call, { mean: parseDuration }), ({ mean }) => ({ kind: "exponential", mean }));
    case "normal":
      return map(readArguments(call, { mean: parseDuration, sd: parseDuration }), (read) => ({
        kind: "normal",
        ...read,
      }));
    case "lognormal":
      return lognormal(call);
    case "gamma":
      return gamma(call);
    case "weibull":
      return weibull(call);
    case "pareto":
      return pareto(call);
    case "empirical":
      return empirical(call);
    default:
      return refused(`${EXPECTED}${suggestion(call.name, NAMES)}`);
  }
}

function map<From, To>(parsed: Parsed<From>, make: (value: From) => To): Parsed<To> {
  return parsed.ok ? accepted(make(parsed.value)) : parsed;
}

function uniform(call: Call): Parsed<Distribution> {
  const read = readArguments(call, { min: parseDuration, max: parseDuration });
  if (!read.ok) return read;
  if (read.value.min > read.value.max) return refused("the smaller value first, such as uniform(1s, 3s)");
  return accepted({ kind: "uniform", ...read.value });
}

function lognormal(call: Call): Parsed<Distribution> {
  const read = readArguments(call, { median: parseDuration, p95: parseDuration });
  if (!read.ok) return read;
  const { median, p95 } = read.value;
  if (median === 0) return refused("a median above 0s, such as lognormal(median=4s, p95=9s)");
  if (p95 < median) return refused("a p95 of at least the median, such as lognormal(median=4s, p95=9s)");
  return accepted({ kind: "lognormal", median, p95 });
}

/** Outside these the quantile functions lose their accuracy, and no real duration is like that. */
const LEAST_SHAPE = 0.05;
const MOST_SHAPE = 100;
const LEAST_CV = 0.01;
const MOST_CV = 10;

function gamma(call: Call): Parsed<Distribution> {
  const read = readArguments(call, { mean: parseDuration, cv: parseNumber });
  if (!read.ok) return read;
  const { mean, cv } = read.value;
  if (mean === 0) return refused("a mean above 0s, such as gamma(mean=40ms, cv=0.5)");
  if (cv !== 0 && (cv < LEAST_CV || cv > MOST_CV)) {
    return refused(`a cv (standard deviation ÷ mean) of 0, or from ${LEAST_CV} to ${MOST_CV}`);
  }
  return accepted({ kind: "gamma", mean, cv });
}

function weibull(call: Call): Parsed<Distribution> {
  const read = readArguments(call, { shape: parseNumber, scale: parseDuration });
  if (!read.ok) return read;
  const { shape, scale } = read.value;
  if (scale === 0) return refused("a scale above 0s, such as weibull(shape=0.7, scale=30d)");
  return shapeFits(shape) ? accepted({ kind: "weibull", shape, scale }) : refused(shapeExpected("weibull"));
}

function pareto(call: Call): Parsed<Distribution> {
  const read = readArguments(call, { min: parseDuration, shape: parseNumber });
  if (!read.ok) return read;
  const { min, shape } = read.value;
  if (min === 0) return refused("a min above 0s, such as pareto(min=10ms, shape=1.5)");
  return shapeFits(shape) ? accepted({ kind: "pareto", min, shape }) : refused(shapeExpected("pareto"));
}

function shapeFits(shape: number): boolean {
  return shape >= LEAST_SHAPE && shape <= MOST_SHAPE;
}

function shapeExpected(name: string): string {
  return `a shape from ${LEAST_SHAPE} to ${MOST_SHAPE} in ${name}(…)`;
}

/** `empirical(file.csv)`, with `column=` where there are several; or the values themselves, `empirical(1s, 2s, 4s)`. */
function empirical(call: Call): Parsed<DistributionForm> {
  const [first] = call.positional;
  if (first === undefined) return refused("a file or values, such as empirical(times.csv) or empirical(1s, 2s, 4s)");
  const isFile = /\.csv(\.gz)?$/.test(first);
  if (isFile) {
    const read = readArguments(call, { file: accepted<string>, column: accepted<string> }, ["column"]);
    return map(read, ({ file, column }) => ({ kind: "empirical-file", path: file, column }));
  }
  if (call.named.size > 0)
    return refused("a .csv file before the named values, such as empirical(times.csv, column=ms)");
  const values: Micros[] = [];
  for (const text of call.positional) {
    const parsed = parseDuration(text);
    if (!parsed.ok) return refused(`a .csv file, or durations: ${JSON.stringify(text)} should be ${parsed.expected}`);
    values.push(parsed.value);
  }
  return accepted({ kind: "empirical", values: values.sort((a, b) => a - b) });
}

/** Reads a distribution that names no file. */
export function parseDistribution(text: string): Parsed<Distribution> {
  const form = parseDistributionForm(text);
  if (!form.ok) return form;
  if (form.value.kind !== "empirical-file") return accepted(form.value);
  return refused("the values themselves here, such as empirical(1s, 2s, 4s): a file cannot be read in this place");
}

const MEANING =
  "A duration (4s), or a distribution of durations: constant(4s), uniform(1s, 3s), exponential(mean), normal(mean, sd), " +
  "lognormal(median=, p95=), gamma(mean=, cv=), weibull(shape=, scale=), pareto(min=, shape=), ";

/** A distribution without files: `4s`, `exponential(40ms)`, `empirical(1s, 2s)`… → kernel `Distribution`. For settings of plugins. */
export const distribution = textField(EXPECTED, parseDistribution).meta({
  title: "distribution",
  description: `${MEANING}empirical(1s, 2s, 4s).`,
});

/** As `distribution`, and `empirical(file.csv)` too, which the scenario's reader resolves. */
export const distributionForm = textField(EXPECTED, parseDistributionForm).meta({
  title: "distribution",
  description: `${MEANING}empirical(1s, 2s, 4s), empirical(file.csv, column=name).`,
});

/** The distribution as a scenario writes it; reading that gives the same distribution again. */
export function formatDistribution(form: DistributionForm): string {
  switch (form.kind) {
    case "constant":
      return formatDuration(form.value);
    case "uniform":
      return `uniform(${formatDuration(form.min)}, ${formatDuration(form.max)})`;
    case "exponential":
      return `exponential(${formatDuration(form.mean)})`;
    case "normal":
      return `normal(${formatDuration(form.mean)}, ${formatDuration(form.sd)})`;
    case "lognormal":
      return `lognormal(median=${formatDuration(form.median)}, p95=${formatDuration(form.p95)})`;
    case "gamma":
      return `gamma(mean=${formatDuration(form.mean)}, cv=${form.cv})`;
    case "weibull":
      return `weibull(shape=${form.shape}, scale=${formatDuration(form.scale)})`;
    case "pareto":
      return `pareto(min=${formatDuration(form.min)}, shape=${form.shape})`;
    case "empirical":
      return `empirical(${form.values.map(formatDuration).join(", ")})`;
    case "empirical-file": {
      const column = form.column === undefined ? "" : `, column=${formatArgument(form.column)}`;
      return `empirical(${formatArgument(form.path)}${column})`;
    }
    default:
      return unreachable(form);
  }
}
