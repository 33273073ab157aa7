import type { Comparison } from "../experiments/comparison.ts";
import type { RolloutSummary, RunResult, ServiceSummary } from "../metrics/result.ts";
import { answer } from "./answer.ts";
import { comparisonWithBriefImages, runWithBriefImages } from "./briefNames.ts";
import { formatMetric, KEY_METRICS, serviceMean } from "./comparisonMetrics.ts";
import { formatCount, formatMillis, formatMoment, formatSeconds, formatShare } from "./numbers.ts";
import { comparedPlaceLines, placeLines } from "./places.ts";
import { printable } from "./printable.ts";
import { rootWithPlace } from "./rootWords.ts";
import { availabilityOverTime, sparkline } from "./sparkline.ts";
import { cellWidth, fitCells, terminalTable, wrapText } from "./terminalTable.ts";

/** How the terminal is: whether it shows colour, and how many cells a line has (at least 40 are used). */
export interface TerminalOptions {
  readonly colour: boolean;
  readonly width: number;
}

type Style = "bold" | "dim" | "red" | "green" | "yellow";

const CODES: Readonly<Record<Style, string>> = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33" };

const MOST_LINES = 6;
const MOST_SERVICES = 12;

/** What a run came to, for a terminal: the answer first, then the numbers behind it. Ends with a line break. */
export function runText(run: RunResult, options: TerminalOptions): string {
  const result = runWithBriefImages(run);
  const paint = painter(options.colour);
  const width = Math.max(40, options.width);
  const { summary, series } = result;
  const services = Object.entries(summary.services);
  const lines = wrapText(answer(result), width).map((line) => paint("bold", line));
  lines.push(...placeBlock(placeLines(summary), width, paint), "");
  if (services.length > 0) lines.push(...serviceTable(services.slice(0, MOST_SERVICES), width, paint));
  if (services.length > MOST_SERVICES) lines.push(paint("dim", `and ${services.length - MOST_SERVICES} more services`));
  for (const [name, service] of services.slice(0, MOST_SERVICES)) {
    const requests = series.requests[name];
    const blocks = [
      requests === undefined
        ? []
        : spark(name, availabilityOverTime(requests, barCells(width)), {
            width,
            paint,
            durationS: series.durationS,
          }),
      failureLines(name, service, width, paint),
      outageLines(name, service, width, paint),
      service.rollouts.slice(0, MOST_LINES).map((rollout) => rolloutLine(name, rollout, width, paint)),
    ];
    for (const block of blocks) if (block.length > 0) lines.push("", ...block);
  }
  lines.push(...warningLines(summary.warnings, width, paint));
  const speed = summary.wallS > 0 ? ` in ${formatSeconds(summary.wallS)}` : "";
  lines.push(
    "",
    paint("dim", fitCells(`digest ${summary.digest} · ${formatCount(summary.events)} events${speed}`, width)),
  );
  return `${lines.join("\n")}\n`;
}

/** What a comparison came to, for a terminal: the answer, then one table per service. Ends with a line break. */
export function comparisonText(compared: Comparison, options: TerminalOptions): string {
  const comparison = comparisonWithBriefImages(compared);
  const paint = painter(options.colour);
  const width = Math.max(40, options.width);
  const lines = wrapText(answer(comparison), width).map((line) => paint("bold", line));
  lines.push(...placeBlock(comparedPlaceLines(comparison), width, paint));
  for (const service of comparison.services.slice(0, MOST_SERVICES)) {
    lines.push("", ...(comparison.services.length > 1 ? [paint("bold", fitCells(service, width))] : []));
    lines.push(...metricTable(comparison, service, width, paint));
    for (const { name, firstRun } of comparison.strategies) {
      const requests = firstRun.series.requests[service];
      if (requests === undefined || requests.arrived.every((count) => count === 0)) continue;
      lines.push(...spark(name, availabilityOverTime(requests, barCells(width)), { width, paint }));
    }
  }
  lines.push(...warningLines(comparison.warnings, width, paint));
  const { seed, replications } = comparison;
  if (replications > 1) {
    const seeds = `means over the seeds ${seed} to ${seed + replications - 1}; bars: seed ${seed}`;
    lines.push("", paint("dim", fitCells(seeds, width)));
  }
  return `${lines.join("\n")}\n`;
}

/** Below the answer, because who has no place may be all there is to know. */
function placeBlock(told: readonly string[], width: number, paint: Paint): string[] {
  const rest = told.length - MOST_LINES;
  return [
    ...told.slice(0, MOST_LINES).flatMap((line) => wrapText(line, width)),
    ...(rest > 0 ? [`and ${formatCount(rest)} more that waited for a place`] : []),
  ].map((line) => paint("yellow", line));
}

type Paint = (style: Style, text: string) => string;

