#!/usr/bin/env node
// Only what `--help` needs is loaded here; each verb loads its own.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { ExhaustiveOptions } from "./exhaustiveFind.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { reportFailure } from "./failure.ts";
import type { FuzzOptions } from "./fuzz.ts";
import type { CommonOptions, CompareOptions, ReplayOptions, RunOptions } from "./options.ts";
import type { ScheduleFlags } from "./schedule.ts";
import { readChoices, readTieSeed } from "./ties.ts";
import { VERSION } from "./version.ts";

/** `fuzz` is one of two searches. */
type ExhaustiveFlags = ExhaustiveOptions & { readonly exhaustive?: boolean };

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads no further, as `head` does, has what it wanted.
  if (error.code === "EPIPE") process.exit(EXIT.done);
  process.exit(reportFailure(new UsageError(`stdout: it cannot be written (${error.message}).`), []));
});
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  // Warnings that nobody reads on are no reason to stop; of what cannot be written there is nowhere left to say it.
  if (error.code !== "EPIPE") process.exit(EXIT.input);
});

const program = new Command("rehearse")
  .description(
    "Rehearses releases, failures and traffic on a simulated cluster of hosts and containers,\n" +
      "counts every request, and names the cause of every failed one.",
  )
  .version(VERSION, "-V, --version")
  .option("--json", "results as JSON on stdout, messages on stderr")
  .option("--quiet", "no progress and no summary; errors only")
  .configureHelp({ showGlobalOptions: true, helpWidth: 110 })
  .showHelpAfterError("(add --help for the options and an example)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Example:
  $ rehearse init shop > shop.yaml
  $ rehearse run shop.yaml
  $ rehearse compare shop.yaml --strategies recreate,rolling,blue-green

Exit codes: 0 done · 1 an expectation did not hold · 2 the input is wrong · 3 a plug-in failed · 4 an invariant was
broken (fuzz) · 70 our own fault · 130 interrupted`,
  );

withScenarioOptions(program.command("run"))
  .description("one simulation of a scenario: prints the answer and writes the report")
  .argument("<file>", "the scenario, YAML or JSON, or Kubernetes manifests; - reads stdin")
  .option("--replications <n>", "run it so often, seed after seed, and give means with 95 % intervals", wholeFrom1)
  .addOption(shuffleTies())
  .addOption(tieChoices())
  .option("--strict", "exit 1 as well when a service misses its objective (slo)")
  .addOption(
    new Option(
      "--format <name>",
      "print this in place of the answer: what kubectl get events would have shown",
    ).choices(["kubernetes-events"]),
  )
  .addHelpText(
    "after",
    example("rehearse run shop.yaml --set services.shop.replicas=7 --fail-if 'services.shop.requests.failed > 0'"),
  )
  .action(async (file: string, _options: unknown, command: Command) => {
    const { run } = await import("./run.ts");
    return finish(await run(file, command.optsWithGlobals<RunOptions>()));
  });

withScenarioOptions(program.command("compare"))
  .description("the same scenario, seed by seed, under each strategy or scheduler: who loses what, and at what cost")
  .argument("<file>", "the scenario, YAML or JSON, or Kubernetes manifests; - reads stdin")
  .option("--strategies <names>", "strategies to compare, separated by commas", names)
  .option("--schedulers <names>", "schedulers to compare, separated by commas", names)
  .option(
    "--baseline <name>",
    "the one that the others are measured against (default: the scenario's own, else the first)",
  )
  .option("--replications <n>", "runs of each, seed after seed (default 1)", wholeFrom1)
  .addOption(shuffleTies())
  .addHelpText(
    "after",
    example(
      "rehearse compare shop.yaml --strategies recreate,rolling,blue-green --replications 30\n  $ rehearse compare app.yaml --strategies recreate,rolling",
    ),
  )
  .action(async (file: string, _options: unknown, command: Command) => {
    const { compare } = await import("./compare.ts");
    return finish(await compare(file, command.optsWithGlobals<CompareOptions>()));
  });

withReadingOptions(program.command("replay"))
  .description("the state at one moment in the layout of kubectl get, or step by step through the run")
  .argument("<file>", "the scenario, YAML or JSON, or Kubernetes manifests; - reads stdin")
  .addOption(
    repeated("--at <time>", "the moment, such as 5m3s; may be repeated (without it: step by step, on a terminal)"),
  )
  .option("--show <tables>", "pods, nodes, deployments, endpoints, events; several with commas (default pods)", names)
  .option("--seed <n>", "instead of the scenario's own", wholeFrom0)
  .addOption(shuffleTies())
  .addOption(tieChoices())
  .addHelpText(
    "after",
    example("rehearse replay shop.yaml --at 2m5s --show pods,events\n  $ rehearse replay app.yaml --at 2m5s"),
  )
  .action(async (file: string, _options: unknown, command: Command) => {
    const { replay } = await import("./replay.ts");
    return finish(await replay(file, command.optsWithGlobals<ReplayOptions>()));
  });

program
  .command("schedule")
  .description("places the pods of Kubernetes manifests on nodes as kube-scheduler would, with no clock")
  .argument("<manifests...>", "files of Kubernetes manifests; - reads stdin")
  .option("--explain", "for each pod: which filter said no on which node, each plugin's score and weight, and who won")
  .option("--nodes <sizes>", "nodes beside those of the manifests, as 3x4cpu/8Gi or 2x4cpu/8Gi,1x500m/1Gi")
  .option("--config <file>", "a KubeSchedulerConfiguration")
  .option("--seed <n>", "breaks ties (default 1)", wholeFrom0)
  .addHelpText("after", example("rehearse schedule app.yaml --nodes 3x4cpu/8Gi --explain"))
  .action(async (files: string[], _options: unknown, command: Command) => {
    const { schedule } = await import("./schedule.ts");
    return finish(await schedule(files, command.optsWithGlobals<ScheduleFlags>()));
  });

withReadingOptions(program.command("validate"))
  .description("checks scenarios and Kubernetes manifests, and runs nothing")
  .argument("<files...>", "scenarios, YAML or JSON, or Kubernetes manifests; - reads stdin")
  .addHelpText("after", example("rehearse validate scenarios/*.yaml\n  $ rehearse validate app.yaml"))
  .action(async (files: string[], _options: unknown, command: Command) => {
    const { validate } = await import("./validate.ts");
    return finish(await validate(files, command.optsWithGlobals<CommonOptions>()));
  });

program
  .command("fuzz")
  .description("searches for the smallest scenario in which a scheduler or a strategy breaks an invariant")
  .option("--scheduler <name>", "the scheduler to try, built in or from --plugin")
  .option("--strategy <name>", "the strategy to try, built in or from --plugin")
  .addOption(pluginFiles())
  .option("--invariants <names>", "only these, separated by commas", names)
  .option("--runs <n>", "so many scenarios (default 1000)", wholeFrom1)
  .option("--for <time>", "as long as that, such as 5m, instead of a number of runs")
  .option("--seed <n>", "where the search begins (default 1)", wholeFrom0)
  .option(
    "--shuffle-ties [seed]",
    "simultaneous events in an order by chance: what breaks only so is a race",
    readTieSeed,
  )
  .option(
    "--workers <n>",
    "so many threads; the same is found with any number (default auto: one a processor, up to 8)",
  )
  .option(
    "--hang-after <time>",
    "a plug-in that gives no answer for so long hangs (default 10s; up to four times as long on a busy machine)",
  )
  .option("--keep-going", "one find for each invariant, until the runs are over")
  .option("--corpus <folder>", "keeps what it finds, and tries that first; goes on where it stopped the last time")
  .option("--fresh", "with --corpus: begins at the first run again")
  .option("--replay <file>", "checks this scenario only, and tells the story of what it breaks")
  .option("--out <file>", "where a find goes (default counterexample.yaml)")
  .option("--exhaustive", "every order of simultaneous events of a tiny scenario (at most 3 hosts and 3 containers)")
  .argument("[file]", "with --exhaustive: the scenario, YAML or JSON; - reads stdin (default: a release on two hosts)")
  .option("--fault <kind>", "with --exhaustive: none, crash, kill, partition, control-plane, all (default all)")
  .option("--grid <time>", "with --exhaustive: between two instants at which a fault is tried (default 500ms)")
  .option("--worlds <n>", "with --exhaustive: so many at most (default 50000)", wholeFrom1)
  .option("--no-request-lost", "with --exhaustive: a failed request breaks an invariant too")
  .addHelpText(
    "after",
    `${example("rehearse fuzz --plugin ./mine.ts --for 5m\n  $ rehearse fuzz --exhaustive tiny.yaml --fault none --no-request-lost")}\n\nExit code 4: an invariant was broken.`,
  )
  .action(async (file: string | undefined, _options: unknown, command: Command) => {
    const options = command.optsWithGlobals<FuzzOptions & ExhaustiveFlags>();
    checkExhaustive(file, options, command);
    if (options.exhaustive === true) {
      const { exhaustive } = await import("./exhaustive.ts");
      return finish(await exhaustive(file, options));
    }
    const { fuzz } = await import("./fuzz.ts");
    return finish(await fuzz(options));
  });

program
  .command("init")
  .description("prints a commented scenario to start from")
  .argument("<name>", "what to call it")
  .option("--out <file>", "write it to this file, which must not exist yet")
  .addHelpText("after", example("rehearse init shop > shop.yaml"))
  .action(async (name: string, _options: unknown, command: Command) => {
    const { init } = await import("./init.ts");
    return finish(await init(name, command.optsWithGlobals<CommonOptions & { out?: string }>()));
  });

try {
  await program.parseAsync();
} catch (failure) {
  if (failure instanceof CommanderError) process.exitCode = failure.exitCode === 0 ? EXIT.done : EXIT.input;
  else process.exitCode = reportFailure(failure, process.argv.slice(2));
}

/** Flags of the random search say nothing to the exhaustive one, and the other way round: neither is passed over in silence. */
function checkExhaustive(file: string | undefined, options: ExhaustiveFlags, command: Command): void {
  const only = ["fault", "grid", "worlds", "requestLost"];
  const never = [
    ...["invariants", "runs", "for", "seed", "shuffleTies", "workers", "hangAfter"],
    ...["keepGoing", "corpus", "fresh", "replay"],
  ];
  const foreign = options.exhaustive === true ? never : only;
  const given = foreign.find((name) => command.getOptionValueSource(name) === "cli");
  const flag = command.options.find((option) => option.attributeName() === given)?.long ?? "a file";
  if (given === undefined && (file === undefined || options.exhaustive === true)) return;
  command.error(
    options.exhaustive === true
      ? `error: ${flag} has no meaning with --exhaustive; leave it out.`
      : `error: ${flag} goes with --exhaustive only; add that.`,
  );
}

function finish(code: number): void {
  process.exitCode = code;
}

function withScenarioOptions(command: Command): Command {
  return withReadingOptions(command.option("--seed <n>", "instead of the scenario's own", wholeFrom0))
    .option("--out <folder>", "where the report goes (default reports/<name of the scenario>)")
    .option("--no-report", "print the answer only")
    .addOption(repeated("--fail-if <check>", "exit 1 when this holds of the results; may be repeated"));
}

/** What every verb knows that reads a scenario. */
function withReadingOptions(command: Command): Command {
  return command
    .option(
      "--config <file>",
      "a KubeSchedulerConfiguration: places by its profiles, in place of the scenario's scheduler",
    )
    .addOption(repeated("--set <path=value>", "sets any value of the scenario; may be repeated"))
    .addOption(pluginFiles());
}

function pluginFiles(): Option {
  return repeated(
    "--plugin <file>",
    "a TypeScript or JavaScript file with your own strategy or scheduler; may be repeated",
  );
}

function shuffleTies(): Option {
  const what = "simultaneous events in an order by chance, not in that of scheduling";
  return new Option("--shuffle-ties [seed]", what).argParser(readTieSeed);
}

function tieChoices(): Option {
  const what = "simultaneous events in the order that a find was made with, such as 12:1";
  return new Option("--ties <choices>", what).argParser(readChoices);
}

/** Every use of it adds one value. */
function repeated(flags: string, what: string): Option {
  return new Option(flags, what)
    .argParser((value: string, sofar: readonly string[]) => [...sofar, value])
    .default([], "none");
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}

function names(value: string): string[] {
  const list = value.split(",").map((name) => name.trim());
  if (list.some((name) => name === ""))
    throw new InvalidArgumentError("Give names separated by commas, as rolling,recreate.");
  return list;
}

function wholeFrom(least: number, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isSafeInteger(number) || number < least) {
    throw new InvalidArgumentError(`Give a whole number from ${least}.`);
  }
  return number;
}

function wholeFrom0(value: string): number {
  return wholeFrom(0, value);
}

function wholeFrom1(value: string): number {
  return wholeFrom(1, value);
}
