import type { NamedSettings, Scenario, TimelineEntry } from "../cluster/spec.ts";
import { assert } from "../kernel/errors.ts";
import type { RunResult, RunSummary } from "../metrics/result.ts";
import type { ComparedStrategy, Comparison } from "./comparison.ts";
import { type Interval, meanInterval, pairedDifference, wilsonInterval } from "./confidence.ts";
import { absentMeasure, type Measures, measuresOf } from "./measures.ts";

/** One of the ways to be compared: a name, and what it makes of the scenario. */
export interface Variant {
  readonly name: string;
  readonly apply: (scenario: Scenario) => Scenario;
}

/** One simulation; `seed` replaces the scenario's own. */
export type Run = (scenario: Scenario, seed: number) => RunResult;

/** What to compare, how often, and who does the work. */
export interface ComparisonPlan {
  readonly scenario: Scenario;
  readonly kind: Comparison["kind"];
  readonly variants: readonly Variant[];
  /** The name of the variant that the others are measured against. */
  readonly baseline: string;
  /** Runs of each variant, at least 1. */
  readonly replications: number;
  /** Replication r runs under `seed` + r in every variant. */
  readonly seed: number;
  readonly run: Run;
  /** Is told how many of all runs are done, after each. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  /** Asked before each replication but the first; true ends the comparison with what there is. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** The plan cannot be carried out as it stands: the user's doing, worded for the user. */
export class ComparisonError extends Error {
  override readonly name = "ComparisonError";
}

interface Gathered {
  readonly variant: Variant;
  readonly scenario: Scenario;
  readonly measures: Measures[];
  readonly warnings: Set<string>;
  unharmed: number;
  firstRun: RunResult | undefined;
}

/**
 * Runs every variant under the same seeds and compares them pair by pair.
 *
 * All variants of a replication meet the same requests and the same failures (common random numbers), so a difference between
 * two of them is the variants' doing. Replications are the outer loop: a comparison that is stopped early is still balanced.
 *
 * @throws ComparisonError where names are missing, double, or the baseline is not among them.
 */
export function compare(plan: ComparisonPlan): Comparison {
  checkPlan(plan);
  const all = plan.variants.map(
    (variant): Gathered => ({
      variant,
      scenario: variant.apply(plan.scenario),
      measures: [],
      warnings: new Set(),
      unharmed: 0,
      firstRun: undefined,
    }),
  );
  const replications = runAll(plan, all);
  const baseline = all.find((gathered) => gathered.variant.name === plan.baseline);
  assert(baseline !== undefined, "the baseline is one of the variants");
  const warnings = sharedWarnings(all);
  if (replications < plan.replications)
    warnings.unshift(`stopped after ${replications} of ${plan.replications} replications`);
  return {
    scenario: plan.scenario.name,
    seed: plan.seed,
    baseline: plan.baseline,
    replications,
    kind: plan.kind,
    services: plan.scenario.services.map((service) => service.name),
    strategies: all.map((gathered) => summarise(gathered, baseline)),
    warnings,
  };
}

/** The scenario with one strategy for every service and every deploy, whatever they had. */
export function withStrategy(scenario: Scenario, strategy: NamedSettings): Scenario {
  return {
    ...scenario,
    services: scenario.services.map((service) => ({ ...service, strategy })),
    timeline: scenario.timeline.map(
      (entry): TimelineEntry =>
        entry.action.kind === "deploy" ? { ...entry, action: { ...entry.action, strategy } } : entry,
    ),
  };
}

/** The scenario with another scheduler. */
export function withScheduler(scenario: Scenario, scheduler: NamedSettings): Scenario {
  return { ...scenario, cluster: { ...scenario.cluster, scheduler } };
}

function checkPlan({ variants, baseline, replications, kind }: ComparisonPlan): void {
  const names = variants.map((variant) => variant.name);
  if (names.length === 0) throw new ComparisonError(`A comparison needs at least one of the ${kind}: name some.`);
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double !== undefined)
    throw new ComparisonError(`"${double}" stands twice among the ${kind}: name each of them once.`);
  if (!names.includes(baseline))
    throw new ComparisonError(`The baseline "${baseline}" is not compared: choose one of ${names.join(", ")}.`);
  if (!Number.isSafeInteger(replications) || replications < 1)
    throw new ComparisonError(`${replications} replications are not possible: ask for a whole number from 1.`);
}

