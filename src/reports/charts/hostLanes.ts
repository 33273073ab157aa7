import type { ContainerLane, ContainerState, HostLane, RunResult } from "../../metrics/result.ts";
import { formatCount, formatSeconds } from "../numbers.ts";
import { printable } from "../printable.ts";
import type { Chart, ChartTable, Spec } from "./chart.ts";
import { type ContainerClass, classColour, containerClass } from "./containerSteps.ts";
import { distinctLabels } from "./distinctLabels.ts";
import { legendAbove } from "./legend.ts";
import { versionsOf } from "./serviceTimeline.ts";
import { fitText, textWidth } from "./textWidth.ts";
import { INK } from "./theme.ts";
import { timeAxis } from "./timeAxis.ts";
import { clipSpans, wholeRun } from "./timeWindow.ts";
import { wholeSpec } from "./vegaConfig.ts";

const WIDTH = 740;
const ROW = 13;
/** With more rows than this they are thin and without names. */
const ROOMY_ROWS = 60;
const THIN_ROW = 6;
const BAND_GAP = 7;
const MOST_HOSTS = 40;
const MOST_ROWS = 200;
const MOST_BARS = 2_000;

interface Bar {
  readonly t: number;
  readonly until: number;
  readonly y: number;
  readonly y2: number;
  readonly colour: string;
}

/** Hosts against time: which container lived where, in which state, and when the host itself was in trouble. */
export function hostLanes(result: RunResult, slug: string): Chart | undefined {
  const { series } = result;
  if (series.lanes.length === 0 || series.durationS <= 0) return undefined;
  const window = wholeRun(series);
  const plan = layOutHosts(
    series.hosts.map((host) => ({ ...host, troubles: clipSpans(host.troubles, window) })),
    series.lanes
      .map((lane) => ({ ...lane, phases: clipSpans(lane.phases, window) }))
      .filter(({ phases }) => phases.length > 0),
  );
  const colours = laneColours(result);
  const drawnHosts = new Set(plan.bands.map((band) => band.host.host));
  const bars = laneBars(plan, colours);
  const description =
    `Which container lived on which host: ${formatCount(plan.rows.length)} container lives on ` +
    `${formatCount(drawnHosts.size)} hosts over ${formatSeconds(series.durationS)}.`;
  const cut = series.truncated || plan.cut || bars.length >= MOST_BARS;
  return {
    slug,
    title: "Hosts and their containers",
    caption: `Each bar is the life of one container on one host, coloured by version and state; a grey background is a host in trouble.${cut ? " Only the hosts where most happened are drawn." : ""}`,
    description,
    spec: wholeSpec(description, lanesBody(result, plan, bars, colours)),
    table: laneTable(series.hosts, series.lanes, result),
  };
}

interface Band {
  readonly host: HostLane;
  readonly top: number;
  readonly bottom: number;
}

interface Plan {
  readonly bands: readonly Band[];
  readonly rows: readonly { lane: ContainerLane; y: number }[];
  readonly rowHeight: number;
  readonly height: number;
  readonly cut: boolean;
}

/** Gives every container's life a row within its host's band; lives that do not overlap share a row. */
function layOutHosts(hosts: readonly HostLane[], lanes: readonly ContainerLane[]): Plan {
  const byHost = new Map<string, ContainerLane[]>();
  for (const lane of lanes) byHost.set(lane.host, [...(byHost.get(lane.host) ?? []), lane]);
  const used = hosts
    .map((host) => ({ host, packed: packRows(byHost.get(host.host) ?? []) }))
    .filter(({ host, packed }) => packed.length > 0 || host.troubles.length > 0);
  const shown = mostEventful(used);
  const rowCount = shown.reduce((sum, { packed }) => sum + Math.max(1, packed.length), 0);
  const rowHeight = rowCount > ROOMY_ROWS ? THIN_ROW : ROW;
  const bands: Band[] = [];
  const rows: { lane: ContainerLane; y: number }[] = [];
  let y = 0;
  for (const { host, packed } of shown) {
    const height = Math.max(ROW, packed.length * rowHeight);
    packed.forEach((lanesOfRow, row) => {
      for (const lane of lanesOfRow) rows.push({ lane, y: y + row * rowHeight });
    });
    bands.push({ host, top: y, bottom: y + height });
    y += height + BAND_GAP;
  }
  return { bands, rows, rowHeight, height: Math.max(ROW, y - BAND_GAP), cut: shown.length < used.length };
}

interface PackedHost {
  readonly host: HostLane;
  readonly packed: readonly (readonly ContainerLane[])[];
}

