import type { Comparison } from "../experiments/comparison.ts";
import type { RunResult } from "../metrics/result.ts";
import { comparisonWithBriefImages, runWithBriefImages } from "./briefNames.ts";
import type { Chart, DrawnChart } from "./charts/chart.ts";
import { costScatter } from "./charts/costScatter.ts";
import { failureBars } from "./charts/failureBars.ts";
import { hostLanes } from "./charts/hostLanes.ts";
import { metricDots } from "./charts/metricDots.ts";
import { drawChart } from "./charts/renderChart.ts";
import { serviceTimeline } from "./charts/serviceTimeline.ts";
import { strategyTimelines } from "./charts/strategyTimelines.ts";
import { eventfulWindow } from "./charts/timeWindow.ts";
import { busiestServices } from "./comparisonMetrics.ts";
import { comparisonPage, comparisonSummary } from "./comparisonPage.ts";
import { type Cell, csv } from "./csv.ts";
import { formatCount } from "./numbers.ts";
import { printable } from "./printable.ts";
import type { ReportFile, ReportOptions } from "./reportFile.ts";
import { runPage } from "./runPage.ts";
import { namedSeriesCsv, runSeriesCsv } from "./seriesCsv.ts";
import { slugs } from "./slug.ts";

/** More figures over time than this are more than anyone looks at; the tables have all services. */
const MOST_TIMELINES = 8;
/** The same for a comparison, whose figures are each one per strategy. */
const MOST_COMPARED = 4;
/** A part of the run shorter than this share is drawn once more by itself. */
const CLOSER_BELOW = 0.35;

/** The report folder of one run: page, charts (Vega-Lite, SVG, PNG), summary as JSON, series as CSV. */
export async function runReport(result: RunResult, options: ReportOptions = {}): Promise<ReportFile[]> {
  const shown = runWithBriefImages(result);
  const { charts, left } = runCharts(shown);
  const drawn = await drawAll(charts);
  const settings = { ...options, ...(left === undefined ? {} : { left }), data: result.summary };
  return [
    { path: "index.html", bytes: runPage(shown, drawn, settings) },
    { path: "summary.json", bytes: `${JSON.stringify(result.summary, null, 2)}\n` },
    ...chartFiles(drawn),
    ...runSeriesCsv(result),
  ];
}

/** The report folder of a comparison: page, charts, all metrics as CSV, and the series of each first run. */
export async function comparisonReport(comparison: Comparison, options: ReportOptions = {}): Promise<ReportFile[]> {
  const shown = comparisonWithBriefImages(comparison);
  const drawn = await drawAll(comparisonCharts(shown));
  const first = comparison.strategies.map(({ name, firstRun }) => ({ name, result: firstRun }));
  return [
    { path: "index.html", bytes: comparisonPage(shown, drawn, options) },
    { path: "summary.json", bytes: `${JSON.stringify(comparisonSummary(comparison), null, 2)}\n` },
    ...chartFiles(drawn),
    { path: "metrics.csv", bytes: metricsCsv(comparison) },
    ...namedSeriesCsv(first, comparison.kind === "strategies" ? "strategy" : "scheduler"),
  ];
}

/** The figures of a run: one over time for each of the services that lost most or had most to do, the hosts, and why requests failed. */
function runCharts(result: RunResult): { charts: Chart[]; left: string | undefined } {
  const services = Object.entries(result.summary.services);
  const busiest = [...services]
    .sort(([, a], [, b]) => b.requests.failed - a.requests.failed || b.requests.arrived - a.requests.arrived)
    .slice(0, MOST_TIMELINES)
    .map(([name]) => name);
  const names = slugs(busiest);
  const failures = services.flatMap(([service, { requests }]) =>
    requests.failures.map((failure) => ({ ...failure, service })),
  );
  const charts = [
    ...busiest.flatMap((service) => timelines(result, service, names.get(service) ?? "")),
    failureBars(failures, "failures"),
    hostLanes(result, "hosts"),
  ];
  const hidden = services.filter(([name]) => !busiest.includes(name)).map(([name]) => printable(name));
  const left =
    hidden.length === 0
      ? undefined
      : `Drawn are the ${MOST_TIMELINES} services that lost most requests, or had most; ${formatCount(hidden.length)} more are only in the tables and CSV files.`;
  return { charts: charts.filter((chart) => chart !== undefined), left };
}

/** The whole run, and a closer look where everything happened in a small part of it. */
function timelines(result: RunResult, service: string, slug: string): Chart[] {
  const whole = serviceTimeline(result, service, `timeline-${slug}`);
  const window = eventfulWindow([result], service);
  const { durationS } = result.series;
  if (window === undefined || window.toS - window.fromS > durationS * CLOSER_BELOW) return [whole];
  return [whole, serviceTimeline(result, service, `closer-${slug}`, window)];
}

/** The figures of a comparison, for the services with most requests. */
function comparisonCharts(comparison: Comparison): Chart[] {
  const services = busiestServices(comparison, MOST_COMPARED);
  const names = slugs(services);
  const charts = [
    ...services.map((service) => strategyTimelines(comparison, service, `timelines-${names.get(service) ?? ""}`)),
    ...services.map((service) => metricDots(comparison, service, `metrics-${names.get(service) ?? ""}`)),
    costScatter(comparison, "cost"),
  ];
  return charts.filter((chart) => chart !== undefined);
}

/** Draws one after the other: layout is work for one processor, and two at once would only hold two in memory. */
async function drawAll(charts: readonly Chart[]): Promise<DrawnChart[]> {
  const drawn: DrawnChart[] = [];
  for (const chart of charts) drawn.push(await drawChart(chart));
  return drawn;
}

/** The three files of each chart below `charts/`. */
function chartFiles(drawn: readonly DrawnChart[]): ReportFile[] {
  return drawn.flatMap(({ chart, svg, png }) => [
    { path: `charts/${chart.slug}.vl.json`, bytes: `${JSON.stringify(chart.spec)}\n` },
    { path: `charts/${chart.slug}.svg`, bytes: svg },
    { path: `charts/${chart.slug}.png`, bytes: png },
  ]);
}

function metricsCsv({ strategies, kind }: Comparison): string {
  const header = [
    kind === "strategies" ? "strategy" : "scheduler",
    "metric",
    "mean",
    "ci95Low",
    "ci95High",
    "n",
    "difference",
    "differenceLow",
    "differenceHigh",
  ];
  const rows = strategies.flatMap(({ name, metrics, versusBaseline }) =>
    Object.entries(metrics).map(([metric, { mean, ci95, n }]): Cell[] => {
      const against = Object.hasOwn(versusBaseline, metric) ? versusBaseline[metric] : undefined;
      return [
        name,
        metric,
        mean,
        ...(ci95 ?? [null, null]),
        n,
        against?.meanDifference ?? null,
        ...(against?.ci95 ?? [null, null]),
      ];
    }),
  );
  return csv(header, rows);
}
