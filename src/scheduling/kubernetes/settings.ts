/** A KubeSchedulerConfiguration as the settings of the scheduler `kubernetes`. */
import { z } from "zod";
import { CONFIG_HEAD, configFromV1, type SchedulerConfig } from "./configFromV1.ts";
import type { ConfigWarning } from "./configKeys.ts";
import { V1FieldError } from "./v1Fields.ts";

const NO_FILE =
  "a file cannot be read from here: use the command rehearse, or write what the file says in place of config";

/** Settings as v1 writes them; `apiVersion` and `kind` may be left out. Nothing at all is Kubernetes' default. */
export const kubernetesSettings: z.ZodType<SchedulerConfig> = z
  .record(z.string(), z.unknown())
  .transform((given, context) => {
    if (Object.hasOwn(given, "config")) {
      context.addIssue({ code: "custom", message: NO_FILE, path: ["config"], input: given.config });
      return z.NEVER;
    }
    try {
      return read(given);
    } catch (error) {
      if (!(error instanceof V1FieldError)) throw error;
      const message = `found ${error.found}, expected ${error.expected}`;
      context.addIssue({ code: "custom", message, path: stepsOf(error.path), input: given });
      return z.NEVER;
    }
  });

/** What of some settings does not act; of wrong settings nothing, since they are refused. */
export function settingsWarnings(settings: unknown): readonly ConfigWarning[] {
  const read = kubernetesSettings.safeParse(settings);
  return read.success ? read.data.warnings : [];
}

/** The scheduler names that some settings have a profile for; undefined where they are wrong. */
export function profileNames(settings: unknown): readonly string[] | undefined {
  const read = kubernetesSettings.safeParse(settings);
  return read.success ? read.data.profiles.map(({ schedulerName }) => schedulerName) : undefined;
}

function read(given: Readonly<Record<string, unknown>>): SchedulerConfig {
  return configFromV1({ ...CONFIG_HEAD, ...given });
}

/** `profiles[0].plugins` as steps. */
function stepsOf(path: string): (string | number)[] {
  return (path.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
