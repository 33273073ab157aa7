import type { RunResult } from "../metrics/result.ts";
import { eventAnswers, eventsText, type KubernetesEventLog, kubernetesEventLog } from "../reports/kubernetesEvents.ts";
import { judge } from "./checks.ts";
import { EXIT } from "./exitCodes.ts";
import type { RunOptions } from "./options.ts";
import { printJson, printText } from "./print.ts";
import { doRuns, type Runs } from "./runs.ts";
import { type Prepared, prepare, tellChecks, writeReport } from "./session.ts";
import { Interruption } from "./simulateInSlices.ts";
import { tiesOf } from "./ties.ts";

/** The one variant of a run without alternatives. */
const AS_WRITTEN = "as written";

/** `rehearse run`: one simulation, or one for each of so many seeds. Returns the exit code. */
export async function run(file: string, options: RunOptions): Promise<number> {
  const session = await prepare("run", file, options);
  const log = options.format === undefined ? undefined : kubernetesEventLog();
  const interruption = new Interruption();
  const { scenario } = session;
  const runs = await doRuns(
    {
      scenario,
      kind: "strategies",
      variants: [{ name: AS_WRITTEN, apply: (same) => same }],
      baseline: AS_WRITTEN,
      replications: options.replications ?? 1,
      seed: session.seed,
      catalogue: session.catalogue,
      ties: tiesOf(options),
    },
    { interruption, quiet: options.quiet, listen: log?.listen },
  );
  const all = runs.results[0]?.runs ?? [];
  const first = all[0] as RunResult;
  first.summary.warnings.unshift(...session.warnings);
  const held = { expect: scenario.expect, failIf: options.failIf, strict: options.strict === true };
  const verdicts = all.map(({ summary }) => judge(summary, held));
  await writeReport(session, interruption, async () => {
    const { runReport } = await import("../reports/folder.ts");
    return runReport(first, { command: session.command });
  });
  if (log !== undefined) {
    printEvents(log, options);
    // Standard output belongs to the list.
    const aside = { ...session, options: { ...options, json: true } };
    return tellChecks(aside, verdicts) ? EXIT.done : EXIT.broken;
  }
  if (options.json === true) printJson(jsonOf(first, runs));
  await tell(session, first, runs);
  return tellChecks(session, verdicts) ? EXIT.done : EXIT.broken;
}

function printEvents({ entries }: KubernetesEventLog, { json }: RunOptions): void {
  if (json === true) printJson(eventAnswers(entries));
  else process.stdout.write(eventsText(entries));
}

async function tell(session: Prepared, first: RunResult, runs: Runs): Promise<void> {
  if (session.options.quiet === true || session.options.json === true) return;
  const { comparisonText, runText } = await import("../reports/terminal.ts");
  printText(runText(first, session.look), session.options);
  const { replications } = runs.comparison;
  if (replications > 1) {
    printText(`\nMeans over ${replications} seeds, from ${session.seed}:\n`, session.options);
    printText(comparisonText(runs.comparison, session.look), session.options);
  }
}

function jsonOf(first: RunResult, { comparison }: Runs): object {
  const [only] = comparison.strategies;
  if (comparison.replications === 1 || only === undefined) return first.summary;
  const { metrics, noFailedRequest } = only;
  return { ...first.summary, replications: comparison.replications, metrics, noFailedRequest };
}
