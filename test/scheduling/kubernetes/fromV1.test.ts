import { describe, expect, it } from "vitest";
import { nodeFromV1, PodReader, podFromV1 } from "../../../src/scheduling/kubernetes/fromV1.ts";
import { V1FieldError } from "../../../src/scheduling/kubernetes/v1Fields.ts";

const MEBI = 1024 * 1024;

function pod(spec: object, metadata: object = {}) {
  return podFromV1({ metadata: { name: "p", ...metadata }, spec });
}

function asking(requests: object, more: object = {}) {
  return { name: "c", resources: { requests }, ...more };
}

describe("podFromV1", () => {
  it.each([
    { what: "containers add up", spec: { containers: [asking({ cpu: "1" }), asking({ cpu: "500m" })] }, cpu: 1500 },
    {
      what: "the largest init container counts if it asks for more",
      spec: { containers: [asking({ cpu: "1" })], initContainers: [asking({ cpu: "2" }), asking({ cpu: "3" })] },
      cpu: 3000,
    },
    {
      what: "a sidecar runs beside the containers and beside later init containers",
      spec: {
        containers: [asking({ cpu: "1" })],
        initContainers: [
          asking({ cpu: "2" }),
          asking({ cpu: "500m" }, { restartPolicy: "Always" }),
          asking({ cpu: "3" }),
        ],
      },
      cpu: 3500,
    },
    {
      what: "overhead comes on top",
      spec: { containers: [asking({ cpu: "1" })], overhead: { cpu: "250m" } },
      cpu: 1250,
    },
    {
      what: "a limit stands in for a request that is missing",
      spec: { containers: [{ name: "c", resources: { limits: { cpu: "2" } } }] },
      cpu: 2000,
    },
    {
      what: "the pod's own request replaces the sum",
      spec: { containers: [asking({ cpu: "1" })], resources: { requests: { cpu: "5" } } },
      cpu: 5000,
    },
  ])("counts requests so that $what", ({ spec, cpu }) => {
    expect(pod(spec).spec.requests.get("cpu")).toBe(cpu);
  });

  it("counts 100m and 200 MiB for each container that says nothing, where scores are meant", () => {
    const { spec } = pod({ containers: [{ name: "a" }, asking({ cpu: "0", memory: "1Mi" })] });
    expect([spec.nonZeroMillicores, spec.nonZeroBytes]).toEqual([100, 201 * MEBI]);
    expect([...spec.requests]).toEqual([
      ["cpu", 0],
      ["memory", MEBI],
    ]);
  });

  it("takes a priority from the pod, its class, Kubernetes' own classes or the default, in that order", () => {
    const context = { priorities: new Map([["high", 7]]), defaultPriority: 3 };
    const of = (spec: object) => podFromV1({ metadata: { name: "p" }, spec }, context).spec.priority;
    expect(of({ priority: 5, priorityClassName: "high" })).toBe(5);
    expect(of({ priorityClassName: "high" })).toBe(7);
    expect(of({ priorityClassName: "system-node-critical" })).toBe(2_000_001_000);
    expect(of({})).toBe(3);
  });

  it("makes container ports host ports when the pod is on the host's network", () => {
    const containers = [
      { name: "c", ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81, protocol: "UDP" }] },
    ];
    expect(pod({ containers, hostNetwork: true }).spec.hostPorts).toEqual([
      { ip: "0.0.0.0", protocol: "TCP", port: 80 },
      { ip: "0.0.0.0", protocol: "UDP", port: 81 },
    ]);
    expect(pod({ containers }).spec.hostPorts).toHaveLength(1);
  });

  it("writes matchLabelKeys and mismatchLabelKeys of affinity terms into their selectors, for keys that the pod has", () => {
    const term = {
      topologyKey: "zone",
      labelSelector: {},
      matchLabelKeys: ["version", "absent"],
      mismatchLabelKeys: ["tenant"],
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const [read] = pod({ affinity }, { labels: { version: "2", tenant: "a" } }).spec.requiredAffinity;
    expect(read?.selector?.requirements).toEqual([
      { key: "version", operator: "In", values: ["2"] },
      { key: "tenant", operator: "NotIn", values: ["a"] },
    ]);
  });

  it.each([
    [{ containers: {} }, "spec.containers", "a list"],
    [{ containers: [asking({ cpu: "1x" })] }, "spec.containers[0].resources.requests.cpu", "a quantity"],
    [{ containers: [asking({ cpu: "-1" })] }, "spec.containers[0].resources.requests.cpu", "a quantity"],
    [{ nodeSelector: { gpu: true } }, "spec.nodeSelector.gpu", "text (put it in quotes)"],
    [{ priorityClassName: "none" }, "spec.priorityClassName", "the name of a PriorityClass"],
    [{ tolerations: [{ operator: "Like" }] }, "spec.tolerations[0].operator", "one of Equal, Exists"],
    [
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }] },
      "spec.topologySpreadConstraints[0].maxSkew",
      "a whole number from 1",
    ],
    [
      { topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }] },
      "spec.topologySpreadConstraints[0].topologyKey",
      "text",
    ],
  ])("says where %j is wrong and what should stand there", (spec, path, expected) => {
    const error = thrownBy(() => pod(spec));
    expect(error.path).toBe(path);
    expect(error.expected).toContain(expected);
    expect(error.message).toBe(`${path}: found ${error.found}, expected ${error.expected}`);
  });
});

