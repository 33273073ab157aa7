import type { ComparedStrategy, Comparison } from "../experiments/comparison.ts";
import { answer } from "./answer.ts";
import { DOWN_AND_DEGRADED, meaningsOf } from "./causeWords.ts";
import type { ChartTable, DrawnChart } from "./charts/chart.ts";
import { cell } from "./charts/metricDots.ts";
import { formatMetric, KEY_METRICS, type KeyMetric } from "./comparisonMetrics.ts";
import { escapeHtml } from "./escapeHtml.ts";
import { formatCount, formatMoment, formatSeconds, formatShare } from "./numbers.ts";
import { figure, type Html, leadText, page, section, table, warningList } from "./page.ts";
import { comparedPlaceLines } from "./places.ts";
import { printable } from "./printable.ts";
import type { ReportOptions } from "./reportFile.ts";
import { rootInWords, rootPlace } from "./rootWords.ts";

/** More columns than this need scrolling on a laptop. */
const MOST_ACROSS = 5;

/** The page of a comparison; `charts` are its figures in order. */
export function comparisonPage(comparison: Comparison, charts: readonly DrawnChart[], options: ReportOptions): string {
  const { kind, replications, seed, scenario, strategies, baseline } = comparison;
  const names = strategies.map(({ name }) => name).join(",");
  const times = replications > 1 ? ` --replications ${replications}` : "";
  const command = options.command ?? `rehearse compare <scenario file> --${kind} ${names} --seed ${seed}${times}`;
  return page({
    kind: `comparison of ${kind}`,
    title: options.title ?? scenario,
    answer: answer(comparison),
    notes: comparedPlaceLines(comparison),
    sections: [
      ...comparison.services.map((service) => metricsSection(comparison, service)),
      warningList(comparison.warnings),
      section("In pictures", charts.map(figure).join("\n")),
      ...comparison.services.map((service) => differencesSection(comparison, service)),
      losslessSection(comparison),
      failuresSection(comparison),
      releasesSection(comparison),
    ],
    foot: [
      ["Scenario", scenario],
      ["Seeds", replications > 1 ? `${seed} to ${seed + replications - 1}` : String(seed)],
      ["Baseline", baseline],
      ["Command", command],
      ...strategies.map(({ name, firstRun }): [string, string] => [
        `Digest, ${printable(name)}`,
        firstRun.summary.digest,
      ]),
    ],
    data: comparisonSummary(comparison),
  });
}

/** A comparison as JSON: all numbers, without the series of the first runs. */
export function comparisonSummary(comparison: Comparison): unknown {
  return {
    ...comparison,
    strategies: comparison.strategies.map(({ firstRun, ...strategy }) => ({ ...strategy, firstRun: firstRun.summary })),
  };
}

function metricsSection(comparison: Comparison, service: string): Html {
  const several = comparison.replications > 1;
  const note = several
    ? `Means over ${comparison.replications} seeds, with 95 % confidence intervals. Every seed gives all of them the same requests and the same failures.`
    : "One seed; every one of them met the same requests and the same failures.";
  const heading = comparison.services.length > 1 ? `Key numbers: ${printable(service)}` : "Key numbers";
  return section(heading, leadText(note) + table(keyTable(comparison, service)) + leadText(DOWN_AND_DEGRADED));
}

/** Metrics down and strategies across, where they fit across; the other way round where they are many. */
function keyTable(comparison: Comparison, service: string): ChartTable {
  const { strategies, kind } = comparison;
  const cells = KEY_METRICS.map((metric) =>
    strategies.map(({ metrics }) => cell(metrics[`services.${service}.${metric.path}`], metric)),
  );
  if (strategies.length <= MOST_ACROSS) {
    const rows = KEY_METRICS.map(({ title }, at) => [title, ...(cells[at] ?? [])]);
    return { header: ["Metric", ...strategies.map(({ name }) => name)], rows };
  }
  const first = kind === "strategies" ? "Strategy" : "Scheduler";
  const rows = strategies.map(({ name }, at) => [name, ...cells.map((row) => row[at] ?? "–")]);
  return { header: [first, ...KEY_METRICS.map(({ title }) => title)], rows };
}

