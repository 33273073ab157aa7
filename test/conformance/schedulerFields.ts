/** Which fields a case about the scheduler may have: one that nobody reads fails by its name, so that no row passes by being overlooked. */

/** `true`: whatever stands there; a list of one: a list of such; else a map with just these keys. */
export type Shape = true | readonly [Shape] | Fields;

/** A map with just these keys. */
export interface Fields {
  readonly [key: string]: Shape;
}

/** Fields that say nothing to the scheduler, and that v1 objects have all the same. */
const INERT = {
  uid: true,
  annotations: true,
  creationTimestamp: true,
  resourceVersion: true,
  generation: true,
  generateName: true,
  finalizers: true,
  managedFields: true,
} as const;
const METADATA = { name: true, namespace: true, labels: true, ...INERT } as const;
const KIND = { apiVersion: true, kind: true } as const;

const REQUIREMENTS = [{ key: true, operator: true, values: [true] }] as const;
const SELECTOR = { matchLabels: true, matchExpressions: REQUIREMENTS } as const;
const NODE_TERM = { matchExpressions: REQUIREMENTS, matchFields: REQUIREMENTS } as const;
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

const NODE_AFFINITY = {
  [REQUIRED]: { nodeSelectorTerms: [NODE_TERM] },
  [PREFERRED]: [{ weight: true, preference: NODE_TERM }],
} as const;

const POD_TERM = {
  labelSelector: SELECTOR,
  topologyKey: true,
  namespaces: [true],
  namespaceSelector: SELECTOR,
  matchLabelKeys: [true],
  mismatchLabelKeys: [true],
} as const;
const POD_AFFINITY = { [REQUIRED]: [POD_TERM], [PREFERRED]: [{ weight: true, podAffinityTerm: POD_TERM }] } as const;

const SPREAD_CONSTRAINT = {
  maxSkew: true,
  topologyKey: true,
  whenUnsatisfiable: true,
  labelSelector: SELECTOR,
  minDomains: true,
  nodeAffinityPolicy: true,
  nodeTaintsPolicy: true,
  matchLabelKeys: [true],
} as const;

const RESOURCES = { requests: true, limits: true } as const;
const CONTAINER = {
  name: true,
  image: true,
  ports: [{ name: true, containerPort: true, hostPort: true, hostIP: true, protocol: true }],
  resources: RESOURCES,
  restartPolicy: true,
  imagePullPolicy: true,
  command: [true],
  args: [true],
  env: [true],
} as const;

const POD_SPEC = {
  nodeName: true,
  nodeSelector: true,
  affinity: { nodeAffinity: NODE_AFFINITY, podAffinity: POD_AFFINITY, podAntiAffinity: POD_AFFINITY },
  tolerations: [{ key: true, operator: true, value: true, effect: true, tolerationSeconds: true }],
  topologySpreadConstraints: [SPREAD_CONSTRAINT],
  priority: true,
  priorityClassName: true,
  preemptionPolicy: true,
  schedulerName: true,
  hostNetwork: true,
  overhead: true,
  resources: RESOURCES,
  containers: [CONTAINER],
  initContainers: [CONTAINER],
  restartPolicy: true,
  terminationGracePeriodSeconds: true,
  dnsPolicy: true,
  serviceAccountName: true,
} as const;

/** A pod, as much of it as the scheduler reads. */
export const POD: Fields = {
  ...KIND,
  metadata: {
    ...METADATA,
    deletionTimestamp: true,
    ownerReferences: [{ apiVersion: true, kind: true, name: true, uid: true, controller: true }],
  },
  spec: POD_SPEC,
  status: {
    nominatedNodeName: true,
    startTime: true,
    phase: true,
    podIP: true,
    hostIP: true,
    qosClass: true,
    conditions: [{ type: true, status: true, reason: true, message: true }],
  },
};

const NODE = {
  ...KIND,
  metadata: METADATA,
  spec: {
    taints: [{ key: true, value: true, effect: true, timeAdded: true }],
    unschedulable: true,
    podCIDR: true,
    providerID: true,
  },
  status: {
    allocatable: true,
    capacity: true,
    images: [{ names: [true], sizeBytes: true }],
    conditions: true,
    addresses: true,
    nodeInfo: true,
    phase: true,
  },
} as const;

const SELECTING = { ...KIND, metadata: METADATA, spec: { selector: true } } as const;

/** Objects that stand around the pod. */
const CLUSTER = {
  nodes: [NODE],
  namespaces: [{ ...KIND, metadata: METADATA, spec: true, status: true }],
  services: [SELECTING],
  replicaSets: [SELECTING],
  replicationControllers: [SELECTING],
  statefulSets: [SELECTING],
  pods: [POD],
  pod: POD,
} as const;

