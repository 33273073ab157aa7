import { parseDuration } from "../fields/duration.ts";
import { formatDuration, type Micros, toSeconds } from "../kernel/time.ts";
import { kubernetesEventLog } from "../reports/kubernetesEvents.ts";
import { Playback } from "../simulation/playback.ts";
import { Simulation } from "../simulation/simulation.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { scenarioFrom } from "./input.ts";
import type { ReplayOptions } from "./options.ts";
import { catalogueWith } from "./plugins.ts";
import { printJson, printText } from "./print.ts";
import { Progress } from "./progress.ts";
import { ReplayTables, SHOWABLE, type Showable } from "./replayTables.ts";
import { Interruption } from "./simulateInSlices.ts";
import { stepThrough } from "./stepper.ts";
import { tiesOf } from "./ties.ts";
import { type Windable, wind } from "./wind.ts";

/** `rehearse replay`: the state at given moments in kubectl's layout, or step by step. Returns the exit code. */
export async function replay(file: string, options: ReplayOptions): Promise<number> {
  const moments = options.at.map(momentOf);
  const shown = showable(options.show ?? ["pods"]);
  const stepping = moments.length === 0;
  if (stepping) checkTerminal(options);
  const catalogue = await catalogueWith(options.plugin ?? []);
  const { scenario, warnings } = await scenarioFrom(file, catalogue, options);
  const late = options.at.find((text) => momentOf(text) > scenario.duration);
  if (late !== undefined) {
    const end = formatDuration(scenario.duration);
    throw new UsageError(`--at ${late}: the run ends at ${end}; give a time up to that.`);
  }
  if (options.quiet !== true) for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const log = kubernetesEventLog();
  const ties = tiesOf(options);
  const simulation = new Simulation(scenario, { seed: options.seed, catalogue, listen: log.listen, ties });
  const tables = new ReplayTables(simulation, log, catalogue.strategies);
  const playback = new Playback(simulation, log, stepping ? undefined : 1);
  if (stepping) {
    printText(`${scenario.name}, seed ${simulation.seed}`, options);
    const place = { input: process.stdin, output: process.stdout, terminal: true };
    return (await stepThrough(playback, tables, place)) === "interrupted" ? EXIT.interrupted : EXIT.done;
  }
  const answers = await inOrder(moments, { playback, quiet: options.quiet }, (moment) =>
    options.json === true
      ? answerOf(playback, tables, shown)
      : textOf({ playback, tables, shown, moment, quiet: options.quiet }),
  );
  if (options.json === true) printJson(answers);
  else process.stdout.write(answers.join("\n"));
  return EXIT.done;
}

/** Visits the moments from the earliest to the latest, and gives what was seen there in the order that was asked for. */
async function inOrder<Seen>(
  moments: readonly Micros[],
  run: { readonly playback: Windable; readonly quiet: boolean | undefined },
  look: (moment: Micros) => Seen,
): Promise<Seen[]> {
  const interruption = new Interruption();
  const progress = new Progress({ quiet: run.quiet });
  const seen = new Map<Micros, Seen>();
  const last = Math.max(...moments);
  const pressed = () => {
    interruption.check();
    return false;
  };
  for (const moment of [...new Set(moments)].sort((one, other) => one - other)) {
    await wind(run.playback, moment, {
      stopped: pressed,
      progress: (now) => progress.show(now / last, `to ${formatDuration(moment)}`),
    });
    seen.set(moment, look(moment));
  }
  progress.done();
  interruption.release();
  return moments.map((moment) => seen.get(moment) as Seen);
}

function textOf(view: {
  readonly playback: { readonly simulation: Simulation };
  readonly tables: ReplayTables;
  readonly shown: readonly Showable[];
  readonly moment: Micros;
  readonly quiet: boolean | undefined;
}): string {
  const { scenario, seed } = view.playback.simulation;
  const heading = `${scenario.name} at ${formatDuration(view.moment)}, seed ${seed}\n\n`;
  return (view.quiet === true ? "" : heading) + view.shown.map((what) => view.tables.text(what)).join("\n");
}

function answerOf(playback: { readonly simulation: Simulation }, tables: ReplayTables, shown: readonly Showable[]) {
  const { scenario, seed, now } = playback.simulation;
  const parts = shown.map((what) => [what, tables.answer(what)] as const);
  return { scenario: scenario.name, seed, atS: toSeconds(now), ...Object.fromEntries(parts) };
}

function momentOf(text: string): Micros {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value;
  throw new UsageError(`--at ${text}: expected ${parsed.expected}.`);
}

function showable(names: readonly string[]): Showable[] {
  const wrong = names.find((name) => !SHOWABLE.some((known) => known === name));
  if (wrong !== undefined) throw new UsageError(`--show ${wrong}: expected some of ${SHOWABLE.join(", ")}.`);
  return SHOWABLE.filter((known) => names.includes(known));
}

function checkTerminal({ json }: ReplayOptions): void {
  const mend = "Give the moment to show, such as --at 5m3s; --at may be repeated.";
  if (json === true) throw new UsageError(`replay: --json shows moments, and none is given. ${mend}`);
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new UsageError(`replay: without a moment it steps through the run, for which it needs a terminal. ${mend}`);
  }
}
