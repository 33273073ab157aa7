import type { Cluster } from "../../cluster/cluster.ts";
import type { Container } from "../../cluster/containers.ts";
import type { Fact } from "../../cluster/facts.ts";
import { type Host, isHeard } from "../../cluster/hosts.ts";
import type { Release, Service } from "../../cluster/services.ts";
import { unreachable } from "../../kernel/errors.ts";
import type { Micros } from "../../kernel/time.ts";
import type { FactReader } from "../../simulation/eventLog.ts";
import { pulledImage, unavailable } from "./messages.ts";
import {
  containerName,
  DEFAULT_NAMESPACE,
  keeperOf,
  namespaceOf,
  type ObjectName,
  ownerKind,
  replicaSetName,
} from "./objects.ts";
import { hearReport, type PodReports } from "./podReports.ts";

/** One occurrence of an event as a Kubernetes cluster would have recorded it. */
export interface KubernetesEvent {
  readonly at: Micros;
  readonly type: "Normal" | "Warning";
  /** In Kubernetes' own words: `Scheduled`, `FailedScheduling`, `BackOff` … */
  readonly reason: string;
  readonly object: ObjectName;
  readonly message: string;
  /** Which component reports it, such as `kubelet`. */
  readonly component: string;
}

/** What has to be kept in mind to word facts as events, and to show pods as the API server knows them: plain data. */
export interface KubernetesMemory {
  /** Sizes that releases were last set to. */
  readonly desired: Map<number, number>;
  /** Since when containers have waited for their image. */
  readonly pulling: Map<number, Micros>;
  readonly pods: PodReports;
}

type Told = Omit<KubernetesEvent, "at">;

/**
 * Reads a run's facts as Kubernetes' events.
 *
 * What a service that runs from the start did before time 0 is left out, but for why some of it does not run. A host that is not heard reports nothing.
 */
export const kubernetesReader: FactReader<KubernetesEvent, KubernetesMemory> = {
  begin: () => ({ desired: new Map(), pulling: new Map(), pods: new Map() }),
  read(fact, now, cluster, memory) {
    const told = eventsOf(fact, now, cluster, memory);
    hearReport(fact, now, cluster, memory.pods);
    if (cluster.engine.events === 0 && !isNews(fact, cluster)) return [];
    return told.map((event) => ({ at: now, ...event }));
  },
};

/** While the scene is set, only what a service that starts cold does is news, and who finds no place. */
function isNews(fact: Fact, cluster: Cluster): boolean {
  if (fact.kind === "container-unschedulable") return true;
  if ("container" in fact) return cluster.service(fact.container.service).spec.initially === "cold";
  return "service" in fact && fact.service.spec.initially === "cold";
}

function eventsOf(fact: Fact, now: Micros, cluster: Cluster, memory: KubernetesMemory): Told[] {
  switch (fact.kind) {
    case "desired-changed":
      return scaled(fact.service, fact.release, cluster, memory);
    case "autoscaled": {
      // Source: horizontal.go, reconcileAutoscaler.
      const message = `New size: ${fact.to}; reason: ${fact.why}`;
      return [normal(autoscalerOf(fact.service), "SuccessfulRescale", message, AUTOSCALER)];
    }
    case "autoscaler-failed": {
      const object = autoscalerOf(fact.service);
      return fact.failures.map(({ reason, message }) => warning(object, reason, message, AUTOSCALER));
    }
    case "container-created":
      return kept(fact.container, "create", cluster);
    case "container-deleted":
      return deleted(fact.container, fact.why, cluster);
    case "container-unschedulable": {
      const hosts = cluster.state.hosts.length;
      const why = unavailable(hosts, fact.reasons);
      const message = fact.preemption.length === 0 ? why : `${why} preemption: ${unavailable(hosts, fact.preemption)}`;
      return [warning(podOf(fact.container, cluster), "FailedScheduling", message, "default-scheduler")];
    }
    case "container-phase":
      return phaseChanged(fact, now, cluster, memory);
    case "container-answers":
      return neverReady(fact.container, cluster);
    case "probe-missed":
    case "container-condemned":
    case "pull-failed":
    case "pull-retried":
      return isHeard(cluster.host(fact.container.host)) ? kubeletEvents(fact, now, cluster, memory) : [];
    default:
      return hostEvents(fact, cluster);
  }
}

const AUTOSCALER = "horizontal-pod-autoscaler";

