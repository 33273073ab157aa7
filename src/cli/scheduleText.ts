import { terminalTable, wrapText } from "../reports/terminalTable.ts";
import { podKey } from "../scheduling/kubernetes/podInfo.ts";
import type { Placement } from "../scheduling/kubernetes/scheduleAll.ts";
import type { NodeVerdict } from "../scheduling/kubernetes/scheduler.ts";

/** How placements are to be written. */
export interface ScheduleLook {
  /** Also why each node was or was not taken. */
  readonly explain: boolean;
  readonly width: number;
}

/** More nodes that fit than this are counted, not shown; the best come first. */
const MOST_SHOWN = 12;

/** Placements for people: a table of where each pod goes, or for each pod a table of what was thought of each node. */
export function scheduleText(placements: readonly Placement[], { explain, width }: ScheduleLook): string {
  if (placements.length === 0) return "No pod waits for a place.\n";
  const parts = explain ? placements.map((placement) => explained(placement, width)) : [overview(placements, width)];
  return [...parts, totals(placements)].join("\n");
}

function totals(placements: readonly Placement[]): string {
  const placed = placements.filter(({ node }) => node !== undefined).length;
  const victims = placements.reduce((sum, placement) => sum + placement.victims.length, 0);
  const evicted = victims === 0 ? "" : `, ${victims} evicted to make room`;
  return `${placed} of ${placements.length} pods have a place${evicted}.\n`;
}

function overview(placements: readonly Placement[], width: number): string {
  const rows = placements.map((placement) => [podKey(placement.pod), placement.node ?? "–", noteOf(placement)]);
  return `${terminalTable([["pod", "node", ""], ...rows], width, [0, 1, 2]).join("\n")}\n`;
}

function noteOf(placement: Placement): string {
  if (placement.node === undefined) return whyNot(placement);
  return placement.victims.length === 0 ? "" : `evicts ${placement.victims.map(podKey).join(", ")}`;
}

/** In kube-scheduler's own words: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).` */
function whyNot({ note, nodes }: Placement): string {
  if (note !== undefined) return note;
  if (nodes === undefined) return "no node is available";
  const counts = new Map<string, number>();
  for (const verdict of nodes.values()) {
    for (const reason of reasonsOf(verdict)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes.size} nodes are available: ${reasons.join(", ")}.`;
}

function reasonsOf(verdict: NodeVerdict): readonly string[] {
  return verdict.kind === "rejected" ? verdict.rejection.reasons : [];
}

type Feasible = readonly [node: string, verdict: Extract<NodeVerdict, { kind: "feasible" }>];

function explained(placement: Placement, width: number): string {
  const { pod, node, victims, nodes } = placement;
  const feasible: Feasible[] = [...(nodes ?? [])].flatMap(([name, verdict]) =>
    verdict.kind === "feasible" ? [[name, verdict] as const] : [],
  );
  const lines = [`${podKey(pod)} (priority ${pod.spec.priority}) → ${node ?? "no place"}${howItWon(feasible, node)}`];
  if (node === undefined || nodes === undefined) lines.push(...wrapText(whyNot(placement), width - 2).map(indented));
  if (victims.length > 0) {
    lines.push(...wrapText(`evicted to make room: ${victims.map(podKey).join(", ")}`, width - 2).map(indented));
  }
  if (nodes === undefined) return `${lines.join("\n")}\n`;
  lines.push(...scoreTable(feasible, node, width - 2).map(indented));
  lines.push(...rejections(nodes, width - 2).map(indented));
  return `${lines.join("\n")}\n`;
}

/** One row for each node that fits, the best first: each plugin's score × its weight, and their sum. */
function scoreTable(feasible: readonly Feasible[], chosen: string | undefined, width: number): string[] {
  const [first] = feasible;
  if (first === undefined) return [];
  const rank = ([name]: Feasible) => (name === chosen ? 1 : 0);
  const best = [...feasible].sort((a, b) => b[1].total - a[1].total || rank(b) - rank(a));
  const shown = best.slice(0, MOST_SHOWN);
  const head = ["node", ...first[1].scores.map(({ plugin }) => shortName(plugin)), "total"];
  const rows = shown.map(([name, { scores, total }]) => [
    name === chosen ? `→ ${name}` : `  ${name}`,
    ...scores.map(({ score, weight }) => `${score}×${weight}`),
    String(total),
  ]);
  const left = feasible.length - shown.length;
  const more = left > 0 ? [`and ${left} more nodes that fit, with no more points`] : [];
  return [...terminalTable([head, ...rows], width), ...more];
}

/** ` with 590 points, by chance among 2 equals`: how the chosen one won; nothing if it came by eviction. */
function howItWon(feasible: readonly Feasible[], chosen: string | undefined): string {
  const total = feasible.find(([name]) => name === chosen)?.[1].total;
  if (total === undefined) return "";
  if (feasible.length === 1) return ", the only node that fits";
  const tied = feasible.filter(([, verdict]) => verdict.total === total).length;
  return ` with ${total} points${tied > 1 ? `, by chance among ${tied} equals` : ""}`;
}

/** Names short enough for a column. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["TaintToleration", "Taints"],
  ["NodeAffinity", "Affinity"],
  ["NodeResourcesFit", "Fit"],
  ["PodTopologySpread", "Spread"],
  ["InterPodAffinity", "PodAffinity"],
  ["NodeResourcesBalancedAllocation", "Balance"],
  ["ImageLocality", "Image"],
]);

function shortName(plugin: string): string {
  return SHORT.get(plugin) ?? plugin;
}

/** Nodes that a filter refused, those with the same answer together. */
function rejections(nodes: ReadonlyMap<string, NodeVerdict>, width: number): string[] {
  const groups = new Map<string, string[]>();
  for (const [name, verdict] of nodes) {
    if (verdict.kind !== "rejected") continue;
    const key = `${verdict.plugin} says no: ${verdict.rejection.reasons.join(", ")}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].flatMap(([answer, names]) => {
    const some = names.slice(0, MOST_SHOWN).join(", ");
    const more = names.length > MOST_SHOWN ? ` and ${names.length - MOST_SHOWN} more` : "";
    return wrapText(`${some}${more}: ${answer}`, width);
  });
}

function indented(line: string): string {
  return `  ${line}`;
}
