import { argsFromV1 } from "../../src/scheduling/kubernetes/argsFromV1.ts";
import { nodesToFind, selectHost } from "../../src/scheduling/kubernetes/hostSelection.ts";
import { shapeScore } from "../../src/scheduling/kubernetes/plugins/utilizationShape.ts";
import type { PodInfo } from "../../src/scheduling/kubernetes/podInfo.ts";
import { DEFAULT_ARGS, PLUGIN_MAKERS, type PluginArgs, profileOf } from "../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../src/scheduling/kubernetes/scheduler.ts";
import type { SchedulerCache } from "../../src/scheduling/kubernetes/schedulerCache.ts";
import { V1Field } from "../../src/scheduling/kubernetes/v1Fields.ts";
import { clusterOf, list, nodeNumber } from "./caseCluster.ts";
import type { CaseFile, CaseJson } from "./conformanceCases.ts";
import { disagreements } from "./disagreements.ts";
import { eligibleCase, preemptCase } from "./preemptionCases.ts";
import { queueCase } from "./queueCases.ts";
import { checkFields } from "./schedulerFields.ts";

type RunCase = (one: CaseJson) => readonly string[];

/** How to run the cases of a file about the scheduler; throws by name if its plugin or phase, or a field, is unknown. */
export function schedulerPhase(file: CaseFile): RunCase {
  const { plugin = "", phase = "" } = file;
  const run = runnerOf(file, { plugin, phase });
  return (one) => {
    checkFields(file, one, { plugin, phase });
    return run(one);
  };
}

function runnerOf(file: CaseFile, { plugin, phase }: { readonly plugin: string; readonly phase: string }): RunCase {
  const isKnown = PLUGIN_MAKERS.has(plugin) || ["DefaultPreemption", "PrioritySort", "scheduler"].includes(plugin);
  if (!isKnown) throw new Error(`unknown plugin "${plugin}"`);
  switch (phase) {
    case "filter":
    case "score":
      if (PLUGIN_MAKERS.get(plugin)?.(DEFAULT_ARGS)[phase] === undefined) break;
      return (one) => (phase === "filter" ? filterCase : scoreCase)(plugin, file, one);
    case "shape":
      return shapeCase;
    case "preempt":
      return (one) => preemptCase(file, one);
    case "eligible":
      return eligibleCase;
    case "queue":
      return (one) => queueCase(file, one);
    case "core":
      return coreCase;
  }
  throw new Error(`unknown phase "${phase}" of plugin "${plugin}"`);
}

function argsOf(plugin: string, file: CaseFile, one: CaseJson): Partial<PluginArgs> {
  return argsFromV1(plugin, new V1Field(one.args ?? file.args, "args"));
}

function filterCase(plugin: string, file: CaseFile, one: CaseJson): readonly string[] {
  const { cache, pod } = clusterOf(one);
  const profile = profileOf({ filters: [plugin], scores: new Map(), args: argsOf(plugin, file, one) });
  const scheduler = new KubernetesScheduler(profile, cache);
  return Object.entries(one.expect as Record<string, { reasons?: readonly string[] }>).flatMap(([name, expected]) => {
    const node = nodeNumber(cache, name);
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
  const { cache, pod } = clusterOf(one);
  const args = argsOf(plugin, file, one);
  const infeasible = new Set(list(one.infeasibleNodes).map((name) => nodeNumber(cache, String(name))));
  const nodes = cache.nodes.map((_, node) => node).filter((node) => !infeasible.has(node));
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
  const { cache, pod } = clusterOf(one);
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