function autoscalerOf(service: Service): ObjectName {
  return { kind: "HorizontalPodAutoscaler", namespace: namespaceOf(service), name: service.spec.name };
}

function scaled(service: Service, release: Release, cluster: Cluster, { desired }: KubernetesMemory): Told[] {
  const from = desired.get(release.id) ?? 0;
  const to = release.desired;
  desired.set(release.id, to);
  if (ownerKind(service) !== "Deployment" || from === to) return [];
  const deployment = { kind: "Deployment", namespace: namespaceOf(service), name: service.spec.name };
  const way = to > from ? "up" : "down";
  const message = `Scaled ${way} replica set ${replicaSetName(cluster, release)} from ${from} to ${to}`;
  return [normal(deployment, "ScalingReplicaSet", message, "deployment-controller")];
}

/** What the owner says of a pod that it creates or deletes. Source: controller_utils.go; stateful_pod_control.go. */
function kept(container: Container, act: "create" | "delete", cluster: Cluster): Told[] {
  const keeper = keeperOf(cluster, cluster.release(container.release));
  if (keeper === undefined) return [];
  const done = act === "create" ? "Created" : "Deleted";
  const message =
    keeper.kind === "StatefulSet"
      ? `${act} Pod ${container.name} in StatefulSet ${keeper.name} successful`
      : `${done} pod: ${container.name}`;
  return [
    normal(
      keeper,
      act === "create" ? "SuccessfulCreate" : "SuccessfulDelete",
      message,
      `${keeper.kind.toLowerCase()}-controller`,
    ),
  ];
}

/** An eviction by the API, as a drain asks for, leaves no event of its own. */
function deleted(container: Container, why: string, cluster: Cluster): Told[] {
  const pod = podOf(container, cluster);
  if (why.startsWith("evicted")) {
    const message = `Marking for deletion Pod ${pod.namespace}/${pod.name}`;
    return [normal(pod, "TaintManagerEviction", message, "taint-eviction-controller")];
  }
  if (why.startsWith("preempted by ")) {
    const on = container.host < 0 ? "" : ` on node ${cluster.host(container.host).spec.name}`;
    return [
      normal(pod, "Preempted", `Preempted by pod ${why.slice("preempted by ".length)}${on}`, "default-scheduler"),
    ];
  }
  return why.startsWith("drained") || why.startsWith("given up by hand") ? [] : kept(container, "delete", cluster);
}

function phaseChanged(
  { container, from }: Extract<Fact, { kind: "container-phase" }>,
  now: Micros,
  cluster: Cluster,
  { pulling }: KubernetesMemory,
): Told[] {
  const pod = podOf(container, cluster);
  const { image } = cluster.release(container.release);
  if (container.phase === "assigned") {
    const message = `Successfully assigned ${pod.namespace}/${pod.name} to ${cluster.host(container.host).spec.name}`;
    return [normal(pod, "Scheduled", message, "default-scheduler")];
  }
  const since = pulling.get(container.id) ?? now;
  pulling.delete(container.id);
  if (container.host < 0 || !isHeard(cluster.host(container.host))) return [];
  const name = containerName(cluster.service(container.service));
  switch (container.phase) {
    case "pulling":
      pulling.set(container.id, now);
      return [byKubelet(pod, "Pulling", `Pulling image "${image.name}"`)];
    case "starting":
      return [
        ...(from === "crashed" && cluster.service(container.service).orchestrated ? [sandboxChanged(pod)] : []),
        byKubelet(
          pod,
          "Pulled",
          from === "pulling"
            ? pulledImage(image, now - since)
            : `Container image "${image.name}" already present on machine`,
        ),
        byKubelet(pod, "Created", `Created container: ${name}`),
        byKubelet(pod, "Started", `Started container ${name}`),
      ];
    case "backoff":
      if (container.backoff === 0) return [];
      return [
        warning(
          pod,
          "BackOff",
          `Back-off restarting failed container ${name} in pod ${pod.name}_${pod.namespace}`,
          "kubelet",
        ),
      ];
    case "terminating":
      return [byKubelet(pod, "Killing", `Stopping container ${name}`)];
    case "gone":
      return from === "starting" && container.deleted ? [byKubelet(pod, "Killing", `Stopping container ${name}`)] : [];
    default:
      return [];
  }
}

