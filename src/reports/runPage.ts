import type { RolloutSummary, RunResult, RunSummary, ServiceSummary } from "../metrics/result.ts";
import { answer } from "./answer.ts";
import { DOWN_AND_DEGRADED, meaningsOf } from "./causeWords.ts";
import type { DrawnChart } from "./charts/chart.ts";
import { escapeHtml } from "./escapeHtml.ts";
import { formatCount, formatMillis, formatMoment, formatSeconds, formatShare, plural } from "./numbers.ts";
import { figure, type Html, leadText, page, section, table, tiles, warningList } from "./page.ts";
import { placeLines } from "./places.ts";
import { printable } from "./printable.ts";
import type { ReportOptions } from "./reportFile.ts";
import { rootInWords, rootPlace } from "./rootWords.ts";

const MOST_ROWS = 200;
const FOLDED_STEPS = 8;

/**
 * The page of one run. `charts` are its figures in order; `left` says which services have none, if any; `data` is the summary
 * for machines, where that is not the one shown.
 */
export function runPage(
  result: RunResult,
  charts: readonly DrawnChart[],
  options: ReportOptions & { left?: string; data?: RunSummary },
): string {
  const { summary } = result;
  const services = Object.entries(summary.services);
  const [only] = services;
  const command = options.command ?? `rehearse run <scenario file> --seed ${summary.seed}`;
  return page({
    kind: "report of one run",
    title: options.title ?? summary.scenario,
    answer: answer(result),
    notes: placeLines(summary),
    sections: [
      services.length === 1 && only !== undefined
        ? section("Key numbers", serviceTiles(only[1]) + leadText(DOWN_AND_DEGRADED))
        : servicesSection(services),
      warningList(summary.warnings),
      section(
        "What happened",
        charts.map(figure).join("\n") +
          (options.left === undefined ? "" : `<p class="lead">${escapeHtml(options.left)}</p>`),
      ),
      failuresSection(services),
      rolloutsSection(services),
      outagesSection(services),
      eventsSection(result),
      hostsSection(result),
    ],
    foot: [
      ["Scenario", summary.scenario],
      ["Seed", String(summary.seed)],
      ["Command", command],
      ["Digest of the history", summary.digest],
      [
        "Simulated",
        `${formatSeconds(summary.simulatedS)}, of which ${formatSeconds(summary.measuredS)} measured; ${plural(summary.events, "event")}`,
      ],
    ],
    data: options.data ?? summary,
  });
}

/** The numbers that one looks at first, for one service. */
function serviceTiles({
  requests,
  availability,
  downtime,
  degradedS,
  latencyMs,
  slo,
  containers,
}: ServiceSummary): Html {
  const ended = requests.succeeded + requests.failed;
  const loss = requests.failed > 0;
  return tiles([
    {
      label: "Requests",
      value: formatCount(ended),
      note:
        requests.inFlight > 0
          ? `${formatCount(requests.inFlight)} still in flight at the end`
          : "all answered or failed",
    },
    {
      label: "Failed",
      value: formatCount(requests.failed),
      note: ended > 0 ? formatShare(requests.failed / ended) : "no traffic",
      bad: loss,
    },
    {
      label: "Request availability",
      value: formatShare(availability.requests),
      ...(slo === null ? {} : { note: sloNote(slo) }),
      bad: slo !== null && !slo.met,
    },
    {
      label: "Downtime",
      value: formatSeconds(downtime.totalS),
      note: downtime.outages === 0 ? "never down" : plural(downtime.outages, "outage"),
      bad: downtime.totalS > 0,
    },
    { label: "Degraded time", value: formatSeconds(degradedS), note: "seconds with a failure" },
    { label: "Latency p50", value: formatMillis(latencyMs.p50), note: `mean ${formatMillis(latencyMs.mean)}` },
    { label: "Latency p99", value: formatMillis(latencyMs.p99), note: `longest ${formatMillis(latencyMs.max)}` },
    {
      label: "Peak containers",
      value: formatCount(containers.peak),
      note: `${formatCount(containers.surplusSeconds)} container-seconds surplus`,
    },
  ]);
}

function sloNote(slo: NonNullable<ServiceSummary["slo"]>): string {
  const used = slo.errorBudgetUsed;
  const spent =
    used === null
      ? ""
      : used > 2
        ? `${formatCount(used)} times the error budget`
        : `${formatShare(used)} of the error budget`;
  return `objective ${slo.met ? "met" : "missed"}${spent === "" ? "" : `, ${spent} used`}`;
}

function servicesSection(services: readonly (readonly [string, ServiceSummary])[]): Html {
  const hasObjective = services.some(([, { slo }]) => slo !== null);
  return section(
    "Key numbers",
    services.length === 0
      ? ""
      : table({
          header: [
            "Service",
            "Requests",
            "Failed",
            "Available",
            "Down",
            "Degraded",
            "p50",
            "p99",
            "Peak containers",
            ...(hasObjective ? ["Objective"] : []),
          ],
          rows: services.map(([name, service]) => serviceRow(name, service, hasObjective)),
        }) + leadText(DOWN_AND_DEGRADED),
  );
}

