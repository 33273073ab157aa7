import type { FailureCause } from "../../metrics/result.ts";
import { HUE, INK } from "./theme.ts";

/** One colour per cause, the same in every chart; none of them blue or green, which are the first two versions. */
const COLOURS: Readonly<Record<FailureCause, string>> = {
  "host-down": INK.failure.light,
  "no-endpoints": INK.dire.light,
  "connection-refused": HUE.orange.light,
  terminating: HUE.olive.light,
  "not-ready": HUE.sky.light,
  "queue-full": INK.brown.light,
  "cut-off": INK.broken.light,
  timeout: HUE.violet.light,
  "application-error": HUE.purple.light,
};

/** The colour, on a light page, of failures by this cause. */
export function causeColour(cause: string): string {
  return Object.hasOwn(COLOURS, cause) ? COLOURS[cause as FailureCause] : INK.muted.light;
}
