/** Random nodes and pods, small enough to clash often. */
import fc from "fast-check";
import { nodeFromV1, podFromV1 } from "../../../src/scheduling/kubernetes/fromV1.ts";
import type { NodeInfo, PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";

const APPS = ["a", "b", "c"];
const KEYS = ["kubernetes.io/hostname", "zone", "rack"];
const often = { freq: 3, nil: undefined };

const taint = fc.record({
  key: fc.constantFrom("dedicated", "spot"),
  value: fc.constantFrom("", "yes"),
  effect: fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute"),
});

const toleration = fc.record({
  key: fc.constantFrom("dedicated", "spot"),
  operator: fc.constantFrom("Exists", "Equal"),
  value: fc.constantFrom("", "yes"),
});

const selector = fc.option(
  fc.oneof(
    fc.constantFrom(...APPS).map((app) => ({ matchLabels: { app } })),
    fc.constantFrom(...APPS).map((app) => ({ matchExpressions: [{ key: "app", operator: "NotIn", values: [app] }] })),
    fc.constant({}),
  ),
  { freq: 8, nil: undefined },
);

const term = fc.record(
  { topologyKey: fc.constantFrom(...KEYS), labelSelector: selector, namespaces: fc.constantFrom(["n1"], ["n1", "n2"]) },
  { requiredKeys: ["topologyKey", "labelSelector"] },
);

const terms = fc.option(
  fc.record(
    {
      requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { maxLength: 2 }),
      preferredDuringSchedulingIgnoredDuringExecution: fc.array(
        fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
  often,
);

const preferredNode = fc.record({
  weight: fc.integer({ min: 1, max: 9 }),
  preference: fc.constantFrom("z0", "z1").map((zone) => ({
    matchExpressions: [{ key: "zone", operator: "In", values: [zone] }],
  })),
});

const constraint = fc.record(
  {
    maxSkew: fc.integer({ min: 1, max: 3 }),
    topologyKey: fc.constantFrom(...KEYS),
    whenUnsatisfiable: fc.constantFrom("DoNotSchedule", "ScheduleAnyway"),
    labelSelector: selector,
    minDomains: fc.integer({ min: 1, max: 4 }),
    nodeAffinityPolicy: fc.constantFrom("Honor", "Ignore"),
    nodeTaintsPolicy: fc.constantFrom("Honor", "Ignore"),
    matchLabelKeys: fc.constant(["version"]),
  },
  { requiredKeys: ["maxSkew", "topologyKey", "whenUnsatisfiable", "labelSelector"] },
);

const requests = fc.record(
  {
    cpu: fc.integer({ min: 0, max: 900 }).map((milli) => `${milli}m`),
    memory: fc.integer({ min: 0, max: 900 }).map((mebi) => `${mebi}Mi`),
    "example.com/gpu": fc.constantFrom("1"),
  },
  { requiredKeys: [] },
);

const podSpec = fc.record(
  {
    containers: fc.array(fc.record({ name: fc.constant("c"), resources: fc.record({ requests }) }), {
      minLength: 1,
      maxLength: 2,
    }),
    nodeSelector: fc.constantFrom({ zone: "z0" }, { zone: "z1" }),
    tolerations: fc.array(toleration, { maxLength: 2 }),
    affinity: fc.record({
      podAffinity: terms,
      podAntiAffinity: terms,
      nodeAffinity: fc.option(
        fc.record({ preferredDuringSchedulingIgnoredDuringExecution: fc.array(preferredNode, { maxLength: 2 }) }),
        { nil: undefined },
      ),
    }),
    topologySpreadConstraints: fc.array(constraint, { maxLength: 2 }),
    priority: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ["containers"] },
);

/** A pod of some template; its name does not matter. */
export const anyPod: fc.Arbitrary<PodInfo> = fc
  .record({
    namespace: fc.constantFrom("n1", "n2"),
    app: fc.constantFrom(...APPS),
    version: fc.constantFrom("1", "2"),
    isTerminating: fc.boolean(),
    port: fc.option(fc.constantFrom(80, 81), { freq: 4, nil: undefined }),
    spec: podSpec,
  })
  .map(({ namespace, app, version, isTerminating, port, spec }) =>
    podFromV1({
      metadata: {
        name: "p",
        namespace,
        labels: { app, version },
        ...(isTerminating ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
      },
      spec: {
        ...spec,
        containers: spec.containers.map((container, i) => ({
          ...container,
          ports: i === 0 && port !== undefined ? [{ hostPort: port }] : [],
        })),
      },
    }),
  );

/** A pod that only asks for room. */
export const anyPlainPod: fc.Arbitrary<PodInfo> = fc
  .record({
    app: fc.constantFrom(...APPS),
    milli: fc.integer({ min: 1, max: 9 }),
    priority: fc.integer({ min: 0, max: 3 }),
    port: fc.option(fc.constantFrom(80, 81), { freq: 4, nil: undefined }),
  })
  .map(({ app, milli, priority, port }) => {
    const ports = port === undefined ? [] : [{ hostPort: port }];
    const container = { name: "c", ports, resources: { requests: { cpu: `${milli * 100}m` } } };
    return podFromV1({
      metadata: { name: "p", namespace: "n1", labels: { app } },
      spec: { containers: [container], priority },
    });
  });

/** A pod that only spreads, beside others of its kind. */
export const anySpreadingPod: fc.Arbitrary<PodInfo> = fc
  .record({ app: fc.constantFrom("a", "b"), constraints: fc.array(constraint, { minLength: 1, maxLength: 2 }) })
  .map(({ app, constraints }) =>
    podFromV1({
      metadata: { name: "p", namespace: "n1", labels: { app } },
      spec: { containers: [{ name: "c" }], topologySpreadConstraints: constraints },
    }),
  );

/** Between one and `most` nodes of different sizes; some lack a label. */
export function anyNodes(most: number): fc.Arbitrary<readonly NodeInfo[]> {
  const node = fc.record({
    zone: fc.constantFrom("z0", "z1", "z2", undefined),
    rack: fc.constantFrom("r0", "r1", undefined),
    cpu: fc.constantFrom("1", "2", "4"),
    memory: fc.constantFrom("1Gi", "2Gi"),
    gpu: fc.constantFrom("0", "2"),
    pods: fc.constantFrom("3", "10"),
    taints: fc.array(taint, { maxLength: 1 }),
    unschedulable: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  });
  return fc.array(node, { minLength: 1, maxLength: most }).map((nodes) =>
    nodes.map(({ zone, rack, cpu, memory, gpu, pods, taints, unschedulable }, i) =>
      nodeFromV1({
        metadata: { name: `node${i}`, labels: definedOnly({ "kubernetes.io/hostname": `node${i}`, zone, rack }) },
        spec: { taints, unschedulable },
        status: { allocatable: { cpu, memory, pods, "example.com/gpu": gpu } },
      }),
    ),
  );
}

function definedOnly(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