function differencesSection(comparison: Comparison, service: string): Html {
  const others = comparison.strategies.filter(({ name }) => name !== comparison.baseline);
  const metrics = KEY_METRICS.filter((metric) =>
    others.some((other) => differenceOf(other, service, metric) !== undefined),
  );
  if (others.length === 0 || metrics.length === 0) return "";
  const rows = metrics.map((metric) => [
    metric.title,
    ...others.map((other) => differenceCell(other, service, metric)),
  ]);
  const several = comparison.services.length > 1 ? `${printable(service)}: ` : "";
  const note =
    comparison.replications > 1
      ? "Paired by seed, with 95 % confidence intervals; “unclear” where the interval holds zero."
      : "Under one seed, so chance is not accounted for; more replications give intervals.";
  return section(
    `${several}Difference from ${printable(comparison.baseline)}`,
    `<p class="lead">${escapeHtml(note)}</p>${table({ header: ["Metric", ...others.map(({ name }) => name)], rows })}`,
  );
}

function differenceOf(
  strategy: ComparedStrategy,
  service: string,
  metric: KeyMetric,
): ComparedStrategy["versusBaseline"][string] | undefined {
  return strategy.versusBaseline[`services.${service}.${metric.path}`];
}

function differenceCell(strategy: ComparedStrategy, service: string, metric: KeyMetric): string {
  const difference = differenceOf(strategy, service, metric);
  if (difference === undefined) return "–";
  const { meanDifference, ci95 } = difference;
  if (ci95 === null || ci95[0] === ci95[1]) return signed(meanDifference, metric);
  const unclear = ci95[0] <= 0 && ci95[1] >= 0 ? ", unclear" : "";
  return `${signed(meanDifference, metric)} (${signed(ci95[0], metric)} to ${signed(ci95[1], metric)}${unclear})`;
}

function signed(value: number, metric: KeyMetric): string {
  return `${value > 0 ? "+" : ""}${formatMetric(value, metric.unit)}`;
}

function losslessSection({ strategies, replications }: Comparison): Html {
  if (replications < 2) return "";
  const rows = strategies.map(({ name, noFailedRequest: { share, ci95 } }) => [
    name,
    formatShare(share),
    `${formatShare(ci95[0])} to ${formatShare(ci95[1])}`,
  ]);
  return section(
    "Seeds without a failed request",
    table({ header: ["Name", "Share of seeds", "95 % interval (Wilson)"], rows }),
  );
}

function failuresSection({ strategies, seed }: Comparison): Html {
  const rows = strategies.flatMap(({ name, firstRun }) =>
    Object.entries(firstRun.summary.services)
      .flatMap(([service, { requests }]) => requests.failures.map((failure) => ({ ...failure, service })))
      .sort((a, b) => b.count - a.count)
      .slice(0, 8)
      .map(({ service, cause, root, count }) => ({
        cause,
        cells: [name, service, cause, rootInWords(root), rootPlace(root) ?? "–", formatCount(count)],
      })),
  );
  if (rows.length === 0) return "";
  const header = ["Name", "Service", "Cause", "Root", "In the file", "Requests"];
  return section(
    `Why requests failed under seed ${seed}`,
    leadText(meaningsOf(rows.map(({ cause }) => cause))) + table({ header, rows: rows.map(({ cells }) => cells) }),
  );
}

function releasesSection({ strategies, seed }: Comparison): Html {
  const rows = strategies.flatMap(({ name, firstRun }) =>
    Object.entries(firstRun.summary.services).flatMap(([service, { rollouts }]) =>
      rollouts
        .slice(0, 10)
        .map((rollout) => [
          name,
          `${printable(service)} to ${printable(rollout.to)}`,
          formatMoment(rollout.startS),
          rollout.endS === null ? "–" : formatSeconds(rollout.endS - rollout.startS),
          rollout.outcome,
          formatCount(rollout.peakContainers),
          formatCount(rollout.minAvailable),
        ]),
    ),
  );
  if (rows.length === 0) return "";
  const header = ["Name", "Release", "From", "Took", "Outcome", "Peak containers", "Fewest available"];
  return section(`Releases under seed ${seed}`, table({ header, rows }));
}
