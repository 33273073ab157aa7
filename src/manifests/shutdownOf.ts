import type { ManifestReport } from "./manifestObject.ts";
import type { ContainerForm } from "./podSchema.ts";
import type { Template } from "./workload.ts";

/** How many seconds the longest preStop of a pod's containers takes; what cannot be told takes none, with a warning. */
export function shutdownOf({ object, path, spec }: Template, report: ManifestReport): number {
  const lengths = spec.containers.map((container, i) => {
    const seconds = preStopSeconds(container);
    if (seconds !== undefined) return seconds;
    const at = [...path, "spec", "containers", i, "lifecycle", "preStop"];
    report.warn(object, at, "is not simulated, since only a sleep tells how long it takes: it takes no time here");
    return 0;
  });
  return Math.max(...lengths);
}

/** `sleep: { seconds: 5 }`, or a command that sleeps; undefined where nobody can tell. */
function preStopSeconds({ lifecycle }: ContainerForm): number | undefined {
  const preStop = lifecycle?.preStop;
  if (preStop === undefined) return 0;
  if (preStop.sleep !== undefined) return preStop.sleep.seconds;
  const text = preStop.exec?.command?.join(" ");
  const [, amount, unit] = /(?:^|[\s/;&])sleep\s+(\d+(?:\.\d+)?)([smh]?)(?=\s|;|&|\)|$)/.exec(text ?? "") ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * (unit === "m" ? 60 : unit === "h" ? 3600 : 1);
}