/** Fills `all`; returns the number of whole replications. */
function runAll(plan: ComparisonPlan, all: readonly Gathered[]): number {
  const total = plan.replications * all.length;
  let done = 0;
  for (let replication = 0; replication < plan.replications; replication++) {
    if (replication > 0 && plan.shouldStop?.() === true) return replication;
    for (const gathered of all) {
      const result = plan.run(gathered.scenario, plan.seed + replication);
      // Only the first run's series are kept: a hundred of them would fill the memory.
      gathered.firstRun ??= result;
      gathered.measures.push(measuresOf(result.summary));
      if (hasNoFailedRequest(result.summary)) gathered.unharmed++;
      for (const warning of result.summary.warnings) gathered.warnings.add(warning);
      done++;
      plan.progress?.(done, total);
    }
  }
  return plan.replications;
}

function hasNoFailedRequest(summary: RunSummary): boolean {
  return Object.values(summary.services).every((service) => service.requests.failed === 0);
}

function summarise(gathered: Gathered, baseline: Gathered): ComparedStrategy {
  const { variant, measures, unharmed, firstRun } = gathered;
  assert(firstRun !== undefined, "every compared variant has run at least once");
  const metrics: ComparedStrategy["metrics"] = {};
  const versusBaseline: ComparedStrategy["versusBaseline"] = {};
  for (const path of allPaths([measures])) metrics[path] = meanInterval(present(measures, path));
  // The baseline's difference from itself is no news.
  if (gathered !== baseline) {
    for (const path of allPaths([measures, baseline.measures])) {
      const difference = differenceAt(path, measures, baseline.measures);
      if (difference !== undefined) versusBaseline[path] = difference;
    }
  }
  const interval: Interval = wilsonInterval(unharmed, measures.length);
  return {
    name: variant.name,
    metrics,
    versusBaseline,
    noFailedRequest: { share: unharmed / measures.length, ci95: interval },
    firstRun,
  };
}

/** Over the replications in which both have the metric. */
function differenceAt(path: string, variant: readonly Measures[], baseline: readonly Measures[]) {
  const ours: number[] = [];
  const theirs: number[] = [];
  variant.forEach((measures, i) => {
    const mine = valueAt(measures, path);
    const other = valueAt(baseline[i], path);
    if (mine === undefined || other === undefined) return;
    ours.push(mine);
    theirs.push(other);
  });
  const difference = pairedDifference(ours, theirs);
  return difference === null ? undefined : { meanDifference: difference.meanDifference, ci95: difference.ci95 };
}

function present(runs: readonly Measures[], path: string): number[] {
  return runs.map((measures) => valueAt(measures, path)).filter((value) => value !== undefined);
}

function valueAt(measures: Measures | undefined, path: string): number | undefined {
  return measures?.get(path) ?? absentMeasure(path);
}

function allPaths(groups: readonly (readonly Measures[])[]): Set<string> {
  const paths = new Set<string>();
  for (const group of groups) for (const measures of group) for (const path of measures.keys()) paths.add(path);
  return paths;
}

/** A warning that every variant met stands once; any other names the variant it belongs to. */
function sharedWarnings(all: readonly Gathered[]): string[] {
  const warnings = new Set<string>();
  for (const { variant, warnings: own } of all) {
    for (const warning of own) {
      const shared = all.every((other) => other.warnings.has(warning));
      warnings.add(shared ? warning : `${variant.name}: ${warning}`);
    }
  }
  return [...warnings];
}
