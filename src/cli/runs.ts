import type { Scenario } from "../cluster/spec.ts";
import { compare, type Variant } from "../experiments/compare.ts";
import type { Comparison } from "../experiments/comparison.ts";
import type { Ties } from "../kernel/ties.ts";
import type { RunResult } from "../metrics/result.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import type { FactListener } from "../simulation/eventLog.ts";
import { UsageError } from "./exitCodes.ts";
import { Progress } from "./progress.ts";
import { type Interruption, simulateInSlices } from "./simulateInSlices.ts";

/** Which runs to do: each variant under each of so many seeds. */
export interface RunPlan {
  readonly scenario: Scenario;
  readonly kind: Comparison["kind"];
  readonly variants: readonly Variant[];
  readonly baseline: string;
  readonly replications: number;
  readonly seed: number;
  readonly catalogue: Catalogue;
  /** Another order of simultaneous events. */
  readonly ties?: Ties | undefined;
}

/** Every run's summary, and the comparison made of them. */
export interface Runs {
  readonly comparison: Comparison;
  /** By variant, then by replication. Only each variant's first run has its series. */
  readonly results: readonly { readonly name: string; readonly runs: readonly RunResult[] }[];
}

/**
 * Does the runs one after another, with progress and an ear for Ctrl-C, then compares them. `listen` hears the facts of each
 * variant's first run. @throws Interrupted
 */
export async function doRuns(
  plan: RunPlan,
  watch: {
    readonly interruption: Interruption;
    readonly quiet: boolean | undefined;
    readonly listen?: FactListener | undefined;
  },
): Promise<Runs> {
  // A comparison that cannot be made is told before anything runs.
  checkNames(plan);
  const progress = new Progress(watch);
  const variants = plan.variants.map(({ name, apply }) => ({
    name,
    scenario: apply(plan.scenario),
    runs: [] as RunResult[],
  }));
  const total = variants.length * plan.replications;
  let done = 0;
  for (let r = 0; r < plan.replications; r++) {
    for (const variant of variants) {
      const result = await simulateInSlices(variant.scenario, plan.seed + r, plan.catalogue, {
        interruption: watch.interruption,
        ties: plan.ties,
        listen: r === 0 ? watch.listen : undefined,
        progress: (share) =>
          progress.show((done + share) / total, `${variant.name}, run ${r + 1} of ${plan.replications}`),
      });
      variant.runs.push(r === 0 ? result : { ...result, series: (variant.runs[0] as RunResult).series });
      done++;
    }
  }
  progress.done();
  const comparison = compare({
    ...plan,
    variants: variants.map(({ name, scenario }) => ({ name, apply: () => scenario })),
    run: (scenario, seed) => {
      const found = variants.find((variant) => variant.scenario === scenario)?.runs[seed - plan.seed];
      if (found === undefined) throw new UsageError(`no run for seed ${seed}`);
      return found;
    },
  });
  return { comparison, results: variants.map(({ name, runs }) => ({ name, runs })) };
}

function checkNames({ variants, baseline, kind }: RunPlan): void {
  const names = variants.map(({ name }) => name);
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double !== undefined) throw new UsageError(`--${kind}: "${double}" stands twice; name each once.`);
  if (!names.includes(baseline)) {
    throw new UsageError(`--baseline ${baseline}: it is not compared; choose one of ${names.join(", ")}.`);
  }
}
