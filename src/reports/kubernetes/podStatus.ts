import { type Container, crashBackoff } from "../../cluster/containers.ts";
import { type Host, isHeard } from "../../cluster/hosts.ts";
import { unreachable } from "../../kernel/errors.ts";
import type { PodReport } from "./podReports.ts";

/**
 * The STATUS of a pod in kubectl's words.
 *
 * A pod of a silent host keeps the status that was last reported, also when its node is long NotReady: `Running`, and
 * `Terminating` once it is evicted. Source: kubectl, printers.go, printPod; kubelet's reasons for waiting.
 */
export function podStatus(container: Container, report: PodReport, host: Host | undefined): string {
  if (container.deleted) return "Terminating";
  const { phase } = report;
  switch (phase) {
    case "pending":
      return "Pending";
    case "assigned":
      return "ContainerCreating";
    case "pulling":
      return pullStatus(container, host);
    case "starting":
    case "running":
      return "Running";
    case "backoff":
      return crashBackoff(report.backoffs - 1) === 0 ? "Error" : "CrashLoopBackOff";
    case "crashed":
      return "Error";
    case "terminating":
    case "gone":
      return "Terminating";
    default:
      return unreachable(phase);
  }
}

/** Between two tries it waits, and is in no pull. */
function pullStatus({ id, pullFailures }: Container, host: Host | undefined): string {
  if (pullFailures === 0 || host === undefined || !isHeard(host)) return "ContainerCreating";
  return host.pulls.some(({ waiting }) => waiting.includes(id)) ? "ContainerCreating" : "ImagePullBackOff";
}
