/** A workload with all that stands around it, as a service of a scenario. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { podFromV1 } from "../scheduling/kubernetes/fromV1.ts";
import { autoscalerOf } from "./autoscalerOf.ts";
import { budgetOf } from "./budgetsOf.ts";
import { withDaemonTolerations } from "./daemonTolerations.ts";
import { branch, childOf, leaf } from "./growTree.ts";
import { mapAt } from "./jsonMap.ts";
import { type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { probesOf } from "./probesOf.ts";
import { contextOf } from "./readManifestSet.ts";
import { selectedBy, serviceSelector } from "./references.ts";
import { shutdownOf } from "./shutdownOf.ts";
import { type StrategyContext, strategyOf } from "./strategyOf.ts";
import { containerPath, type Workload } from "./workload.ts";

/** Kubernetes' own terminationGracePeriodSeconds. */
const GRACE_SECONDS = 30;
/** How many requests a container answers at a time, and how many may wait: a manifest says neither. */
export const SLOTS = 4;
/** See `SLOTS`. */
export const QUEUE = 64;

/** What a service's tree is made with. */
export interface ServiceContext extends StrategyContext {
  /** How many pods a DaemonSet has: one for each host that it may run on. */
  readonly hostCount: number;
}

/** The service of a workload, as a scenario writes it, each value standing where the manifest has it. */
export function serviceOf(workload: Workload, context: ServiceContext): SourceTree {
  const { object, template, kind } = workload;
  const { set, report } = context;
  const at = (...path: (string | number)[]) => placeOf(template.object, [...template.path, ...path]);
  const { requests, priority } = podFromV1(
    {
      metadata: { name: object.name, namespace: object.namespace, labels: template.labels },
      spec: template.json,
    },
    contextOf(set.priorities),
  ).spec;
  const autoscale = autoscalerOf(workload, set, report);
  const replicas = withinLimits(workload.replicas ?? context.hostCount, autoscale);
  const spec = placeSpec(workload);
  const pod = podOf(workload);
  const management = mapAt(object.value, "spec").podManagementPolicy;
  const first = (key: string) => placeOf(template.object, [...containerPath(template, 0), key]);
  const requestPlace = first("resources");
  return branch(object.tree.place, {
    image: leaf(first("image"), template.spec.containers[0]?.image ?? ""),
    replicas: leaf(placeOf(object, ["spec", "replicas"]), replicas),
    cpu: leaf(requestPlace, `${requests.get("cpu") ?? 0}m`),
    memory: leaf(requestPlace, `${requests.get("memory") ?? 0}B`),
    slots: leaf(object.tree.place, SLOTS),
    queue: leaf(object.tree.place, QUEUE),
    priority: priority === 0 ? undefined : leaf(at("spec", "priorityClassName"), priority),
    nodeSelector: childOf(spec, "nodeSelector"),
    tolerations: pod.spec.tolerations === undefined ? undefined : leaf(at("spec", "tolerations"), pod.spec.tolerations),
    spread: leaf(at("spec", "affinity"), spreadOf(workload)),
    ...probesOf(workload),
    shutdown: leaf(at("spec", "terminationGracePeriodSeconds"), {
      preStop: `${shutdownOf(template, report)}s`,
      gracePeriod: `${template.spec.terminationGracePeriodSeconds ?? GRACE_SECONDS}s`,
    }),
    routing: isServed(workload, set) ? leaf(object.tree.place, { balancer: "random" }) : undefined,
    strategy: strategyOf(workload, context),
    workload: leaf(placeOf(object, ["kind"]), kind),
    podManagement:
      management === undefined ? undefined : leaf(placeOf(object, ["spec", "podManagementPolicy"]), management),
    paused: pausedOf(workload, report),
    budget: budgetOf(workload, set),
    autoscale,
    pod: leaf(at("spec"), { ...pod }),
  });
}

/** A Deployment or Rollout whose releases are held; nobody in a manifest ever resumes it. */
function pausedOf({ object }: Workload, report: ManifestReport): SourceTree | undefined {
  const paused = childOf(childOf(object.tree, "spec"), "paused");
  if (paused?.kind !== "scalar" || paused.value !== true) return undefined;
  if (object.kind !== "Deployment" && object.kind !== "Rollout") return undefined;
  const text = "its releases are held until the scenario's timeline resumes it, as { at: 5m, resume: NAME }";
  report.warn(object, ["spec", "paused"], text);
  return paused;
}

/** The service has run for long when the simulation begins: its autoscaler has seen to the limits. */
function withinLimits(replicas: number, autoscale: SourceTree | undefined): number {
  const limit = (key: string): number | undefined => {
    const tree = childOf(autoscale, key);
    return tree?.kind === "scalar" && typeof tree.value === "number" ? tree.value : undefined;
  };
  // Without any replicas it is switched off (Kubernetes, Horizontal Pod Autoscaling page, "Implicit maintenance-mode deactivation").
  if (replicas === 0) return 0;
  return Math.max(limit("min") ?? replicas, Math.min(replicas, limit("max") ?? replicas));
}

/** Whether any Service sends requests to the workload's pods. */
export function isServed(workload: Workload, { services }: Pick<ManifestSet, "services">): boolean {
  return services.some((service) => selectedBy(serviceSelector(service), service, [workload]).length > 0);
}

function placeSpec({ template }: Workload): SourceTree | undefined {
  let tree: SourceTree | undefined = template.object.tree;
  for (const step of [...template.path, "spec"]) tree = childOf(tree, String(step));
  return tree;
}

/** Required anti-affinity to its own kind on one host is what `spread` calls required; the rest is the scheduler's to read. */
function spreadOf(workload: Workload): JsonMap | string {
  const { object, template } = workload;
  const metadata = { name: object.name, namespace: object.namespace, labels: template.labels };
  const pod = podFromV1({ metadata, spec: { ...template.json, priority: 0, priorityClassName: null } });
  const own = pod.spec.requiredAntiAffinity.filter(
    ({ selector, namespaces }) =>
      namespaces.has(object.namespace) &&
      selector?.requirements.every(
        ({ key, operator, values }) => operator === "In" && values.includes(template.labels[key] ?? ""),
      ),
  );
  if (own.some(({ topologyKey }) => topologyKey === "kubernetes.io/hostname")) return { over: "host", required: true };
  if (own.some(({ topologyKey }) => topologyKey === "topology.kubernetes.io/zone"))
    return { over: "zone", required: true };
  return "host";
}

function podOf({ object, kind, template, selector }: Workload): JsonMap & { readonly spec: JsonMap } {
  return {
    namespace: object.namespace,
    labels: template.labels,
    spec: kind === "DaemonSet" ? withDaemonTolerations(template.json) : template.json,
    ...(selector === undefined ? {} : { ownerSelector: selector }),
  };
}
