import { type Variant, withScheduler, withStrategy } from "../experiments/compare.ts";
import type { Comparison } from "../experiments/comparison.ts";
import { nearest } from "../fields/nearest.ts";
import { judge } from "./checks.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import type { CompareOptions } from "./options.ts";
import { printJson, printText } from "./print.ts";
import { doRuns } from "./runs.ts";
import { type Prepared, prepare, tellChecks, writeReport } from "./session.ts";
import { Interruption } from "./simulateInSlices.ts";
import { tiesOf } from "./ties.ts";

/** `rehearse compare`: the same scenario under each strategy or scheduler. Returns the exit code. */
export async function compare(file: string, options: CompareOptions): Promise<number> {
  const session = await prepare("compare", file, options);
  const { kind, variants, own } = variantsOf(session, options);
  const interruption = new Interruption();
  const names = variants.map(({ name }) => name);
  const baseline = options.baseline ?? names.find((name) => name === own) ?? (names[0] as string);
  const { comparison, results } = await doRuns(
    {
      scenario: session.scenario,
      kind,
      variants,
      baseline,
      replications: options.replications ?? 1,
      seed: session.seed,
      catalogue: session.catalogue,
      ties: tiesOf(options),
    },
    { interruption, quiet: options.quiet },
  );
  comparison.warnings.unshift(...session.warnings);
  // What a scenario expects, it expects of its own way of doing things; `--fail-if` is asked of every one.
  const held = { expect: [], failIf: options.failIf, strict: false };
  const verdicts = results.flatMap(({ name, runs }) =>
    runs.map(({ summary }) => {
      const { broken, held: count } = judge(summary, held);
      return { broken: broken.map((line) => `${name}: ${line}`), held: count };
    }),
  );
  await writeReport(session, interruption, async () => {
    const { comparisonReport } = await import("../reports/folder.ts");
    return comparisonReport(comparison, { command: session.command });
  });
  if (options.json === true) printJson(jsonOf(comparison));
  else if (options.quiet !== true) {
    const { comparisonText } = await import("../reports/terminal.ts");
    printText(comparisonText(comparison, session.look), options);
  }
  return tellChecks(session, verdicts) ? EXIT.done : EXIT.broken;
}

interface Variants {
  readonly kind: Comparison["kind"];
  readonly variants: readonly Variant[];
  /** What the scenario itself uses. */
  readonly own: string | undefined;
}

function variantsOf({ scenario, catalogue }: Prepared, options: CompareOptions): Variants {
  const { strategies, schedulers } = options;
  if (strategies !== undefined && schedulers !== undefined) {
    throw new UsageError("Give --strategies or --schedulers, not both: a comparison changes one thing at a time.");
  }
  if (schedulers !== undefined) {
    const variants = schedulers.map((name) => {
      checkName("--schedulers", name, [...catalogue.schedulers.keys()]);
      const own = scenario.cluster.scheduler;
      return { name, apply: withName(name, own, withScheduler) };
    });
    return { kind: "schedulers", variants, own: scenario.cluster.scheduler.name };
  }
  if (strategies === undefined) {
    throw new UsageError(
      `Say what to compare: --strategies ${[...catalogue.strategies.keys()].join(",")}, or --schedulers ${[...catalogue.schedulers.keys()].join(",")}.`,
    );
  }
  const own = scenario.services[0]?.strategy;
  const variants = strategies.map((name) => {
    checkName("--strategies", name, [...catalogue.strategies.keys()]);
    return { name, apply: withName(name, own, withStrategy) };
  });
  return { kind: "strategies", variants, own: own?.name };
}

/** The scenario's own settings go with its own name; any other gets its defaults. */
function withName(
  name: string,
  own: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> } | undefined,
  change: typeof withStrategy,
): Variant["apply"] {
  return (scenario) => change(scenario, own?.name === name ? own : { name, settings: {} });
}

function checkName(flag: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new UsageError(`${flag}: there is no "${name}"; known are ${known.join(", ")}.${hint}`);
}

function jsonOf(comparison: Comparison): object {
  return {
    ...comparison,
    strategies: comparison.strategies.map(({ firstRun, ...rest }) => ({ ...rest, digest: firstRun.summary.digest })),
  };
}
