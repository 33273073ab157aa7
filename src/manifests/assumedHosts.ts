/** The hosts that manifests without any Node are run on: room for everything, with the labels that the pods ask for. */
import { podFromV1 } from "../scheduling/kubernetes/fromV1.ts";
import type { Requirement } from "../scheduling/kubernetes/labels.ts";
import type { PodSpecInfo } from "../scheduling/kubernetes/podInfo.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { contextOf } from "./readManifestSet.ts";
import type { Workload } from "./workload.ts";

/** Hosts that nobody described, as a scenario's group of them. */
export interface AssumedHosts {
  readonly count: number;
  readonly cores: number;
  readonly memoryGibibytes: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly zones: readonly string[];
  /** Devices and the like, so much of each that two of the greediest pods fit. */
  readonly allocatable: Readonly<Record<string, string>>;
}

const CORES = 4;
const GIBIBYTES = 16;
const GIBIBYTE = 2 ** 30;
/** 2 PiB: a pod that is larger is told of for itself, not for the hosts that it would need. */
const LARGEST_SIZE = 2 ** 17;
/** Room for a surge of 25 %, and for one host to be lost. */
const HEADROOM = 1.5;
const LEAST_HOSTS = 3;
const MOST_PODS = 110;
const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/** A workload's pods, as many as it wants of them. */
interface Asking {
  readonly cores: number;
  readonly gibibytes: number;
  readonly others: ReadonlyMap<string, number>;
  readonly isAlone: boolean;
  readonly replicas: number;
  readonly labels: ReadonlyMap<string, string>;
}

/** Workloads whose pods can share hosts. */
interface Group {
  readonly labels: Map<string, string>;
  readonly asking: Asking[];
}

/**
 * Common hosts of 4 cores and 16 GiB, doubled until the largest pod takes half of one at most; as many as hold it all with headroom.
 * Where pods ask for labels that no host can have together, there is a group for each.
 */
export function assumedHosts(set: ManifestSet): readonly [AssumedHosts, ...AssumedHosts[]] {
  const first: Group = { labels: new Map(), asking: [] };
  const groups = [first];
  for (const workload of set.workloads) {
    const asking = askedBy(workload, set);
    const known = groups.find(({ labels, asking: members }) => members.length === 0 || isMet(asking.labels, labels));
    const group: Group = known ?? { labels: new Map(), asking: [] };
    if (known === undefined) groups.push(group);
    group.asking.push(asking);
    for (const [key, value] of asking.labels) group.labels.set(key, value);
  }
  return [hostsFor(first), ...groups.slice(1).map(hostsFor)];
}

/** A host's own name is no label for others to share. */
function isMet(asked: ReadonlyMap<string, string>, labels: ReadonlyMap<string, string>): boolean {
  if (asked.get(HOSTNAME) !== labels.get(HOSTNAME)) return false;
  return [...asked].every(([key, value]) => (labels.get(key) ?? value) === value);
}

function hostsFor({ labels, asking }: Group): AssumedHosts {
  let size = 1;
  const largest = Math.max(0, ...asking.map(({ cores, gibibytes }) => Math.max(cores / CORES, gibibytes / GIBIBYTES)));
  while (size < largest * 2 && size < LARGEST_SIZE) size *= 2;
  const total = (of: (pod: Asking) => number) => asking.reduce((sum, pod) => sum + of(pod) * pod.replicas, 0);
  const needed = [
    total(({ cores }) => cores) / (CORES * size),
    total(({ gibibytes }) => gibibytes) / (GIBIBYTES * size),
    total(() => 1) / MOST_PODS,
  ];
  const widest = Math.max(0, ...asking.map(({ isAlone, replicas }) => (isAlone ? replicas + 1 : 0)));
  const zone = labels.get(ZONE);
  const count = Math.max(LEAST_HOSTS, widest, Math.ceil(Math.max(...needed) * HEADROOM));
  return {
    count: labels.has(HOSTNAME) ? 1 : Math.min(100_000, count),
    cores: CORES * size,
    memoryGibibytes: GIBIBYTES * size,
    zones: zone === undefined ? ["a", "b", "c"] : [zone],
    allocatable: othersAsked(asking),
    labels: { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", ...Object.fromEntries(labels) },
  };
}

function othersAsked(asking: readonly Asking[]): Readonly<Record<string, string>> {
  const most = new Map<string, number>();
  for (const { others } of asking) {
    for (const [name, amount] of others) most.set(name, Math.max(most.get(name) ?? 0, amount));
  }
  return Object.fromEntries([...most].map(([name, amount]) => [name, String(2 * amount)]));
}

function askedBy({ object, template, replicas }: Workload, { priorities }: ManifestSet): Asking {
  const metadata = { name: object.name, namespace: object.namespace, labels: template.labels };
  const { spec } = podFromV1({ metadata, spec: template.json }, contextOf(priorities));
  return {
    cores: spec.nonZeroMillicores / 1000,
    gibibytes: spec.nonZeroBytes / GIBIBYTE,
    others: new Map([...spec.requests].filter(([name]) => name !== "cpu" && name !== "memory")),
    isAlone: spec.requiredAntiAffinity.length > 0 || spec.hostPorts.length > 0,
    replicas: replicas ?? 0,
    labels: new Map([...domainsAskedBy(spec), ...labelsAskedBy(spec)]),
  };
}

/** Keys that every host has a label of. */
const COMMON_KEYS: ReadonlySet<string> = new Set([HOSTNAME, ZONE]);

/** Domains that a pod cannot do without: all hosts are in one. A host without the label would be no place for it at all. */
function domainsAskedBy({ spreadConstraints, requiredAffinity }: PodSpecInfo): readonly (readonly [string, string])[] {
  const hard = (spreadConstraints ?? []).filter(({ isHard }) => isHard);
  const keys = [...hard, ...requiredAffinity].map(({ topologyKey }) => topologyKey);
  return keys.filter((key) => !COMMON_KEYS.has(key)).map((key) => [key, "a"]);
}

/** What the nodeSelector names, and what the first of the alternatives of the required node affinity would be content with. */
function labelsAskedBy({ nodeSelector, requiredNodeTerms }: PodSpecInfo): ReadonlyMap<string, string> {
  const [term] = requiredNodeTerms ?? [];
  return new Map([...(term?.expressions ?? []).flatMap(labelFor), ...nodeSelector]);
}

/** A label with which a requirement holds; none where it holds without. */
function labelFor({ key, operator, values: [value = ""] }: Requirement): readonly (readonly [string, string])[] {
  switch (operator) {
    case "In":
      return [[key, value]];
    case "Exists":
      return [[key, ""]];
    case "Gt":
      return [[key, String(Number(value) + 1)]];
    case "Lt":
      return [[key, String(Number(value) - 1)]];
    default:
      return [];
  }
}

/** How many of what size, and where; `noun` is what one of them is called. */
export function textOfAssumed(groups: readonly AssumedHosts[], noun: string): string {
  const texts = groups.map(({ count, cores, memoryGibibytes, zones }) => {
    const [zone] = zones;
    const place = zones.length === 1 ? `the zone ${zone}` : "the zones a, b and c";
    return `${count} ${noun}${count === 1 ? "" : "s"} of ${cores} cores and ${memoryGibibytes}Gi in ${place}`;
  });
  const rest = texts.length - MOST_TOLD;
  return [...texts.slice(0, MOST_TOLD), ...(rest > 0 ? [`${rest} more groups`] : [])].join(" and ");
}

/** Groups that a warning describes one by one. */
const MOST_TOLD = 3;
