import type { Container } from "../../cluster/containers.ts";
import { unreachable } from "../../kernel/errors.ts";
import { type Micros, SECOND } from "../../kernel/time.ts";
import type { PodReport } from "./podReports.ts";

/** So often a kubelet looks at what became of its containers (kubelet, pleg, genericPlegRelistPeriod). */
const LOOK: Micros = SECOND;

/**
 * The STATUS of a pod in kubectl's words.
 *
 * What has just failed reads as that, `Error` or `ErrImagePull`, until the kubelet looks again and finds it in back-off. Later
 * tries at an image show nothing new until they succeed.
 *
 * A pod of a silent host keeps the status that was last reported, also when its node is long NotReady: `Running`, and
 * `Terminating` once it is evicted. Source: kubectl, printers.go, printPod; kubelet's reasons for waiting.
 */
export function podStatus({ deleted }: Container, report: PodReport, now: Micros): string {
  if (deleted) return "Terminating";
  const { phase, pullFailedAt, endedAt = now } = report;
  switch (phase) {
    case "pending":
      return "Pending";
    case "assigned":
      return "ContainerCreating";
    case "pulling":
      if (pullFailedAt === undefined) return "ContainerCreating";
      return now - pullFailedAt < LOOK ? "ErrImagePull" : "ImagePullBackOff";
    case "starting":
    case "running":
      return "Running";
    case "backoff":
      return report.backoff === 0 || now - endedAt < LOOK ? "Error" : "CrashLoopBackOff";
    case "crashed":
      return "Error";
    case "terminating":
    case "gone":
      return "Terminating";
    default:
      return unreachable(phase);
  }
}
