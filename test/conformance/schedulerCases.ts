import { argsFromV1 } from "../../src/scheduling/kubernetes/argsFromV1.ts";
import { budgetFromV1 } from "../../src/scheduling/kubernetes/budgetFromV1.ts";
import { nodeFromV1, podFromV1 } from "../../src/scheduling/kubernetes/fromV1.ts";
import { nodesToFind, selectHost } from "../../src/scheduling/kubernetes/hostSelection.ts";
import type { Labels } from "../../src/scheduling/kubernetes/labels.ts";
import type { RejectionCode } from "../../src/scheduling/kubernetes/plugin.ts";
import { shapeScore } from "../../src/scheduling/kubernetes/plugins/utilizationShape.ts";
import type { PodInfo } from "../../src/scheduling/kubernetes/podInfo.ts";
import { findCandidates, mayPreempt, preempt } from "../../src/scheduling/kubernetes/preemption.ts";
import { PLUGIN_MAKERS, type PluginArgs, profileOf } from "../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../src/scheduling/kubernetes/scheduler.ts";
import { SchedulerCache } from "../../src/scheduling/kubernetes/schedulerCache.ts";
import { readLabels } from "../../src/scheduling/kubernetes/selectorsFromV1.ts";
import { V1Field } from "../../src/scheduling/kubernetes/v1Fields.ts";
import type { CaseFile, CaseJson } from "./conformanceCases.ts";
import { disagreements } from "./disagreements.ts";
import { queueCase } from "./queueCases.ts";

type RunCase = (one: CaseJson) => readonly string[];

const first = () => 0;

