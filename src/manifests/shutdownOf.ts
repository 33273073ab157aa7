import type { ManifestReport } from "./manifestObject.ts";
import type { ContainerForm } from "./podSchema.ts";
import { containerPath, type Template } from "./workload.ts";

/** How many seconds the longest preStop of a pod's containers takes; what cannot be told takes none, with a warning. */
export function shutdownOf(template: Template, report: ManifestReport): number {
  const { object } = template;
  const lengths = template.spec.containers.map((container, i) => {
    const { seconds, isWhole } = preStopOf(container);
    const at = [...containerPath(template, i), "lifecycle", "preStop"];
    if (!isWhole && seconds > 0) {
      report.warn(object, at, `takes ${seconds}s here, as long as its sleep: nobody can tell how long its loop takes`);
    } else if (!isWhole) {
      report.warn(object, at, "is not simulated, since only a sleep tells how long it takes: it takes no time here");
    }
    return seconds;
  });
  return Math.max(...lengths);
}

/** How long a preStop takes, as far as can be told. */
interface PreStopLength {
  readonly seconds: number;
  /** False: there is more to it. */
  readonly isWhole: boolean;
}

/** A loop of a shell, which may sleep as often as it goes round. */
const LOOP = /(?:^|[\s;&|(])(?:while|until|for)\s/;

/** `sleep: { seconds: 5 }`, or a command that sleeps. */
function preStopOf({ lifecycle }: ContainerForm): PreStopLength {
  const preStop = lifecycle?.preStop;
  if (preStop === undefined) return { seconds: 0, isWhole: true };
  if (preStop.sleep !== undefined) return { seconds: preStop.sleep.seconds, isWhole: true };
  const text = preStop.exec?.command?.join(" ") ?? "";
  const loop = LOOP.exec(text)?.index ?? text.length;
  const before = text.slice(0, loop);
  const [, amount, unit] = /(?:^|[\s/;&])sleep\s+(\d+(?:\.\d+)?)([smh]?)(?=\s|;|&|\)|$)/.exec(before) ?? [];
  if (amount === undefined) return { seconds: 0, isWhole: false };
  return { seconds: Number(amount) * (unit === "m" ? 60 : unit === "h" ? 3600 : 1), isWhole: loop === text.length };
}
