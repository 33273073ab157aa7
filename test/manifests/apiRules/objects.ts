/** One small object of each kind, with a place for what a rule is about. */

/** A Deployment called web, with further keys of its spec, its pods' spec and its container, in flow style. */
export function workload({
  kind = "Deployment",
  name = "web",
  meta = "",
  spec = "",
  pod = "",
  container = "",
  labels = "",
} = {}) {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}${meta} }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web${labels} } }
    spec:
      containers:
        - { name: main, image: web:v1${container} }
${indented(pod, 6)}${indented(spec, 2)}`;
}

function indented(lines: string, by: number): string {
  if (lines === "") return "";
  return `${lines
    .split("\n")
    .map((line) => " ".repeat(by) + line)
    .join("\n")}\n`;
}

export const pod = (spec: string, container = "") => workload({ pod: spec, container });

export const container = (keys: string) => workload({ container: `, ${keys}` });

export const service = (spec: string, name = "web") => `${workload()}---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: web }, ${spec} }
`;

export const scaler = (spec: string) => `${workload()}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { scaleTargetRef: { kind: Deployment, name: web }, ${spec} }
`;

export const budget = (spec: string) => `${workload()}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { ${spec} }
`;

export const priority = (keys: string, name = "high") => `${workload()}---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: ${name} }
${keys}
`;

export const node = (taints: string) => `${workload()}---
apiVersion: v1
kind: Node
metadata: { name: n }
spec: { taints: ${taints} }
status: { capacity: { cpu: 4, memory: 8Gi, pods: 110 } }
`;
