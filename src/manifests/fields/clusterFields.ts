/** The fields of what stands around workloads. Source: Kubernetes API reference. */
import {
  headFields,
  labelledMeta,
  labelSelectorFields,
  namespaceMeta,
  objectFields,
  REPORTED,
} from "./metadataFields.ts";
import { acts, actsInPlacing, each, holds, ignored, table, warned } from "./rules.ts";

const ADDRESSES = ignored("addresses and ports: all requests of a service are one stream");

/** v1 Service. */
export const serviceFields = table("Service", {
  ...objectFields,
  spec: holds(
    table("ServiceSpec", {
      selector: acts(),
      type: {
        ...acts("ExternalName has no pods, whatever its selector"),
        only: ["ExternalName"],
        caution: "has no pods of its own here: its selector selects nothing",
      },
      clusterIP: {
        ...warned("a headless Service leaves the choice of a pod to its clients, and here a balancer makes it"),
        only: ["None"],
      },
      sessionAffinity: warned("each request is balanced by itself", ["None"]),
      sessionAffinityConfig: ignored("says nothing without sessionAffinity"),
      publishNotReadyAddresses: warned("only ready pods get requests", [false]),
      externalTrafficPolicy: warned("a request may go to any host's pods", ["Cluster"]),
      internalTrafficPolicy: warned("a request may go to any host's pods", ["Cluster"]),
      trafficDistribution: warned("a request goes to the pods of any zone alike"),
      loadBalancerSourceRanges: warned("every client is let in"),
      ...each(["ports", "clusterIPs", "externalIPs", "externalName", "ipFamilies", "ipFamilyPolicy"], ADDRESSES),
      ...each(
        ["allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerClass", "loadBalancerIP"],
        ADDRESSES,
      ),
    }),
  ),
});

/** policy/v1 PodDisruptionBudget. */
export const budgetFields = table("PodDisruptionBudget", {
  ...objectFields,
  spec: holds(
    table("PodDisruptionBudgetSpec", {
      selector: holds(labelSelectorFields),
      ...each(["minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy"], acts()),
    }),
  ),
});

/** scheduling.k8s.io/v1 PriorityClass. */
export const priorityClassFields = table("PriorityClass", {
  ...headFields,
  ...each(["value", "globalDefault", "preemptionPolicy"], acts()),
  description: ignored("for people"),
});

/** v1 Node. */
export const nodeFields = table("Node", {
  ...objectFields,
  metadata: holds(labelledMeta),
  spec: holds(
    table("NodeSpec", {
      taints: holds(
        table("Taint", {
          ...each(["key", "value", "effect"], acts()),
          timeAdded: ignored("a taint has stood since before the simulation begins"),
        }),
      ),
      unschedulable: acts(),
      ...each(["podCIDR", "podCIDRs", "providerID", "externalID", "configSource"], ignored("how the node was set up")),
    }),
  ),
  status: holds(
    table(
      "NodeStatus",
      {
        allocatable: acts(),
        capacity: acts("where no allocatable is given"),
        images: actsInPlacing("time begins with no image on any host"),
      },
      REPORTED,
    ),
  ),
});

/** v1 Namespace. */
export const namespaceFields = table("Namespace", {
  ...objectFields,
  metadata: holds(namespaceMeta),
  spec: ignored("what must be done before it may be deleted"),
});
