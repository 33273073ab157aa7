import type { HostSpec } from "../cluster/spec.ts";
import { type Branch, sameValue, type Tree } from "./writePruned.ts";
import { bytes, cores } from "./writeUnits.ts";

/** The hosts as groups: `host-1` … `host-5` that differ in nothing but their zone are one group of five. */
export function treeOfHosts(hosts: readonly HostSpec[]): Branch[] {
  const groups: HostSpec[][] = [];
  for (const host of hosts) {
    const group = groups.at(-1);
    if (group !== undefined && isNext(group, host)) group.push(host);
    else groups.push([host]);
  }
  return groups.flatMap((group) => (isWhole(group) ? [treeOfGroup(group)] : group.map((host) => treeOfGroup([host]))));
}

function isNext(group: readonly HostSpec[], host: HostSpec): boolean {
  const [first] = group;
  if (first === undefined || baseOf(first.name) === undefined) return false;
  const alike = sameValue({ ...first, name: "", zone: "" }, { ...host, name: "", zone: "" });
  return alike && first.name === `${baseOf(first.name)}-1` && host.name === `${baseOf(first.name)}-${group.length + 1}`;
}

function baseOf(name: string): string | undefined {
  return /^(.+)-\d+$/.exec(name)?.[1];
}

/** A group of several whose zones are dealt in turn. */
function isWhole(group: readonly HostSpec[]): boolean {
  const zones = cycleOf(group);
  return group.length > 1 && group.every(({ zone }, place) => zone === zones[place % zones.length]);
}

/** The zones up to where the first comes round again. */
function cycleOf(group: readonly HostSpec[]): string[] {
  const zones = group.map(({ zone }) => zone);
  const again = zones.findIndex((zone, place) => place > 0 && zone === zones[0]);
  return again > 0 ? zones.slice(0, again) : zones;
}

function treeOfGroup(group: readonly HostSpec[]): Tree {
  const [first] = group;
  if (first === undefined) return {};
  const { labels, taints, podLimit, bandwidthBytesPerSecond, allocatable } = first;
  if (allocatable !== undefined) throw new Error(`${first.name}: further resources cannot be written back`);
  const zones = cycleOf(group);
  return {
    name: group.length > 1 ? (baseOf(first.name) ?? first.name) : first.name,
    count: group.length,
    cpu: cores(first.cpuMillicores),
    memory: bytes(first.memoryBytes),
    ...(zones.length > 1 ? { zones } : { zone: first.zone }),
    labels: { ...labels },
    taints: taints.map(({ key, value, effect }) => (value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`)),
    pods: podLimit,
    bandwidth: `${bytes(bandwidthBytesPerSecond)}/s`,
  };
}
