import type { ZodType } from "zod";
import { PluginError } from "../kernel/errors.ts";
import { STRATEGIES } from "../rollout/strategies.ts";
import type { Strategy } from "../rollout/strategy.ts";
import { composedScheduler, type ProfileSettings, profileSettings } from "../scheduling/composed.ts";
import type { Scheduler, SchedulerPlugin } from "../scheduling/framework.ts";
import type { SchedulerConfig } from "../scheduling/kubernetes/configFromV1.ts";
import { kubernetesSettings, settingsWarnings } from "../scheduling/kubernetes/settings.ts";
import { kubernetesScheduler } from "../scheduling/kubernetesScheduler.ts";
import { SCHEDULER_PLUGINS, SCHEDULERS } from "../scheduling/schedulers.ts";

/** What a plug-in file may export. */
export type Plugin = Strategy | Scheduler | SchedulerPlugin;

/** Every name that a scenario may use for a way of doing things. */
export interface Catalogue {
  readonly strategies: ReadonlyMap<string, Strategy>;
  readonly schedulers: ReadonlyMap<string, SchedulerEntry>;
  readonly schedulerPlugins: readonly SchedulerPlugin[];
}

/** A scheduler by name, before its settings are known. */
export interface SchedulerEntry {
  readonly describe: string;
  readonly settings?: ZodType | undefined;
  /** What of the settings, as they were written, does not act, and under which path of theirs. */
  warnings?(settings: unknown): readonly { readonly path: string; readonly message: string }[];
  /** `settings` as the schema gives them. */
  make(settings: unknown): Scheduler;
}

/** A cache goes with each run, so each gets a scheduler of its own. */
const KUBERNETES: SchedulerEntry = {
  describe:
    "kube-scheduler with Kubernetes' own arithmetic and preemption, its default profile or those of a configuration",
  settings: kubernetesSettings,
  warnings: settingsWarnings,
  make: (settings) => kubernetesScheduler(settings as SchedulerConfig),
};

/** The built-in ones. */
export const BUILT_IN: Catalogue = {
  strategies: new Map(STRATEGIES.map((strategy) => [strategy.name, strategy])),
  schedulers: new Map([
    ...SCHEDULERS.map((scheduler) => [scheduler.name, fixed(scheduler)] as const),
    ["profile", composed(SCHEDULER_PLUGINS)],
    ["kubernetes", KUBERNETES],
  ]),
  schedulerPlugins: SCHEDULER_PLUGINS,
};

/**
 * The catalogue with users' own plug-ins added; one with a built-in's name takes its place.
 *
 * @throws PluginError for anything that is not a plug-in, with what is missing.
 */
export function withPlugins(catalogue: Catalogue, plugins: readonly unknown[]): Catalogue {
  const strategies = new Map(catalogue.strategies);
  const schedulers = new Map(catalogue.schedulers);
  const schedulerPlugins = new Map(catalogue.schedulerPlugins.map((plugin) => [plugin.name, plugin]));
  for (const candidate of plugins) {
    const plugin = checked(candidate);
    if (plugin.kind === "strategy") strategies.set(plugin.name, plugin);
    else if (plugin.kind === "scheduler") schedulers.set(plugin.name, fixed(plugin));
    else schedulerPlugins.set(plugin.name, plugin);
  }
  const all = [...schedulerPlugins.values()];
  schedulers.set("profile", composed(all));
  return { strategies, schedulers, schedulerPlugins: all };
}

function fixed(scheduler: Scheduler): SchedulerEntry {
  return { describe: scheduler.describe, make: () => scheduler };
}

/** The scheduler that a scenario puts together itself, out of these plug-ins. */
function composed(plugins: readonly SchedulerPlugin[]): SchedulerEntry {
  return {
    describe: "filters and scores with the plug-ins that the scenario names, each with its weight",
    settings: profileSettings(plugins),
    make: (settings) => composedScheduler(settings as ProfileSettings, plugins),
  };
}

/** Which function makes a value of that kind a plug-in; of a scheduler plug-in, one of two. */
const NEEDED: Readonly<Record<Plugin["kind"], readonly string[]>> = {
  strategy: ["plan"],
  scheduler: ["place"],
  "scheduler-plugin": ["filter", "score"],
};

/** True where a value says of itself that it is a plug-in. */
export function claimsToBePlugin(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}

function checked(value: unknown): Plugin {
  const kinds = Object.keys(NEEDED).join(", ");
  if (!claimsToBePlugin(value)) throw new PluginError(`a plug-in is an object with a kind (one of ${kinds})`);
  const fields = value as { readonly kind?: unknown; readonly name?: unknown } & Record<string, unknown>;
  const needed = NEEDED[fields.kind as Plugin["kind"]];
  if (needed === undefined) throw new PluginError(`found a plug-in of kind "${fields.kind}"; expected one of ${kinds}`);
  const name = fields.name;
  if (typeof name !== "string" || name === "")
    throw new PluginError("a plug-in needs a name, a text that is not empty");
  if (!needed.some((method) => typeof fields[method] === "function")) {
    throw new PluginError(`the ${fields.kind} "${name}" needs a function ${needed.join(" or ")}`);
  }
  return value as Plugin;
}