/** What each case may say of itself. */
export const ABOUT = {
  id: true,
  title: true,
  name: true,
  description: true,
  note: true,
  skip: true,
  source: true,
} as const;

const SCORED_RESOURCES = [{ name: true, weight: true }] as const;
const SHAPE_POINTS = [{ utilization: true, score: true }] as const;

/** Arguments by plugin; those of a plugin that is not here: none. Source: kube-scheduler Configuration (v1). */
const ARGS: Readonly<Record<string, Shape>> = {
  NodeAffinity: { addedAffinity: NODE_AFFINITY },
  NodeResourcesFit: {
    ignoredResources: [true],
    ignoredResourceGroups: [true],
    scoringStrategy: {
      type: true,
      resources: SCORED_RESOURCES,
      requestedToCapacityRatio: { shape: SHAPE_POINTS },
    },
  },
  NodeResourcesBalancedAllocation: { resources: SCORED_RESOURCES },
  PodTopologySpread: { defaultConstraints: [SPREAD_CONSTRAINT], defaultingType: true },
  InterPodAffinity: { hardPodAffinityWeight: true, ignorePreferredTermsOfExistingPods: true },
  DefaultPreemption: { minCandidateNodesPercentage: true, minCandidateNodesAbsolute: true },
};

const CORE: Readonly<Record<string, Fields>> = {
  selectHost: { kind: true, scores: true, expect: { nodeAnyOf: [true], error: true } },
  numFeasibleNodesToFind: {
    kind: true,
    numAllNodes: true,
    percentageOfNodesToScore: true,
    profilePercentageOfNodesToScore: true,
    expect: { numNodes: true },
  },
  totalScore: { kind: true, ...CLUSTER, plugins: [{ name: true, weight: true, constantScore: true }], expect: true },
};

/** Fields of a case, by its phase. */
const BY_PHASE: Readonly<Record<string, Fields>> = {
  filter: { ...CLUSTER, args: true, expect: true },
  score: { ...CLUSTER, args: true, infeasibleNodes: [true], normalized: true, expect: true },
  shape: { points: SHAPE_POINTS, expect: [{ x: true, y: true }] },
  preempt: {
    ...CLUSTER,
    args: true,
    plugins: [true],
    pdbs: [
      {
        ...KIND,
        metadata: METADATA,
        spec: { selector: SELECTOR, minAvailable: true, maxUnavailable: true },
        status: {
          disruptionsAllowed: true,
          disruptedPods: true,
          currentHealthy: true,
          desiredHealthy: true,
          expectedPods: true,
          observedGeneration: true,
        },
      },
    ],
    filterStatus: true,
    expect: {
      node: true,
      nodeAnyOf: [true],
      victims: [true],
      candidates: [{ node: true, victims: [true], pdbViolations: true }],
    },
  },
  eligible: { ...CLUSTER, filterStatus: true, expect: { eligible: true } },
};

/** What stands before the cases of a file. */
export const FILE: Shape = {
  plugin: true,
  phase: true,
  source: true,
  license: true,
  kubernetesVersion: true,
  rule: true,
  notes: true,
  function: true,
  description: true,
  args: true,
  normalized: true,
  note: true,
  cases: true,
};

interface Asked {
  readonly plugin: string;
  readonly phase: string;
}

/**
 * Looks through a case, its file and its arguments. A phase or kind that is not known has no fields: whoever runs it says so.
 *
 * @throws Error naming the first field that nobody would read
 */
export function checkFields(file: object, one: object, { plugin, phase }: Asked): void {
  const { kind, args = "args" in file ? file.args : undefined } = one as { kind?: unknown; args?: unknown };
  const shape = phase === "core" ? CORE[String(kind)] : BY_PHASE[phase];
  if (shape === undefined) return;
  refuse([
    ...unknownFields(file, FILE, "of the file"),
    ...unknownFields(one, { ...ABOUT, ...shape }, ""),
    ...unknownFields(args, ARGS[plugin] ?? {}, "args"),
  ]);
}

/** @throws Error naming the first of them */
export function refuse(unknown: readonly string[]): void {
  const [first] = unknown;
  if (first !== undefined) throw new Error(`unknown field "${first}"`);
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** Paths of fields that the shape does not have. What is of another shape altogether, its reader refuses. */
export function unknownFields(value: unknown, shape: Shape, path: string): readonly string[] {
  if (shape === true || typeof value !== "object" || value === null) return [];
  if (isList(shape)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.flatMap((item, i) => unknownFields(item, shape[0], `${path}[${i}]`));
  }
  return Object.entries(value).flatMap(([key, below]) => {
    const place = path === "" ? key : `${path}.${key}`;
    const inner = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return inner === undefined ? [place] : unknownFields(below, inner, place);
  });
}
