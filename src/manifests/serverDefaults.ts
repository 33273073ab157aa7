/**
 * What a manifest says and means nothing by: mostly words that are empty, where the API server puts its default in.
 *
 * Source: Kubernetes, pkg/apis/core/v1/defaults.go, pkg/apis/apps/v1/defaults.go. Words that are pointers, such as a pod's
 * preemptionPolicy or a Service's internalTrafficPolicy, are not among them: empty, they are refused.
 */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { isMap, mapAt } from "./jsonMap.ts";

/** Keys that may be empty, and maps or lists of maps that hold some. */
interface Shape {
  readonly [key: string]: "word" | Shape;
}

const ASKING: Shape = { httpGet: { scheme: "word" } };

const CONTAINER: Shape = {
  imagePullPolicy: "word",
  terminationMessagePolicy: "word",
  ports: { protocol: "word" },
  livenessProbe: ASKING,
  readinessProbe: ASKING,
  startupProbe: ASKING,
  lifecycle: { preStop: ASKING, postStart: ASKING },
};

const POD_SPEC: Shape = {
  restartPolicy: "word",
  dnsPolicy: "word",
  schedulerName: "word",
  containers: CONTAINER,
  initContainers: CONTAINER,
  tolerations: { operator: "word", effect: "word" },
};

const TEMPLATE: Shape = { template: { spec: POD_SPEC } };
const UPDATE: Shape = { updateStrategy: { type: "word" } };

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["Pod", { spec: POD_SPEC }],
  ["ReplicaSet", { spec: TEMPLATE }],
  ["ReplicationController", { spec: TEMPLATE }],
  ["Rollout", { spec: TEMPLATE }],
  ["Deployment", { spec: { ...TEMPLATE, strategy: { type: "word" } } }],
  ["DaemonSet", { spec: { ...TEMPLATE, ...UPDATE } }],
  [
    "StatefulSet",
    {
      spec: {
        ...TEMPLATE,
        ...UPDATE,
        podManagementPolicy: "word",
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "word", whenScaled: "word" },
      },
    },
  ],
  [
    "Service",
    {
      spec: { type: "word", sessionAffinity: "word", externalTrafficPolicy: "word", ports: { protocol: "word" } },
    },
  ],
]);

/** An object as it is judged: without what stands for nothing, and the same one where there is no such thing. */
export function asDefaulted(kind: string, value: JsonMap): JsonMap {
  const shape = SHAPES.get(kind);
  const words = shape === undefined ? value : cleared(value, shape);
  if (kind === "Rollout") return withoutEmptyTemplate(words);
  // A whole number that is left out is 0 (Go).
  return kind === "PriorityClass" && value.value === undefined ? { ...value, value: 0 } : words;
}

/** A template without labels and annotations gives way to the one that is lent (Argo Rollouts, types.go, EmptyTemplate). */
function withoutEmptyTemplate(value: JsonMap): JsonMap {
  const spec = mapAt(value, "spec");
  if (!isMap(spec.workloadRef) || !isMap(spec.template)) return value;
  const metadata = mapAt(spec.template, "metadata");
  if (["labels", "annotations"].some((key) => Object.keys(mapAt(metadata, key)).length > 0)) return value;
  const { template: _empty, ...rest } = spec;
  return { ...value, spec: rest };
}

function cleared(map: JsonMap, shape: Shape): JsonMap {
  let result = map;
  for (const [key, inside] of Object.entries(shape)) {
    const value = map[key];
    if (value === undefined) continue;
    if (inside === "word") {
      if (value !== "") continue;
      const { [key]: _blank, ...rest } = result;
      result = rest;
    } else {
      const inner = clearedInside(value, inside);
      if (inner !== value) result = { ...result, [key]: inner };
    }
  }
  return result;
}

function clearedInside(value: JsonValue, shape: Shape): JsonValue {
  if (isMap(value)) return cleared(value, shape);
  if (!Array.isArray(value)) return value;
  const items = value.map((item: JsonValue) => (isMap(item) ? cleared(item, shape) : item));
  return items.some((item, i) => item !== value[i]) ? items : value;
}