/** As many hosts as can be read, those first where most happened; in their own order again. */
function mostEventful(hosts: readonly PackedHost[]): PackedHost[] {
  const events = ({ host, packed }: PackedHost): number =>
    host.troubles.length * 3 + packed.flat().reduce((sum, lane) => sum + lane.phases.length, 0);
  const ranked = hosts
    .map((host, index) => ({ host, index }))
    .sort((a, b) => events(b.host) - events(a.host) || a.index - b.index);
  let rows = 0;
  const kept = ranked.slice(0, MOST_HOSTS).filter(({ host: { packed } }) => {
    rows += Math.max(1, packed.length);
    return rows <= MOST_ROWS || rows === packed.length;
  });
  return kept.sort((a, b) => a.index - b.index).map(({ host }) => host);
}

/** First fit by start time: each row holds lives one after the other. */
function packRows(lanes: readonly ContainerLane[]): ContainerLane[][] {
  const rows: ContainerLane[][] = [];
  const ends: number[] = [];
  for (const lane of [...lanes].sort((a, b) => start(a) - start(b))) {
    const free = ends.findIndex((end) => end <= start(lane));
    const row = free === -1 ? rows.length : free;
    rows[row] = [...(rows[row] ?? []), lane];
    ends[row] = end(lane);
  }
  return rows;
}

function start(lane: ContainerLane): number {
  return lane.phases[0]?.startS ?? 0;
}

function end(lane: ContainerLane): number {
  return lane.phases.at(-1)?.endS ?? 0;
}

interface LaneColours {
  readonly of: (lane: ContainerLane, kind: ContainerClass) => string;
  readonly label: (lane: ContainerLane) => string;
  readonly legend: readonly { label: string; colour: string }[];
}

/** One hue per version over all services, as far as hues go; the label on the bar settles the rest. */
function laneColours(result: RunResult): LaneColours {
  const services = [...new Set(result.series.lanes.map((lane) => lane.service))];
  const single = services.length === 1;
  const index = new Map<string, number>();
  for (const service of services) {
    for (const version of versionsOf(result, service)) {
      if (!index.has(version)) index.set(version, index.size);
    }
  }
  const names = distinctLabels([...index.keys()], 22);
  const used = new Set(result.series.lanes.flatMap((lane) => lane.phases.map((phase) => containerClass(phase.state))));
  const versions = [...index.entries()].slice(0, 7).map(([version, at]) => ({
    label: `${names.get(version) ?? ""} ready`,
    colour: classColour(at, "ready"),
  }));
  const extra = [
    ...(used.has("starting") ? [{ label: "starting (paler)", colour: classColour(0, "starting") }] : []),
    ...(used.has("stopping") ? [{ label: "stopping (palest)", colour: classColour(0, "stopping") }] : []),
    ...(used.has("broken") ? [{ label: "crashed or unready", colour: INK.broken.light }] : []),
    ...(result.series.hosts.some((host) => host.troubles.length > 0)
      ? [{ label: "host in trouble", colour: INK.axis.light }]
      : []),
  ];
  return {
    of: (lane, kind) => classColour(index.get(lane.version) ?? 0, kind),
    label: (lane) =>
      single ? (names.get(lane.version) ?? "") : `${printable(lane.service)} ${names.get(lane.version) ?? ""}`,
    legend: [...versions, ...extra],
  };
}

function laneBars(plan: Plan, colours: LaneColours): Bar[] {
  const bars: Bar[] = [];
  const gap = plan.rowHeight === ROW ? 1 : 0.5;
  for (const { lane, y } of plan.rows) {
    for (const { kind, startS, endS } of mergedPhases(lane)) {
      if (bars.length >= MOST_BARS) return bars;
      bars.push({ t: startS, until: endS, y: y + gap, y2: y + plan.rowHeight - gap, colour: colours.of(lane, kind) });
    }
  }
  return bars;
}

/** Neighbouring phases that are drawn alike, as one. */
function mergedPhases(lane: ContainerLane): { kind: ContainerClass; startS: number; endS: number }[] {
  const merged: { kind: ContainerClass; startS: number; endS: number }[] = [];
  for (const { state, startS, endS } of lane.phases) {
    const kind = containerClass(state);
    const last = merged.at(-1);
    if (kind === undefined) continue;
    if (last !== undefined && last.kind === kind && last.endS === startS) last.endS = endS;
    else merged.push({ kind, startS, endS });
  }
  return merged;
}