/** After a host's restart the old sandbox is of no use (kubelet, kuberuntime_manager.go). */
function sandboxChanged(pod: ObjectName): Told {
  return byKubelet(pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
}

type KubeletFact = Extract<Fact, { kind: "probe-missed" | "container-condemned" | "pull-failed" | "pull-retried" }>;

/** What a host's agent tells of its probes and pulls. Source: kubelet, prober.go, kuberuntime_manager.go. */
function kubeletEvents(fact: KubeletFact, now: Micros, cluster: Cluster, { pulling }: KubernetesMemory): Told[] {
  const { container } = fact;
  const pod = podOf(container, cluster);
  switch (fact.kind) {
    case "probe-missed": {
      const probe = fact.probe.charAt(0).toUpperCase() + fact.probe.slice(1);
      const found = fact.miss === "refused" ? "connect: connection refused" : "context deadline exceeded";
      return [warning(pod, "Unhealthy", `${probe} probe failed: ${found}`, "kubelet")];
    }
    case "container-condemned": {
      const name = containerName(cluster.service(container.service));
      return [byKubelet(pod, "Killing", `Container ${name} failed ${fact.probe} probe, will be restarted`)];
    }
    case "pull-failed":
      return pullFailed(container, cluster);
    case "pull-retried": {
      pulling.set(container.id, now);
      const { name } = cluster.release(container.release).image;
      return [byKubelet(pod, "Pulling", `Pulling image "${name}"`)];
    }
    default:
      return unreachable(fact);
  }
}

/** A version whose readiness never passes says so once for each start. */
function neverReady(container: Container, cluster: Cluster): Told[] {
  if (cluster.release(container.release).image.ready || !isHeard(cluster.host(container.host))) return [];
  const pod = podOf(container, cluster);
  return [warning(pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", "kubelet")];
}

/** Source: kubelet, images/image_manager.go; the registry's own words differ. */
function pullFailed(container: Container, cluster: Cluster): Told[] {
  const pod = podOf(container, cluster);
  const { name } = cluster.release(container.release).image;
  return [
    warning(pod, "Failed", `Failed to pull image "${name}": the registry is down`, "kubelet"),
    warning(pod, "Failed", "Error: ErrImagePull", "kubelet"),
    byKubelet(pod, "BackOff", `Back-off pulling image "${name}"`),
    warning(pod, "Failed", "Error: ImagePullBackOff", "kubelet"),
  ];
}

/** Source: node lifecycle controller, controller_utils.go; kubelet, kubelet_node_status.go. */
function hostEvents(fact: Fact, cluster: Cluster): Told[] {
  switch (fact.kind) {
    case "host-unreachable": {
      // Its pods' readiness is taken back at the same moment, and told pod by pod.
      const pods = fact.host.containers.map((id) => cluster.container(id)).filter(({ ready }) => ready);
      return [
        nodeIs(fact.host, "NodeNotReady", "node-controller"),
        ...pods.map((pod) => warning(podOf(pod, cluster), "NodeNotReady", "Node is not ready", "node-controller")),
      ];
    }
    case "host-reachable":
      return [nodeIs(fact.host, "NodeReady", "kubelet")];
    case "host-up":
      return isHeard(fact.host) ? [byKubelet(nodeOf(fact.host), "Starting", "Starting kubelet.")] : [];
    case "host-cordoned":
      return isHeard(fact.host) ? [nodeIs(fact.host, "NodeNotSchedulable", "kubelet")] : [];
    case "host-uncordoned":
      return isHeard(fact.host) ? [nodeIs(fact.host, "NodeSchedulable", "kubelet")] : [];
    default:
      return [];
  }
}

function nodeIs(host: Host, status: string, component: string): Told {
  return normal(nodeOf(host), status, `Node ${host.spec.name} status is now: ${status}`, component);
}

function nodeOf({ spec }: Host): ObjectName {
  return { kind: "Node", namespace: DEFAULT_NAMESPACE, name: spec.name };
}

function podOf({ service, name }: Container, cluster: Cluster): ObjectName {
  return { kind: "Pod", namespace: namespaceOf(cluster.service(service)), name };
}

function byKubelet(object: ObjectName, reason: string, message: string): Told {
  return normal(object, reason, message, "kubelet");
}

function normal(object: ObjectName, reason: string, message: string, component: string): Told {
  return { type: "Normal", reason, object, message, component };
}

function warning(object: ObjectName, reason: string, message: string, component: string): Told {
  return { type: "Warning", reason, object, message, component };
}
