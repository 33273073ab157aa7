import type { NamedSettings } from "../cluster/spec.ts";
import { PluginError } from "../kernel/errors.ts";
import type { Scheduler } from "../scheduling/framework.ts";
import type { Catalogue } from "./catalogue.ts";

/** The scheduler that a scenario names, with its settings. @throws PluginError for a name that nobody has. */
export function schedulerOf({ name, settings }: NamedSettings, catalogue: Catalogue): Scheduler {
  const scheduler = catalogue.schedulers.get(name);
  if (scheduler === undefined) {
    const names = [...catalogue.schedulers.keys()].join(", ");
    throw new PluginError(`there is no scheduler "${name}"; expected one of ${names}`);
  }
  return scheduler;
}
