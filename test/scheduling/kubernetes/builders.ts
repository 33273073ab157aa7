/** Pods and nodes whose defaults are boring. */
import { nodeFromV1, podFromV1 } from "../../../src/scheduling/kubernetes/fromV1.ts";
import type { NodeInfo, PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";

/** What a test says of a pod. */
export interface PodPart {
  readonly on?: string;
  readonly nominated?: string;
  readonly cpu?: string;
  readonly priority?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly startTime?: string;
  readonly spec?: object;
}

/** A pod of that name in `default` that asks for one core. */
export function pod(
  name: string,
  { on, nominated, cpu = "1", priority = 0, labels = {}, startTime, spec = {} }: PodPart = {},
): PodInfo {
  return podFromV1({
    metadata: { name, labels },
    spec: { nodeName: on, priority, containers: [{ name: "c", resources: { requests: { cpu } } }], ...spec },
    status: { nominatedNodeName: nominated, startTime },
  });
}

/** A node with four cores. */
export function node(name: string, labels: Readonly<Record<string, string>> = {}, more: object = {}): NodeInfo {
  return nodeFromV1({
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "10" } },
    ...more,
  });
}
