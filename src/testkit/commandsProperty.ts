import fc from "fast-check";
import type { NamedSettings, Scenario } from "../cluster/spec.ts";
import { formatDuration, SECOND } from "../kernel/time.ts";
import { writeScenario } from "../scenario/writeScenario.ts";
import { BUILT_IN, type Catalogue, type Plugin, withPlugins } from "../simulation/catalogue.ts";
import { anyScenario } from "./arbitraries/anyScenario.ts";
import type { Feature } from "./arbitraries/features.ts";
import { checkScenario } from "./checkScenario.ts";
import { choicesForPlugin } from "./choices.ts";
import { anyCommands, type ClusterCommand, COMMAND_VERSIONS } from "./commands/anyCommand.ts";
import { ModelDiffers } from "./commands/differs.ts";
import { LiveRun } from "./commands/liveRun.ts";
import { differenceAtRest, isStuck, type Model, newModel, PATIENCE } from "./commands/model.ts";
import type { Invariant } from "./invariant.ts";
import { INVARIANTS } from "./invariants.ts";
import { misdeedOf } from "./misdeeds.ts";
import { invariantsFor, lazyError, told } from "./properties.ts";

/** What is driven, and what is asked beside the model. */
export interface CommandsOptions {
  /** A strategy, a scheduler or a scheduler plug-in to try; the built-in parts if left out. */
  readonly plugin?: Plugin | undefined;
  /** The built-in one, with `plugin`, if left out. */
  readonly catalogue?: Catalogue | undefined;
  readonly strategies?: readonly NamedSettings[] | undefined;
  readonly schedulers?: readonly NamedSettings[] | undefined;
  /** Asked of the same run once more as a file; all that need no further run if left out. */
  readonly invariants?: readonly Invariant[] | undefined;
  /** 15 if left out. */
  readonly maxCommands?: number | undefined;
}

/** What may differ between clusters that commands are tried on: nothing that keeps them from coming to rest. */
const FEATURES: readonly Feature[] = ["zones", "slow-shutdown", "quick-control-plane", "balancers", "retries", "users"];
/** Time for the commands themselves. */
const MOST_COMMAND_TIME = 3600 * SECOND;
const LOOK_S = 10;

/**
 * A fast-check property: whatever is done to a cluster, in whatever order, it does as it is told.
 *
 * Deploys, rollbacks, scaling, crashes, kills, partitions, cordons, drains, pauses and waits go to a live simulation and to a
 * small model of what is wanted, and the two are compared after each. Then all hosts are opened, the rollout is resumed,
 * troubles end, and the wanted image must run on the wanted replicas, or the rollout say that it is stuck. The run is at last
 * checked as a file, with `invariants`. A failure shrinks to the fewest commands, and prints them as a scenario file.
 */
export function commandsProperty(
  options: CommandsOptions = {},
): fc.IPropertyWithHooks<[Scenario, Iterable<ClusterCommand>]> {
  const { plugin } = options;
  const given = options.catalogue ?? BUILT_IN;
  const catalogue = plugin === undefined ? given : withPlugins(given, [plugin]);
  const choices = plugin === undefined ? {} : choicesForPlugin(plugin, catalogue);
  const { strategies = choices.strategies, schedulers = choices.schedulers } = options;
  const asked = options.invariants ?? (plugin === undefined ? INVARIANTS : invariantsFor(plugin));
  const invariants = asked.filter(({ needsRuns }) => needsRuns !== true);
  const scenarios = anyScenario({ features: FEATURES, strategies, schedulers }).map(asStart);
  const commands = fc.commands([...anyCommands], { maxCommands: options.maxCommands ?? 15 });
  return fc.property(scenarios, commands, (scenario, list) => {
    const run = new LiveRun(scenario, catalogue);
    try {
      const model = newModel(run);
      fc.modelRun(() => ({ model, real: run }), list);
      settle(model, run);
    } catch (error) {
      if (!(error instanceof ModelDiffers) && misdeedOf(error) === undefined) throw error;
      throw lazyError("commands", () => `${(error as Error).message}\n\n${fileOf(run, catalogue)}`);
    }
    const again = run.asScenario();
    const violation = checkScenario(again, { catalogue, invariants, story: false });
    if (violation === undefined) return;
    const tell = () => told(checkScenario(again, { catalogue, invariants }) ?? violation);
    throw lazyError(violation.invariant, () => `${tell()}\n\n${fileOf(run, catalogue)}`);
  });
}

/** Nothing happens but what is commanded, and every version can be deployed. */
function asStart(scenario: Scenario): Scenario {
  const [image] = scenario.images;
  const images = image === undefined ? [] : COMMAND_VERSIONS.map((name) => ({ ...image, name }));
  return { ...scenario, name: "commands", images, timeline: [], duration: MOST_COMMAND_TIME + 2 * PATIENCE };
}

/** Nobody does anything any more: hosts are opened, what was paused goes on, and all comes to rest as wanted. */
function settle(model: Model, run: LiveRun): void {
  for (const host of model.cordoned) run.act({ kind: "uncordon", host });
  model.cordoned.clear();
  if (model.paused) run.act({ kind: "resume", service: model.service });
  model.paused = false;
  const from = Math.max(run.now, model.troubleUntil);
  while (run.now < from + PATIENCE) {
    run.advance(LOOK_S);
    if (run.now > from && differenceAtRest(model, run) === undefined) return;
  }
  if (isStuck(model, run)) return;
  const missing = differenceAtRest(model, run);
  throw new ModelDiffers(`at rest, ${formatDuration(PATIENCE)} after the last command: ${missing}`);
}

/** What was done so far, for `rehearse run`. */
function fileOf(run: LiveRun, catalogue: Catalogue): string {
  return writeScenario(run.asScenario(), catalogue);
}