function thrownBy(act: () => unknown): V1FieldError {
  try {
    act();
  } catch (error) {
    if (error instanceof V1FieldError) return error;
  }
  throw new Error("nothing of a wrong shape was found");
}

describe("PodReader", () => {
  const affine = {
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone" }] } },
  };

  it("gives pods of one template one spec, bound or not", () => {
    const reader = new PodReader();
    const spec = { containers: [asking({ cpu: "1" })] };
    const one = reader.read({ metadata: { name: "a", labels: { app: "x" } }, spec });
    const other = reader.read({
      metadata: { name: "b", namespace: "n2", labels: { app: "y" } },
      spec: { ...spec, nodeName: "n" },
    });
    expect(other.spec).toBe(one.spec);
    expect([one.nodeName, other.nodeName]).toEqual([undefined, "n"]);
  });

  it("keeps specs apart whose affinity means different namespaces", () => {
    const reader = new PodReader();
    const [one, other] = ["n1", "n2"].map((namespace) =>
      reader.read({ metadata: { name: "a", namespace }, spec: affine }),
    );
    expect(one?.spec.requiredAffinity[0]?.namespaces).toEqual(new Set(["n1"]));
    expect(other?.spec.requiredAffinity[0]?.namespaces).toEqual(new Set(["n2"]));
  });

  it("keeps specs apart whose priority comes from different classes", () => {
    const reader = new PodReader();
    const json = { metadata: { name: "a" }, spec: { priorityClassName: "c" } };
    const read = (value: number) => reader.read(json, { priorities: new Map([["c", value]]) }).spec.priority;
    expect([read(1), read(2)]).toEqual([1, 2]);
  });
});

describe("nodeFromV1", () => {
  it("reads taints, cordon, images and allocatable amounts; capacity where that is missing", () => {
    const node = nodeFromV1({
      metadata: { name: "n", labels: { zone: "a" } },
      spec: { unschedulable: true, taints: [{ key: "k", effect: "NoExecute" }] },
      status: { capacity: { cpu: "4", memory: "1Gi", pods: "110" }, images: [{ names: ["a:1", "b:1"], sizeBytes: 5 }] },
    });
    expect([...node.allocatable]).toEqual([
      ["cpu", 4000],
      ["memory", 1024 * MEBI],
      ["pods", 110],
    ]);
    expect(node.isUnschedulable).toBe(true);
    expect(node.taints).toEqual([{ key: "k", value: "", effect: "NoExecute" }]);
    expect([...node.images]).toEqual([
      ["a:1", 5],
      ["b:1", 5],
    ]);
  });
});
