/** The fields of a pod. Source: Kubernetes API reference, PodSpec (v1). */
import { answeringFields, furtherContainer, initContainer, resourceFields } from "./containerFields.ts";
import { labelledMeta, labelSelectorFields, objectFields, REPORTED, templateMeta } from "./metadataFields.ts";
import { acts, actsInPlacing, each, type FieldTable, holds, table, warned } from "./rules.ts";

const nodeTerm = table("NodeSelectorTerm", { matchExpressions: acts(), matchFields: acts() });

const podTerm = table("PodAffinityTerm", {
  labelSelector: holds(labelSelectorFields),
  topologyKey: acts(),
  namespaces: acts(),
  namespaceSelector: actsInPlacing("time passes in namespaces without labels"),
  matchLabelKeys: acts(),
  mismatchLabelKeys: acts(),
});

const podTerms = table("PodAffinity, PodAntiAffinity", {
  requiredDuringSchedulingIgnoredDuringExecution: holds(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: holds(
    table("WeightedPodAffinityTerm", { weight: acts(), podAffinityTerm: holds(podTerm) }),
  ),
});

const affinity = table("Affinity", {
  nodeAffinity: holds(
    table("NodeAffinity", {
      requiredDuringSchedulingIgnoredDuringExecution: holds(
        table("NodeSelector", { nodeSelectorTerms: holds(nodeTerm) }),
      ),
      preferredDuringSchedulingIgnoredDuringExecution: holds(
        table("PreferredSchedulingTerm", { weight: acts(), preference: holds(nodeTerm) }),
      ),
    }),
  ),
  podAffinity: holds(podTerms),
  podAntiAffinity: holds(podTerms),
});

const spread = table("TopologySpreadConstraint", {
  ...each(["maxSkew", "minDomains", "topologyKey", "whenUnsatisfiable", "matchLabelKeys"], acts()),
  ...each(["nodeAffinityPolicy", "nodeTaintsPolicy"], acts()),
  labelSelector: holds(labelSelectorFields),
});

const NAMES = warned("there is no name service: requests find their pods by themselves");
const USER = warned("nobody is refused anything");

/** A pod's spec. */
export const podSpecFields: FieldTable = table("PodSpec", {
  containers: holds(answeringFields, { further: furtherContainer }),
  initContainers: holds(initContainer, {
    caution: "counts with its resources only: it takes no time, since no manifest says how long it runs",
  }),
  terminationGracePeriodSeconds: acts(),
  ...each(["nodeName", "nodeSelector", "schedulerName", "hostNetwork", "overhead"], acts()),
  affinity: holds(affinity),
  tolerations: holds(table("Toleration", each(["key", "operator", "value", "effect", "tolerationSeconds"], acts()))),
  topologySpreadConstraints: holds(spread),
  ...each(["priority", "priorityClassName", "preemptionPolicy"], acts()),
  resources: holds(resourceFields),
  schedulingGates: {
    ...acts("a pod with one stays Pending"),
    caution: "keeps its pods Pending: nobody takes a gate away",
  },
  restartPolicy: warned("a container that ended is started again", ["Always"]),
  readinessGates: warned("a pod is ready as soon as its container is: nobody sets the condition that it waits for"),
  activeDeadlineSeconds: warned("a pod runs for as long as it is wanted"),
  runtimeClassName: warned("what the RuntimeClass would add as overhead counts only where the pod says it itself"),
  volumes: warned("there are no volumes: they neither bind a pod to a zone nor take time"),
  ephemeralContainers: warned(),
  resourceClaims: warned("there are no claims of devices"),
  schedulingGroup: warned("each pod is placed by itself"),
  ...each(["dnsConfig", "dnsPolicy", "hostAliases", "hostname", "hostnameOverride", "subdomain"], NAMES),
  ...each(["setHostnameAsFQDN", "enableServiceLinks"], NAMES),
  ...each(["serviceAccount", "serviceAccountName", "automountServiceAccountToken", "imagePullSecrets"], USER),
  ...each(["hostIPC", "hostPID", "shareProcessNamespace"], warned("", [false])),
  hostUsers: warned("", [true]),
  securityContext: warned(),
  os: warned("give it a nodeSelector of kubernetes.io/os: that acts"),
});

/** What a workload makes its pods of. */
export const podTemplateFields = table("PodTemplateSpec", {
  metadata: holds(templateMeta),
  spec: holds(podSpecFields),
});

/** v1 Pod. */
export const podFields = table("Pod", {
  ...objectFields,
  metadata: holds(labelledMeta),
  spec: holds(podSpecFields),
  status: holds(
    table("PodStatus", { nominatedNodeName: actsInPlacing("time begins with nothing nominated") }, REPORTED),
  ),
});
