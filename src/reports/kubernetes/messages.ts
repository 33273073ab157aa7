import type { ImageSpec } from "../../cluster/spec.ts";
import type { Micros } from "../../kernel/time.ts";

/** Where our plain schedulers and Kubernetes' say the same in other words. */
const REASONS: readonly (readonly [ours: string, theirs: string])[] = [
  ["host(s) were unreachable", "node(s) had untolerated taint {node.kubernetes.io/unreachable: }"],
  ["host(s) didn't match the node selector", "node(s) didn't match Pod's node affinity/selector"],
  ["host(s) didn't match the required spread", "node(s) didn't match pod topology spread constraints"],
];

/**
 * `0/5 nodes are available: 2 node(s) were unschedulable, 3 Insufficient cpu.`: the reasons with their counts, in order of
 * the text. Source: kube-scheduler, framework/types.go, FitError.
 */
export function unavailable(hosts: number, reasons: readonly string[]): string {
  const worded = reasons.map(inTheirWords).sort();
  return `0/${hosts} nodes are available${worded.length === 0 ? "" : `: ${worded.join(", ")}`}.`;
}

/** Source: kubelet, images/image_manager.go, EnsureImageExists. */
export function pulledImage({ name, sizeBytes }: ImageSpec, took: Micros): string {
  const time = goDuration(took);
  return `Successfully pulled image "${name}" in ${time} (${time} including waiting). Image size: ${sizeBytes} bytes.`;
}

function inTheirWords(reason: string): string {
  for (const [ours, theirs] of REASONS) if (reason.endsWith(ours)) return reason.replace(ours, theirs);
  return reason.replace(" host(s) ", " node(s) ");
}

/** Whole milliseconds as Go prints a duration: `890ms`, `1.21s`, `1m2.5s`. Source: Go, time, Duration.String. */
export function goDuration(time: Micros): string {
  const ms = Math.floor(time / 1000);
  if (ms === 0) return "0s";
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
