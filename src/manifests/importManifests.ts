/** Manifests as part of a scenario, or as the whole of one. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { Catalog } from "../scenario/catalog.ts";
import { KUBERNETES_SCHEDULER } from "../scenario/podTemplateReader.ts";
import type { Problem } from "../scenario/scenarioError.ts";
import type { Place, SourceTree } from "../scenario/sourceTree.ts";
import { type AssumedHosts, assumedHosts, textOfAssumed } from "./assumedHosts.ts";
import { sharedBudgets } from "./budgetsOf.ts";
import { branch, childOf, laidOver, leaf } from "./growTree.ts";
import { hostOf } from "./hostsOf.ts";
import type { ManifestReport } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { schedulerWith } from "./schedulerConfig.ts";
import { isServed, QUEUE, SLOTS, serviceOf } from "./serviceOf.ts";
import { containerPath } from "./workload.ts";

/** What manifests are imported with. */
export interface ImportContext {
  readonly set: ManifestSet;
  readonly report: ManifestReport;
  readonly catalog: Catalog;
  /** The scenario's own part; undefined: the manifests are all there is. */
  readonly own: SourceTree | undefined;
  /** Where what nobody wrote stands. */
  readonly place: Place;
  /** A KubeSchedulerConfiguration among the manifests. */
  readonly config?: SourceTree | undefined;
}

/** A scenario of the manifests, the scenario's own part laid over it. */
export function importManifests(context: ImportContext): SourceTree {
  const { set, own, place, report } = context;
  const ownHosts = childOf(childOf(own, "cluster"), "hosts");
  const nodes = set.nodes.flatMap((node) => hostOf(node, report) ?? []);
  const given = [...nodes, ...(ownHosts?.kind === "list" ? ownHosts.items : [])];
  const isAssumed = set.nodes.length === 0 && ownHosts === undefined;
  const assumed = isAssumed ? assumedHosts(set) : undefined;
  if (assumed !== undefined)
    assume(context, "cluster.hosts", `${textOfAssumed(assumed, "host")}, with the labels that pods ask for`);
  const hostCount = assumed?.reduce((sum, { count }) => sum + count, 0) ?? countOf(given);
  const unsized = set.workloads.filter(
    ({ service }) => childOf(childOf(ownServices(own), service), "slots") === undefined,
  );
  if (unsized.length > 0) {
    const names = own === undefined ? "all workloads" : unsized.map(({ service }) => service).join(", ");
    assume(
      context,
      "services",
      `a container answers ${SLOTS} requests at a time while ${QUEUE} may wait, for ${names}`,
    );
  }
  const services = set.workloads.map(
    (workload) => [workload.service, serviceOf(workload, { ...context, hostCount })] as const,
  );
  const hasScheduler = context.catalog.schedulers.has(KUBERNETES_SCHEDULER);
  const imported = branch(place, {
    cluster: branch(place, {
      hosts: assumed === undefined ? undefined : leaf(place, assumed.map(groupOf)),
      scheduler: hasScheduler ? schedulerOf(context) : undefined,
    }),
    images: imagesOf(context),
    services: named(place, services),
    budgets: budgetsOf(context),
  });
  const whole = own === undefined ? branch(place, {}) : own;
  const joined = laidOver(own === undefined ? withTheRest(imported, context) : imported, whole, isJoined);
  if (nodes.length > 0) putHosts(joined, { kind: "list", place, items: given });
  const budgets = childOf(imported, "budgets");
  if (joined.kind === "map" && budgets !== undefined) joined.entries.set("budgets", { keyPlace: place, tree: budgets });
  if (joined.kind === "map") joined.entries.delete("manifests");
  return joined;
}

/** Those that several services share; the scenario's own stand behind them. */
function budgetsOf({ set, report, own, place }: ImportContext): SourceTree | undefined {
  const written = childOf(own, "budgets");
  const items = [...sharedBudgets(set, report), ...(written?.kind === "list" ? written.items : [])];
  return items.length === 0 ? undefined : { kind: "list", place, items };
}

/** Kubernetes' own, unless the scenario names another one. */
function schedulerOf({ own, place, config, report }: ImportContext): SourceTree {
  if (config === undefined) return leaf(place, KUBERNETES_SCHEDULER);
  if (childOf(childOf(own, "cluster"), "scheduler") !== undefined) {
    const message = "has no effect: the scenario names its scheduler itself, under cluster.scheduler";
    report.warnings.push({ ...config.place, path: "KubeSchedulerConfiguration", message });
  }
  return schedulerWith(config);
}

function ownServices(own: SourceTree | undefined): SourceTree | undefined {
  return childOf(own, "services");
}

/** Says what nobody wrote and was taken for granted. */
function assume({ report, place }: ImportContext, path: string, text: string): void {
  const at = { file: place.file, line: undefined, column: undefined };
  const warning: Problem = { ...at, path, message: `nothing says this, so it is assumed: ${text}` };
  report.warnings.push(warning);
}

