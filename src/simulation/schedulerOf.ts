import type { NamedSettings } from "../cluster/spec.ts";
import { PluginError } from "../kernel/errors.ts";
import type { Scheduler } from "../scheduling/framework.ts";
import type { Catalogue } from "./catalogue.ts";

/** The scheduler that a scenario names, with its settings. @throws PluginError for a name that nobody has, or wrong settings. */
export function schedulerOf({ name, settings }: NamedSettings, catalogue: Catalogue): Scheduler {
  const entry = catalogue.schedulers.get(name);
  if (entry === undefined) {
    const names = [...catalogue.schedulers.keys()].join(", ");
    throw new PluginError(`there is no scheduler "${name}"; expected one of ${names}`);
  }
  if (entry.settings === undefined) return entry.make(undefined);
  const parsed = entry.settings.safeParse(settings);
  if (parsed.success) return entry.make(parsed.data);
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
  throw new PluginError(`scheduler "${name}" refuses its settings: ${issues.join("; ")}`);
}