function lanesBody(result: RunResult, plan: Plan, bars: readonly Bar[], colours: LaneColours): Spec {
  const { durationS } = result.series;
  const hostNames = distinctLabels(
    plan.bands.map(({ host }) => host.host),
    20,
  );
  const y = {
    field: "y",
    type: "quantitative",
    scale: { domain: [plan.height, 0], nice: false, zero: false },
    axis: null,
  };
  const color = { field: "colour", type: "nominal", scale: null };
  const troubles = plan.bands.flatMap(({ host, top, bottom }) =>
    host.troubles.map(({ kind, startS, endS }) => ({ t: startS, until: endS, y: top - 2, y2: bottom + 2, kind })),
  );
  const spans = { x2: { field: "until" }, y2: { field: "y2" } };
  const hosts = plan.bands.map(({ host, top, bottom }) => ({
    t: 0,
    y: (top + bottom) / 2,
    name: hostNames.get(host.host) ?? "",
  }));
  const stripes = plan.bands.map(({ top, bottom }) => ({ t: 0, until: durationS, y: top, y2: bottom }));
  return {
    width: WIDTH,
    height: plan.height,
    encoding: { x: timeAxis(wholeRun(result.series), true), y },
    layer: [
      { data: { values: stripes }, mark: { type: "rect", color: INK.warmup.light }, encoding: spans },
      { data: { values: troubles }, mark: { type: "rect", color: INK.axis.light }, encoding: spans },
      { data: { values: bars }, mark: { type: "rect" }, encoding: { ...spans, color } },
      textLayer(barNames(plan, colours, durationS)),
      {
        data: { values: hosts },
        mark: { type: "text", align: "right", baseline: "middle", dx: -8, fontSize: 11 },
        encoding: { text: { field: "name" } },
      },
      legendLayer(colours),
    ],
  };
}

/** The version's name inside the longest phase of each bar, where it fits. */
function barNames(plan: Plan, colours: LaneColours, durationS: number): Spec[] {
  if (plan.rowHeight < ROW) return [];
  return plan.rows.flatMap(({ lane, y }) => {
    const phases = mergedPhases(lane);
    const [longest] = [...phases].sort((a, b) => b.endS - b.startS - (a.endS - a.startS));
    if (longest === undefined) return [];
    const room = ((longest.endS - longest.startS) / durationS) * WIDTH - 8;
    const text = fitText(colours.label(lane), room, 9);
    // A letter and an ellipsis would name nothing.
    if (textWidth(text, 9) > room || (text.endsWith("…") && text.length < 8)) return [];
    const full = longest.kind === "ready" || longest.kind === "broken";
    return [{ t: longest.startS, y: y + ROW / 2, text, colour: full ? INK.onFull.light : INK.onTint.light }];
  });
}

function textLayer(values: readonly Spec[]): Spec {
  return {
    data: { values },
    mark: { type: "text", align: "left", baseline: "middle", dx: 4, fontSize: 9 },
    encoding: { text: { field: "text" }, color: { field: "colour", type: "nominal", scale: null } },
  };
}

/** A legend of constants: bars are coloured without a scale, so an unseen point carries it. */
function legendLayer(colours: LaneColours): Spec {
  const labels = colours.legend.map(({ label }) => label);
  return {
    data: { values: labels.map((label) => ({ t: 0, y: 0, label })) },
    mark: { type: "point", opacity: 0 },
    encoding: {
      fill: {
        field: "label",
        type: "nominal",
        scale: { domain: labels, range: colours.legend.map(({ colour }) => colour) },
        legend: legendAbove(labels, { symbolOpacity: 1, symbolStrokeColor: "transparent" }),
      },
    },
  };
}

function laneTable(hosts: readonly HostLane[], lanes: readonly ContainerLane[], result: RunResult): ChartTable {
  const rows = hosts.slice(0, MOST_HOSTS).map((host) => {
    const own = lanes.filter((lane) => lane.host === host.host);
    const readyS = own.reduce((sum, lane) => sum + timeIn(lane, "ready"), 0);
    const byHost = result.summary.hosts.byHost;
    const down = Object.hasOwn(byHost, host.host) ? (byHost[host.host]?.downS ?? 0) : 0;
    return [
      printable(host.host),
      printable(host.zone),
      formatCount(own.length),
      formatSeconds(readyS),
      formatSeconds(down),
    ];
  });
  return { header: ["Host", "Zone", "Containers over time", "Container time ready", "Host down"], rows };
}

function timeIn(lane: ContainerLane, state: ContainerState): number {
  return lane.phases.reduce((sum, phase) => sum + (phase.state === state ? phase.endS - phase.startS : 0), 0);
}