function groupOf({ count, cores, memoryGibibytes, zones, labels, allocatable }: AssumedHosts, i: number): JsonMap {
  return {
    allocatable,
    name: i === 0 ? "host" : `pool${i + 1}`,
    count,
    cpu: cores,
    memory: `${memoryGibibytes}Gi`,
    zones,
    labels,
  };
}

function countOf(groups: readonly SourceTree[]): number {
  return groups.reduce((sum, group) => {
    const count = childOf(group, "count");
    return sum + (count?.kind === "scalar" && typeof count.value === "number" ? count.value : 1);
  }, 0);
}

function putHosts(scenario: SourceTree, hosts: SourceTree): void {
  const cluster = childOf(scenario, "cluster");
  if (cluster?.kind === "map") cluster.entries.set("hosts", { keyPlace: hosts.place, tree: hosts });
}

function named(place: Place, trees: readonly (readonly [string, SourceTree])[]): SourceTree {
  return { kind: "map", place, entries: new Map(trees.map(([key, tree]) => [key, { keyPlace: tree.place, tree }])) };
}

/** How long an image takes to start: a manifest says only how long its probes are patient. */
const STARTUP = "2s";

/** The server takes any word for an image, such as a placeholder of a template that nobody filled in. */
const PULLABLE = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/;

/** The images of all workloads: those of the containers that answer the requests. */
function imagesOf(context: ImportContext): SourceTree {
  const { set, own, place, report } = context;
  const names = new Set<string>();
  for (const { template } of set.workloads) {
    const [first, ...sidecars] = template.spec.containers;
    const image = first?.image ?? "";
    if (image === "") continue;
    if (!names.has(image) && !PULLABLE.test(image)) {
      const at = [...containerPath(template, 0), "image"];
      report.warn(template.object, at, "is no name that a host could pull an image by: here it is pulled all the same");
    }
    names.add(image);
    if (sidecars.length > 0) {
      const text = `only the resources of further containers count: ${image} answers the requests`;
      report.warn(template.object, containerPath(template, 1), text);
    }
  }
  const images = childOf(own, "images");
  const silent = [...names].filter((image) => childOf(images, image) === undefined);
  if (silent.length > 0) {
    const text = `a size of 100MiB, a start-up of ${STARTUP}, a service time of exponential(20ms)`;
    assume(context, "images", `${text}, for ${silent.join(", ")}`);
  }
  return named(
    place,
    [...names].map((image) => [image, leaf(place, { startup: STARTUP })] as const),
  );
}

const RELEASE_AT = "2m";
const DURATION = "10m";
/** 40 % of what a container answers in a second at the assumed 20 ms a request, four at a time. */
const REQUESTS_PER_SECOND = 80;

/** What bare manifests leave open: how long, which requests, and the release that they are there for. */
function withTheRest(imported: SourceTree, context: ImportContext): SourceTree {
  const { set, place } = context;
  const served = set.workloads.filter((workload) => isServed(workload, set) && workload.replicas !== 0);
  const traffic = served.map(({ service, replicas = 1 }) => {
    const arrivals = `poisson(${REQUESTS_PER_SECOND * replicas}/s)`;
    return [service, leaf(place, { traffic: { arrivals } })] as const;
  });
  const released = set.workloads.filter(({ kind }) => kind !== "Pod" && kind !== "ReplicaSet");
  const images = released.flatMap(({ template }) => template.spec.containers[0]?.image ?? []);
  assume(context, "duration", `${DURATION}, of which the first 30s are not measured`);
  assume(
    context,
    "traffic",
    served.length === 0
      ? "none, since no Service selects any workload"
      : `poisson arrivals at 40 % of what the containers can answer, for ${served.map(({ service }) => service).join(", ")}`,
  );
  if (released.length > 0) {
    const names = released.map(({ service }) => service).join(", ");
    assume(context, "timeline", `at ${RELEASE_AT} a release of an image that behaves the same, for ${names}`);
  }
  const timeline = released.map(({ service, template }) => {
    const image = `${template.spec.containers[0]?.image ?? ""}-next`;
    return { at: RELEASE_AT, deploy: { service, image } };
  });
  const known = childOf(imported, "images");
  const rest = branch(place, {
    duration: leaf(place, DURATION),
    warmup: leaf(place, "30s"),
    images: named(
      place,
      [...new Set(images)].map((image) => [`${image}-next`, childOf(known, image) ?? leaf(place, {})]),
    ),
    services: named(place, traffic),
    timeline: leaf(place, timeline),
  });
  return laidOver(imported, rest, isJoined);
}

/** Settings of a service that are joined key by key; of the others the scenario's word replaces the manifest's. */
const JOINED_SETTINGS: ReadonlySet<string> = new Set([
  ...["readiness", "liveness", "startupProbe", "shutdown", "routing", "nodeSelector", "slo", "traffic", "pod"],
]);

function isJoined(path: readonly string[]): boolean {
  const [part, , setting] = path;
  if (part === "cluster") return path.length === 1;
  if (part === "images") return path.length <= 2;
  if (part === "services") return path.length <= 2 || (path.length === 3 && JOINED_SETTINGS.has(setting ?? ""));
  return path.length === 0;
}