/** How to run the cases of a file about the scheduler; throws by name if its plugin or phase is unknown. */
export function schedulerPhase(file: CaseFile): RunCase {
  const { plugin = "", phase = "" } = file;
  const isKnown = PLUGIN_MAKERS.has(plugin) || ["DefaultPreemption", "PrioritySort", "scheduler"].includes(plugin);
  if (!isKnown) throw new Error(`unknown plugin "${plugin}"`);
  switch (phase) {
    case "filter":
      return (one) => filterCase(plugin, file, one);
    case "score":
      return (one) => scoreCase(plugin, file, one);
    case "shape":
      return shapeCase;
    case "preempt":
      return preemptCase;
    case "eligible":
      return eligibleCase;
    case "queue":
      return queueCase;
    case "core":
      return coreCase;
    default:
      throw new Error(`unknown phase "${phase}" of plugin "${plugin}"`);
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The case's cluster with its running pods on it, and the incoming pod. */
function worldOf(one: CaseJson): { cache: SchedulerCache; pod: PodInfo; running: readonly PodInfo[] } {
  const metadata = (json: unknown) => new V1Field(json, "").at("metadata");
  const namespaces = list(one.namespaces).map(
    (json) => [metadata(json).at("name").requiredText(), readLabels(metadata(json).at("labels"))] as const,
  );
  const services = list(one.services).map((json) => ({
    namespace: metadata(json).at("namespace").text() ?? "default",
    selector: readLabels(new V1Field(json, "").at("spec").at("selector")),
  }));
  const cache = new SchedulerCache({
    nodes: list(one.nodes).map(nodeFromV1),
    namespaces: new Map<string, Labels>(namespaces),
    services,
  });
  const running = list(one.pods).map((json) => podFromV1(json));
  for (const pod of running) {
    // Some rows have a pod on a node that is gone: it counts nowhere.
    const node = cache.numberOf(pod.nodeName ?? "");
    if (node !== undefined) cache.place(pod, node);
  }
  return { cache, pod: podFromV1(one.pod), running };
}

function numberOf(cache: SchedulerCache, name: string): number {
  const number = cache.numberOf(name);
  if (number === undefined) throw new Error(`the case has no node "${name}"`);
  return number;
}

function argsOf(plugin: string, file: CaseFile, one: CaseJson): Partial<PluginArgs> {
  return argsFromV1(plugin, new V1Field(one.args ?? file.args, "args"));
}

function filterCase(plugin: string, file: CaseFile, one: CaseJson): readonly string[] {
  const { cache, pod } = worldOf(one);
  const profile = profileOf({ filters: [plugin], scores: new Map(), args: argsOf(plugin, file, one) });
  const scheduler = new KubernetesScheduler(profile, cache);
  return Object.entries(one.expect as Record<string, { reasons?: readonly string[] }>).flatMap(([name, expected]) => {
    const node = numberOf(cache, name);
    const found = scheduler.firstRejection(pod, node);
    const actual = {
      fits: found === undefined,
      fitsInCycle: scheduler.fits(pod, node),
      code: found?.rejection.code,
      reasons: [...(found?.rejection.reasons ?? [])].sort(),
    };
    const wanted = { ...expected, fitsInCycle: actual.fits, ...sortedReasons(expected.reasons) };
    return disagreements(actual, wanted, name);
  });
}

function sortedReasons(reasons: readonly string[] | undefined) {
  return reasons === undefined ? {} : { reasons: [...reasons].sort() };
}

function scoreCase(plugin: string, file: CaseFile, one: CaseJson): readonly string[] {
  const { cache, pod } = worldOf(one);
  const args = argsOf(plugin, file, one);
  const infeasible = new Set(list(one.infeasibleNodes));
  const nodes = cache.nodes.flatMap(({ name }, node) => (infeasible.has(name) ? [] : [node]));
  const isNormalised = (one.normalized ?? file.normalized) !== false;
  const scores = isNormalised ? normalisedScores : rawScores;
  return disagreements(scores({ plugin, args, cache, pod, nodes }), one.expect);
}

interface ScoreInput {
  readonly plugin: string;
  readonly args: Partial<PluginArgs>;
  readonly cache: SchedulerCache;
  readonly pod: PodInfo;
  readonly nodes: readonly number[];
}

function normalisedScores({ plugin, args, cache, pod, nodes }: ScoreInput): Record<string, { score: number }> {
  const profile = profileOf({ filters: [], scores: new Map([[plugin, 1]]), args });
  const scored = new KubernetesScheduler(profile, cache).scoreNodes(pod, nodes);
  return Object.fromEntries(
    [...scored].map(([node, [one]]) => [cache.nodes[node]?.name ?? "", { score: one?.score ?? 0 }]),
  );
}

function rawScores({ plugin, args, cache, pod, nodes }: ScoreInput): Record<string, { score: number }> {
  const [made] = profileOf({ scores: new Map([[plugin, 1]]), args }).scores;
  const ready = made?.plugin.score?.(pod, cache);
  const hasSay = ready?.begin?.({ nodes: Int32Array.from(nodes), count: nodes.length }) !== false;
  return Object.fromEntries(
    nodes.map((node) => [cache.nodes[node]?.name ?? "", { score: hasSay ? (ready?.score(node) ?? 0) : 0 }]),
  );
}

function shapeCase(one: CaseJson): readonly string[] {
  const points = one.points as readonly { utilization: number; score: number }[];
  const wanted = one.expect as readonly { x: number; y: number }[];
  const actual = wanted.map(({ x }) => ({ x, y: shapeScore(points, x) }));
  return disagreements(actual, wanted);
}

function codesOf(one: CaseJson, cache: SchedulerCache): ((node: number) => RejectionCode | undefined) | undefined {
  const given = one.filterStatus as Readonly<Record<string, RejectionCode>> | undefined;
  return given === undefined ? undefined : (node) => given[cache.nodes[node]?.name ?? ""];
}

function preemptCase(one: CaseJson): readonly string[] {
  const { cache, pod, running } = worldOf(one);
  const filters = list(one.plugins).map(String);
  for (const name of filters) if (!PLUGIN_MAKERS.has(name)) throw new Error(`unknown plugin "${name}"`);
  const args = argsFromV1("DefaultPreemption", new V1Field(one.args, "args"));
  const scheduler = new KubernetesScheduler(profileOf({ filters, scores: new Map(), args }), cache);
  const budgets = list(one.pdbs).map((json) => budgetFromV1(json, running));
  // Absent: every node failed in a way that evictions may mend.
  const codeOf = codesOf(one, cache) ?? (() => "Unschedulable" as const);
  const input = { pod, budgets, codeOf, random: first };
  const nameOf = (node: number) => cache.nodes[node]?.name ?? "";
  const wanted = one.expect as {
    candidates?: readonly { node: string; victims: readonly string[] }[];
    nodeAnyOf?: readonly string[];
    victims?: readonly string[];
  };
  if (wanted.candidates !== undefined) {
    const found = findCandidates(scheduler, input).map(({ node, victims, budgetViolations }) => ({
      node: nameOf(node),
      victims: victims.map(({ name }) => name).sort(),
      pdbViolations: budgetViolations,
    }));
    const expected = wanted.candidates.map((candidate) => ({ ...candidate, victims: [...candidate.victims].sort() }));
    return disagreements(found.sort(byNode), [...expected].sort(byNode));
  }
  const chosen = preempt(scheduler, input);
  const node = chosen === undefined ? null : nameOf(chosen.node);
  const victims = (chosen?.victims ?? []).map(({ name }) => name).sort();
  if (wanted.nodeAnyOf !== undefined)
    return wanted.nodeAnyOf.includes(node ?? "")
      ? []
      : [`chose ${node}, expected one of ${wanted.nodeAnyOf.join(", ")}`];
  const expected = { ...wanted, ...(wanted.victims === undefined ? {} : { victims: [...wanted.victims].sort() }) };
  return disagreements({ node, victims }, expected);
}

function byNode(a: { readonly node: string }, b: { readonly node: string }): number {
  return a.node < b.node ? -1 : 1;
}

function eligibleCase(one: CaseJson): readonly string[] {
  const { cache, pod } = worldOf(one);
  const codeOf = codesOf(one, cache) ?? (() => undefined);
  return disagreements({ eligible: mayPreempt(cache, pod, codeOf) }, one.expect);
}

function coreCase(one: CaseJson): readonly string[] {
  switch (one.kind) {
    case "selectHost":
      return selectHostCase(one);
    case "numFeasibleNodesToFind": {
      const profileWide = one.profilePercentageOfNodesToScore ?? undefined;
      const percentage = Number(profileWide ?? one.percentageOfNodesToScore ?? 0);
      return disagreements({ numNodes: nodesToFind(Number(one.numAllNodes), percentage) }, one.expect);
    }
    case "totalScore":
      return totalScoreCase(one);
    default:
      throw new Error(`unknown kind "${String(one.kind)}" of the phase "core"`);
  }
}

/** Every outcome that chance can bring must be among those allowed. */
function selectHostCase(one: CaseJson): readonly string[] {
  const scores = Object.entries(one.scores as Record<string, number>);
  const { nodeAnyOf = [], error } = one.expect as { nodeAnyOf?: readonly string[]; error?: boolean };
  const totals = Float64Array.from(scores, ([, score]) => score);
  const chances = [0, 0.25, 0.5, 0.75, 0.999];
  return chances.flatMap((chance) => {
    const place = selectHost(totals, totals.length, () => chance, new Int32Array(totals.length));
    const name = place === undefined ? undefined : scores[place]?.[0];
    if (error === true) return name === undefined ? [] : [`chose ${name}, expected an error`];
    return nodeAnyOf.includes(name ?? "") ? [] : [`chose ${name}, expected one of ${nodeAnyOf.join(", ")}`];
  });
}

function totalScoreCase(one: CaseJson): readonly string[] {
  const { cache, pod } = worldOf(one);
  const given = one.plugins as readonly { name: string; weight: number; constantScore?: number }[];
  const constant = given.reduce((sum, { weight, constantScore = 0 }) => sum + weight * constantScore, 0);
  const real = given.filter(({ constantScore }) => constantScore === undefined);
  for (const { name } of real) if (!PLUGIN_MAKERS.has(name)) throw new Error(`unknown plugin "${name}"`);
  const profile = profileOf({ filters: [], scores: new Map(real.map(({ name, weight }) => [name, weight])) });
  const scored = new KubernetesScheduler(profile, cache).scoreNodes(
    pod,
    cache.nodes.map((_, node) => node),
  );
  const actual = [...scored].map(([node, scores]) => {
    const score = scores.reduce((sum, part) => sum + part.score * part.weight, constant);
    return [cache.nodes[node]?.name ?? "", { score }] as const;
  });
  return disagreements(Object.fromEntries(actual), one.expect);
}
