import { z } from "zod";
import { nearest } from "../fields/nearest.ts";
import { assert } from "../kernel/errors.ts";
import type { Scheduler, SchedulerPlugin } from "./framework.ts";
import { profileScheduler, type Weighted } from "./profile.ts";
import { REQUIRED_PLUGINS } from "./schedulers.ts";

/** A scheduler that a scenario puts together: plugins by name with the weight of their scores, and how ties are settled. */
export interface ProfileSettings {
  readonly plugins: Readonly<Record<string, number>>;
  readonly ties: "random" | "first";
}

/**
 * The settings of `scheduler: { name: profile, plugins: { spread: 2, least-allocated: 1 }, ties: first }`, for these plugins.
 *
 * A weight of 0 keeps a plugin's filter and ignores its score. A plugin that is not among them is refused with the list.
 */
export function profileSettings(plugins: readonly SchedulerPlugin[]): z.ZodType<ProfileSettings> {
  const names = plugins.map((plugin) => plugin.name);
  return z.strictObject({
    plugins: z
      .record(z.string(), z.number().min(0).max(1_000_000))
      .superRefine((given, context) => {
        for (const name of Object.keys(given)) {
          if (names.includes(name)) continue;
          const near = nearest(name, names);
          const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
          const message = `there is no scheduler plugin "${name}"${hint}, expected one of ${names.join(", ")}`;
          context.addIssue({ code: "custom", message, path: [name], input: given });
        }
      })
      .default({}),
    ties: z.enum(["random", "first"]).default("random"),
  });
}

/**
 * The scheduler that such settings describe. What every scheduler insists on (room, labels, taints, a host that is open)
 * holds whether it is named or not. Plugins filter in the order in which they are known, whatever the order in the file.
 */
export function composedScheduler(settings: ProfileSettings, plugins: readonly SchedulerPlugin[]): Scheduler {
  for (const name of Object.keys(settings.plugins))
    assert(
      plugins.some((plugin) => plugin.name === name),
      `scheduler plugin ${name} was checked with the settings`,
    );
  const weighted: Weighted[] = [];
  for (const plugin of plugins) {
    const weight = settings.plugins[plugin.name];
    if (weight !== undefined || REQUIRED_PLUGINS.includes(plugin)) weighted.push({ plugin, weight: weight ?? 0 });
  }
  const missing = REQUIRED_PLUGINS.filter((plugin) => !plugins.includes(plugin));
  return profileScheduler({
    name: "profile",
    describe: "filters and scores with the plugins that the scenario names, each with its weight",
    plugins: [...missing.map((plugin) => ({ plugin, weight: 0 })), ...weighted],
    ties: settings.ties,
  });
}