function serviceRow(
  name: string,
  { requests, availability, downtime, degradedS, latencyMs, containers, slo }: ServiceSummary,
  hasObjective: boolean,
): string[] {
  return [
    name,
    formatCount(requests.succeeded + requests.failed),
    formatCount(requests.failed),
    formatShare(availability.requests),
    formatSeconds(downtime.totalS),
    formatSeconds(degradedS),
    formatMillis(latencyMs.p50),
    formatMillis(latencyMs.p99),
    formatCount(containers.peak),
    ...(hasObjective ? [slo === null ? "–" : slo.met ? "met" : "missed"] : []),
  ];
}

type Services = readonly (readonly [string, ServiceSummary])[];

function failuresSection(services: Services): Html {
  const rows = services.flatMap(([name, { requests }]) =>
    requests.failures.map(({ cause, root, count }) => ({
      count,
      cause,
      cells: [
        name,
        cause,
        rootInWords(root),
        rootPlace(root) ?? "–",
        formatCount(count),
        formatShare(requests.failed > 0 ? count / requests.failed : null),
      ],
    })),
  );
  rows.sort((a, b) => b.count - a.count);
  return limited(
    "Failed requests by cause and root",
    ["Service", "Cause", "Root", "In the file", "Requests", "Share"],
    rows.map(({ cells }) => cells),
    meaningsOf(rows.map(({ cause }) => cause)),
  );
}

function outagesSection(services: Services): Html {
  const rows = services.flatMap(([name, { downtime }]) =>
    downtime.list.map(({ startS, endS, open, root }) => [
      name,
      formatMoment(startS),
      open ? "still down at the end" : formatMoment(endS),
      formatSeconds(endS - startS),
      rootInWords(root),
      rootPlace(root) ?? "–",
    ]),
  );
  return limited("Outages", ["Service", "From", "To", "Length", "Root", "In the file"], rows);
}

function eventsSection({ series }: RunResult): Html {
  const rows = [...series.marks]
    .sort((a, b) => a.atS - b.atS)
    .map(({ atS, kind, service, label }) => [formatMoment(atS), kind, service ?? "–", label]);
  return limited("Events", ["At", "Kind", "Service", "What"], rows);
}

function hostsSection({ summary: { hosts } }: RunResult): Html {
  const facts = tiles([
    { label: "Hosts used", value: formatCount(hosts.used) },
    { label: "Cpu reserved", value: formatShare(hosts.utilisation.cpu) },
    { label: "Memory reserved", value: formatShare(hosts.utilisation.memory) },
    { label: "Blast radius", value: formatShare(hosts.blastRadius), note: "ready containers on the fullest host" },
    { label: "Hosts down", value: formatSeconds(hosts.downS), note: "all hosts together" },
  ]);
  const down = Object.entries(hosts.byHost)
    .filter(([, host]) => host.outages > 0)
    .sort(([, a], [, b]) => b.downS - a.downS)
    .map(([name, host]) => [name, formatSeconds(host.downS), formatCount(host.outages)]);
  const list = down.length === 0 ? "" : table({ header: ["Host", "Down", "Outages"], rows: down.slice(0, MOST_ROWS) });
  return section("Hosts", facts + list);
}

/** A table with at most 200 rows, which says how many it left out; `lead` stands above it. */
function limited(heading: string, header: readonly string[], rows: readonly (readonly string[])[], lead = ""): Html {
  if (rows.length === 0) return "";
  const rest = rows.length - MOST_ROWS;
  const note = rest > 0 ? `<p class="lead">${formatCount(rest)} more are in the CSV files beside this page.</p>` : "";
  return section(heading, leadText(lead) + table({ header, rows: rows.slice(0, MOST_ROWS) }) + note);
}

function rolloutsSection(services: Services): Html {
  const blocks = services.flatMap(([name, { rollouts }]) => rollouts.map((rollout) => rolloutBlock(name, rollout)));
  const rest = blocks.length - 20;
  return section(
    "Releases",
    blocks.slice(0, 20).join("\n") +
      (rest > 0 ? `<p class="lead">${formatCount(rest)} more are in summary.json beside this page.</p>` : ""),
  );
}

function rolloutBlock(service: string, rollout: RolloutSummary): Html {
  const { from, to, strategy, reason, startS, endS, outcome, steps } = rollout;
  const what = `${printable(service)}: ${printable(from)} to ${printable(to)}, ${printable(strategy)}${reason === "rollback" ? " (rollback)" : ""}`;
  const facts = tiles([
    { label: "Outcome", value: outcome, bad: outcome !== "completed" },
    {
      label: endS === null ? "Began" : "Took",
      value: endS === null ? formatMoment(startS) : formatSeconds(endS - startS),
      note: endS === null ? "not ended" : `from ${formatMoment(startS)} to ${formatMoment(endS)}`,
    },
    { label: "Peak containers", value: formatCount(rollout.peakContainers) },
    { label: "Fewest available", value: formatCount(rollout.minAvailable) },
    { label: "Both versions serving", value: formatSeconds(rollout.overlapS) },
  ]);
  const items = steps
    .slice(0, MOST_ROWS)
    .map(({ atS, note }) => `<li><time>${formatMoment(atS)}</time><span dir="auto">${escapeHtml(note)}</span></li>`);
  const list = items.length === 0 ? "" : `<ol class="steps">${items.join("")}</ol>`;
  const folded =
    items.length > FOLDED_STEPS ? `<details><summary>${plural(steps.length, "step")}</summary>${list}</details>` : list;
  return `<h3 dir="auto">${escapeHtml(what)}</h3>${facts}${folded}`;
}
