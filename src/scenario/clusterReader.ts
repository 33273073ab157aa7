import type { ClusterSpec, HostSpec } from "../cluster/spec.ts";
import { refusal } from "../fields/refusal.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { clusterSchema, type HostGroup, hostGroupSchema, MOST_THINGS } from "./clusterSchema.ts";
import type { PluginForm } from "./names.ts";
import { below, mapOf, parseKeys, parseList, type Spot } from "./parts.ts";

/** The cluster as far as it could be read: `hosts` undefined where some group is wrong. */
export interface ClusterReading {
  readonly hosts: readonly HostSpec[] | undefined;
  readonly lifecycle: ClusterSpec["lifecycle"] | undefined;
  readonly control: ClusterSpec["control"] | undefined;
  readonly scheduler: PluginForm | undefined;
}

/** Reads the cluster; groups become single hosts, unless there would be too many. */
export function readCluster(raw: unknown, spot: Spot): ClusterReading {
  const map = mapOf(raw, spot);
  if (map === undefined) return { hosts: undefined, lifecycle: undefined, control: undefined, scheduler: undefined };
  const { hosts: _, ...rest } = clusterSchema.shape;
  const { lifecycle, control, scheduler } = parseKeys(rest, map, spot, ["hosts"]);
  if (lifecycle !== undefined && lifecycle.unreachableAfter <= lifecycle.heartbeat) {
    const text = "is no longer than heartbeat: hosts in perfect health will be marked unreachable";
    spot.findings.warn([...spot.path, "lifecycle", "unreachableAfter"], text);
  }
  return { hosts: readHosts(map.get("hosts"), below(spot, "hosts")), lifecycle, control, scheduler };
}

function readHosts(raw: unknown, spot: Spot): readonly HostSpec[] | undefined {
  const groups = parseList(hostGroupSchema, raw, spot);
  if (groups.length === 0 && (raw === undefined || raw === null || Array.isArray(raw))) {
    spot.findings.problem(
      spot.path,
      refusal(raw, "a list of at least one group of hosts, as - { name: host, count: 5, cpu: 4, memory: 8Gi }"),
    );
  }
  const whole = groups.filter((group) => group !== undefined);
  if (whole.length === 0 || whole.length < groups.length) return undefined;
  const total = whole.reduce((sum, group) => sum + group.count, 0);
  if (total > MOST_THINGS) {
    spot.findings.problem(spot.path, `found ${total} hosts in all, expected at most ${MOST_THINGS}`);
    return undefined;
  }
  const first = new Map<string, number>();
  return whole.flatMap((group, i) => {
    const hosts = hostsOf(group, below(spot, i));
    const twice = hosts.find((host) => first.has(host.name));
    if (twice !== undefined) {
      const other = first.get(twice.name);
      spot.findings.problem(
        [...spot.path, i, "name"],
        `found a second host ${twice.name}, expected another name (the first is in hosts[${other}])`,
      );
    }
    for (const host of hosts) first.set(host.name, i);
    return hosts;
  });
}

function hostsOf(group: HostGroup, spot: Spot): HostSpec[] {
  if (group.zone !== undefined && group.zones !== undefined) {
    spot.findings.keyProblem([...spot.path, "zones"], "found zone and zones, expected one of them");
  }
  const zones = group.zones ?? [group.zone ?? "zone-a"];
  return Array.from({ length: group.count }, (_, i) => ({
    name: group.count === 1 ? group.name : `${group.name}-${i + 1}`,
    zone: zones[i % zones.length] ?? "zone-a",
    labels: group.labels,
    taints: group.taints,
    cpuMillicores: group.cpu,
    memoryBytes: group.memory,
    podLimit: group.pods,
    bandwidthBytesPerSecond: group.bandwidth,
    ...(group.allocatable === undefined
      ? {}
      : { allocatable: quantitiesOf(group.allocatable, below(spot, "allocatable")) }),
  }));
}

/** What Kubernetes' scheduler will read as quantities. */
function quantitiesOf(given: Readonly<Record<string, string>>, spot: Spot): Readonly<Record<string, string>> {
  for (const [name, amount] of Object.entries(given)) {
    if (parseQuantity(amount, 1) !== undefined) continue;
    spot.findings.problem([...spot.path, name], refusal(amount, "a quantity, such as 1 or 20Gi"));
  }
  return given;
}
