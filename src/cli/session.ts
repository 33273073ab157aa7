import { isAbsolute, join, relative } from "node:path";
import type { Scenario } from "../cluster/spec.ts";
import { mistakeInCheck } from "../experiments/expect.ts";
import { slug } from "../reports/slug.ts";
import { ScenarioError } from "../scenario/scenarioError.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { readChecks, type Verdicts } from "./checks.ts";
import { UsageError } from "./exitCodes.ts";
import { mistakesInExpect } from "./expectMistakes.ts";
import { quoted } from "./failure.ts";
import { scenarioFrom } from "./input.ts";
import type { CompareOptions, RunOptions, SimulateOptions } from "./options.ts";
import { checkReplaceable, type OutputFile, writeFolder } from "./output.ts";
import { catalogueWith } from "./plugins.ts";
import { lookOf, printText, type TerminalLook } from "./print.ts";
import type { Interruption } from "./simulateInSlices.ts";
import { tieFlags, tiesOf } from "./ties.ts";

/** Everything that is known before the first event runs. */
export interface Prepared {
  readonly scenario: Scenario;
  readonly warnings: readonly string[];
  readonly catalogue: Catalogue;
  readonly seed: number;
  readonly options: SimulateOptions;
  /** Where the report goes; undefined: nowhere. */
  readonly out: string | undefined;
  /** The command that repeats this, to the bit. */
  readonly command: string;
  readonly look: TerminalLook;
}

/** Reads and checks all that can be checked before the work. @throws ScenarioError, UsageError, PluginError. */
export async function prepare(verb: string, file: string, options: SimulateOptions): Promise<Prepared> {
  const catalogue = await catalogueWith(options.plugin ?? []);
  const read = await scenarioFrom(file, catalogue, options);
  const { scenario, warnings } = read;
  readChecks(options.failIf, "--fail-if");
  const mistakes = mistakesInExpect(read);
  if (mistakes.length > 0) throw new ScenarioError(mistakes);
  for (const text of options.failIf) {
    const mistake = mistakeInCheck(text, scenario);
    if (mistake !== undefined) throw new UsageError(`--fail-if ${text}: ${mistake.message}`);
  }
  const out = options.report ? (options.out ?? join("reports", slug(scenario.name))) : undefined;
  if (out !== undefined) checkReplaceable(out);
  const seed = options.seed ?? scenario.seed;
  return {
    scenario,
    warnings,
    catalogue,
    seed,
    options,
    out,
    command: commandOf(verb, file, options, seed),
    look: lookOf(options.json === true ? process.stderr : process.stdout),
  };
}

/** Makes the report and puts it in its place. @throws Interrupted before anything is written. */
export async function writeReport(
  { out }: Prepared,
  interruption: Interruption,
  make: () => Promise<readonly OutputFile[]>,
): Promise<void> {
  if (out !== undefined) {
    const files = await make();
    interruption.check();
    interruption.release();
    writeFolder(out, files);
  }
  interruption.release();
}

/** Says what held and what did not, how to repeat it, and where the report is; true when everything held. */
export function tellChecks(session: Prepared, verdicts: readonly Verdicts[]): boolean {
  const { options, out, command } = session;
  const broken = verdicts.flatMap((verdict) => verdict.broken);
  const held = verdicts.reduce((sum, verdict) => sum + verdict.held, 0);
  if (held > 0 && broken.length === 0) printText(`✓ ${held} of ${held} expectations hold`, options);
  for (const line of broken) process.stderr.write(`✗ ${line}\n`);
  if (broken.length > 0) process.stderr.write(`To repeat it: ${command}\n`);
  else printText(`seed ${session.seed} · to repeat it: ${command}`, options);
  if (out !== undefined) printText(`Report: ${shortest(join(out, "index.html"))}`, options);
  return broken.length === 0;
}

function shortest(path: string): string {
  if (!isAbsolute(path)) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

function commandOf(verb: string, file: string, options: SimulateOptions, seed: number): string {
  const { strategies, schedulers, baseline } = options as CompareOptions;
  const ties = tieFlags(tiesOf(options as RunOptions));
  const parts = ["rehearse", verb, quoted(file), `--seed ${seed}`];
  if (options.replications !== undefined) parts.push(`--replications ${options.replications}`);
  if (strategies !== undefined) parts.push(`--strategies ${quoted(strategies.join(","))}`);
  if (schedulers !== undefined) parts.push(`--schedulers ${quoted(schedulers.join(","))}`);
  if (baseline !== undefined) parts.push(`--baseline ${quoted(baseline)}`);
  for (const setting of options.set ?? []) parts.push(`--set ${quoted(setting)}`);
  if (options.config !== undefined) parts.push(`--config ${quoted(options.config)}`);
  for (const plugin of options.plugin ?? []) parts.push(`--plugin ${quoted(plugin)}`);
  return parts.join(" ") + ties;
}