function painter(colour: boolean): Paint {
  return colour ? (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (_style, text) => text;
}

function serviceTable(services: readonly (readonly [string, ServiceSummary])[], width: number, paint: Paint): string[] {
  const header = ["service", "requests", "failed", "available", "down", "degraded", "p50", "p99", "peak"];
  const rows = services.map(([name, { requests, availability, downtime, degradedS, latencyMs, containers }]) => [
    name,
    formatCount(requests.succeeded + requests.failed),
    formatCount(requests.failed),
    formatShare(availability.requests),
    formatSeconds(downtime.totalS),
    formatSeconds(degradedS),
    formatMillis(latencyMs.p50),
    formatMillis(latencyMs.p99),
    formatCount(containers.peak),
  ]);
  return paintedTable([header, ...rows], { width, paint }, (at) => (services[at]?.[1].requests.failed ?? 0) > 0);
}

function metricTable(comparison: Comparison, service: string, width: number, paint: Paint): string[] {
  const shown = KEY_METRICS.filter(({ path }) =>
    comparison.strategies.some((strategy) => serviceMean(strategy, service, path) !== null),
  );
  const header = [
    comparison.kind === "strategies" ? "strategy" : "scheduler",
    ...shown.map(({ title }) => shortTitle(title)),
  ];
  const rows = comparison.strategies.map((strategy) => [
    strategy.name,
    ...shown.map(({ path, unit }) => formatMetric(serviceMean(strategy, service, path), unit)),
  ]);
  return paintedTable([header, ...rows], { width, paint });
}

/** A table with a dim heading, in as many parts as the width asks for; rows that `isBad` are red. */
function paintedTable(
  rows: readonly (readonly string[])[],
  { width, paint }: { width: number; paint: Paint },
  isBad: (row: number) => boolean = () => false,
): string[] {
  return inChunks(rows, width).flatMap((chunk, part) => {
    const [head = "", ...body] = terminalTable(chunk, width);
    const lines = body.map((line, at) => (isBad(at) ? paint("red", line) : line));
    return [...(part > 0 ? [""] : []), paint("dim", head), ...lines];
  });
}

/** The columns of a table, the first one in front of each chunk, in as few chunks as fit the width. */
function inChunks(rows: readonly (readonly string[])[], width: number): string[][][] {
  const room = (at: number): number => Math.max(...rows.map((row) => cellWidth(row[at] ?? "")));
  const columns = Array.from({ length: (rows[0]?.length ?? 1) - 1 }, (_, at) => at + 1);
  const chunks: number[][] = [];
  let used = 0;
  for (const at of columns) {
    const chunk = chunks.at(-1);
    if (chunk !== undefined && used + 2 + room(at) <= width) {
      chunk.push(at);
    } else {
      chunks.push([at]);
      used = Math.min(room(0), 24);
    }
    used += 2 + room(at);
  }
  return chunks.map((chunk) => rows.map((row) => [row[0] ?? "", ...chunk.map((at) => row[at] ?? "")]));
}

/** Headings narrow enough for eight columns in 80 cells. */
function shortTitle(title: string): string {
  const short: ReadonlyMap<string, string> = new Map([
    ["Failed requests", "failed"],
    ["Downtime", "down"],
    ["Degraded time", "degraded"],
    ["Latency p99", "p99"],
    ["Release took", "release"],
    ["Fewest available", "least up"],
    ["Peak containers", "peak"],
    ["Surplus container-seconds", "surplus c·s"],
  ]);
  return short.get(title) ?? title.toLowerCase();
}

interface SparkOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Written at the end, where given. */
  readonly durationS?: number;
}

/** Cells for the bars of a line: what is left beside the longest name and the longest moment. */
function barCells(width: number): number {
  return Math.min(60, width - 34);
}

/** Requests answered over time as one line of bars: full where all were. */
function spark(name: string, values: readonly (number | undefined)[], { paint, durationS }: SparkOptions): string[] {
  if (values.every((value) => value === undefined)) return [];
  const fitted = fitCells(name, 16);
  const label = fitted + " ".repeat(16 - cellWidth(fitted));
  const bars = sparkline(values);
  const style: Style = values.some((value) => value !== undefined && value < 1) ? "yellow" : "green";
  return [`${label}  ${paint(style, bars)}${durationS === undefined ? "" : `  ${formatMoment(durationS)}`}`];
}

function failureLines(name: string, { requests }: ServiceSummary, width: number, paint: Paint): string[] {
  if (requests.failures.length === 0) return [];
  const shown = requests.failures.slice(0, MOST_LINES);
  const rest = requests.failures.slice(MOST_LINES).reduce((sum, { count }) => sum + count, 0);
  const rows = shown.map(({ count, cause, root }) => [formatCount(count), cause, rootWithPlace(root)]);
  if (rest > 0) rows.push([formatCount(rest), "others", ""]);
  return [
    paint("bold", fitCells(`${printable(name)}: why requests failed`, width)),
    ...terminalTable(rows, width - 2, [1, 2]).map((line) => `  ${line}`),
  ];
}

function outageLines(name: string, { downtime }: ServiceSummary, width: number, paint: Paint): string[] {
  if (downtime.list.length === 0) return [];
  const rows = downtime.list
    .slice(0, MOST_LINES)
    .map(({ startS, endS, open, root }) => [
      formatMoment(startS),
      formatSeconds(endS - startS),
      `${rootWithPlace(root)}${open ? " (still down at the end)" : ""}`,
    ]);
  const rest = downtime.list.length - rows.length;
  return [
    paint("bold", fitCells(`${printable(name)}: outages`, width)),
    ...terminalTable(rows, width - 2, [2]).map((line) => `  ${line}`),
    ...(rest > 0 ? [paint("dim", `  and ${formatCount(rest)} more`)] : []),
  ];
}

function rolloutLine(name: string, rollout: RolloutSummary, width: number, paint: Paint): string {
  const took = rollout.endS === null ? "" : ` in ${formatSeconds(rollout.endS - rollout.startS)}`;
  const kind = rollout.reason === "rollback" ? "rollback" : printable(rollout.strategy);
  const text =
    `${printable(name)}: ${kind} to ${printable(rollout.to)} from ${formatMoment(rollout.startS)}: ${rollout.outcome}${took}, ` +
    `peak ${formatCount(rollout.peakContainers)}, least up ${formatCount(rollout.minAvailable)}`;
  return paint(rollout.outcome === "completed" ? "green" : "yellow", fitCells(text, width));
}

function warningLines(warnings: readonly string[], width: number, paint: Paint): string[] {
  if (warnings.length === 0) return [];
  return [
    "",
    ...warnings.flatMap((warning) => wrapText(`warning: ${warning}`, width)).map((line) => paint("yellow", line)),
  ];
}
