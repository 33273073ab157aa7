import { describe, expect, test } from "vitest";
import type { ServiceSpec } from "../../src/cluster/spec.ts";
import { deployment, problemsOf, readText, service, webWith } from "./manifestSets.ts";

function web(text: string, files: Readonly<Record<string, string>> = {}): ServiceSpec {
  const found = readText(text, files).scenario.services.find(({ name }) => name === "web");
  if (found === undefined) throw new Error("there is no service called web");
  return found;
}

describe("an autoscaler's metrics", () => {
  const head = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  maxReplicas: 9
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  metrics:
`;
  const withMetrics = (...metrics: readonly string[]) =>
    webWith(head + metrics.map((one) => `    - ${one}`).join("\n"));
  const target = (text: string) => `target: { ${text} }`;
  const percent = target("type: Utilization, averageUtilization: 60");
  const average = target("type: AverageValue, averageValue: 1500m");
  const load = (quantity: string, name?: string) => ({ kind: "load", quantity, service: name });

  test("of every type act, without a warning", () => {
    const text = withMetrics(
      `{ type: Resource, resource: { name: cpu, ${average} } }`,
      `{ type: Resource, resource: { name: memory, ${percent} } }`,
      `{ type: ContainerResource, containerResource: { name: cpu, container: main, ${percent} } }`,
      `{ type: Pods, pods: { metric: { name: http_requests }, ${average} } }`,
      `{ type: Object, object: { metric: { name: requests-per-second }, describedObject: { kind: Ingress, name: main }, ${target("type: Value, value: 2k")} } }`,
      `{ type: External, external: { metric: { name: queue_messages_ready, selector: { matchLabels: { queue: tasks } } }, ${average} } }`,
    );
    const utilisation = { kind: "utilisation", percent: 60 };
    expect(web(text).autoscale?.metrics).toEqual([
      { kind: "resource", resource: "cpu", target: { kind: "average", milli: 1500 } },
      { kind: "resource", resource: "memory", target: utilisation },
      { kind: "resource", resource: "cpu", container: "main", target: utilisation },
      { kind: "pods", name: "http_requests", averageMilli: 1500, source: load("requestsPerSecond") },
      {
        ...{ kind: "object", name: "requests-per-second", object: { kind: "Ingress", name: "main" } },
        ...{ target: { kind: "value", milli: 2_000_000 }, source: load("requestsPerSecond") },
      },
      {
        ...{ kind: "external", name: "queue_messages_ready", labels: { queue: "tasks" } },
        ...{ target: { kind: "average", milli: 1500 }, source: load("requestsQueued") },
      },
    ]);
    expect(readText(text).warnings.filter((warning) => /metric|HorizontalPod/.test(warning))).toEqual([]);
  });

  test("of a Service tell of the workload behind it", () => {
    const object = `{ metric: { name: rps }, describedObject: { kind: Service, name: NAME }, ${target("type: Value, value: 5")} }`;
    const other = [deployment(), service()].map((one) => one.replaceAll("web", "api"));
    const text = [withMetrics(`{ type: Object, object: ${object} }`), ...other].join("\n---\n");
    const sourceOf = (name: string) => {
      const [metric] = web(text.replace("NAME", name)).autoscale?.metrics ?? [];
      return metric?.kind === "object" ? metric.source : undefined;
    };
    expect(sourceOf("api")).toEqual(load("requestsPerSecond", "api"));
    expect(sourceOf("web")).toEqual(load("requestsPerSecond"));
  });

  test("that nothing supplies get their values from the scenario, or a warning at their line", () => {
    const manifest = withMetrics(`{ type: Pods, pods: { metric: { name: heat }, ${average} } }`);
    expect(readText(manifest).warnings.join("\n")).toMatch(
      /app\.yaml:\d+:\d+ .*metrics\[0\]: nobody supplies the metric heat/,
    );
    const own = "duration: 10m\nmanifests: [app.yaml]\nmetrics: { heat: [{ at: 0s, value: 7 }] }\n";
    const [metric] = web(own, { "app.yaml": manifest }).autoscale?.metrics ?? [];
    expect(metric).toMatchObject({ source: { kind: "series", points: [{ at: 0, milli: 7000 }] } });
  });

  test.each([
    [
      "another resource",
      `{ type: Resource, resource: { name: nvidia.com/gpu, ${percent} } }`,
      /of nvidia\.com\/gpu no use is measured/,
    ],
    [
      "no container of the pods",
      `{ type: ContainerResource, containerResource: { name: cpu, container: sidecar, ${percent} } }`,
      /names no container of web: the metric is always missing/,
    ],
    [
      "an Object whose type asks for another target",
      "{ type: Object, object: { describedObject: { kind: Service, name: web }, metric: { name: a }, target: { type: AverageValue, value: 5 } } }",
      /object\.target: has no effect: its type asks for averageValue, which is not there/,
    ],
  ])("of %s are warned of", (_, metric, warning) => {
    expect(readText(withMetrics(metric)).warnings.join("\n")).toMatch(warning);
  });

  test.each([
    [
      "a type without its metric",
      "{ type: Pods }",
      /metrics\[0\]\.pods: found nothing, expected the metric that the type names/,
    ],
    ["a wrong quantity", `{ type: Pods, pods: { metric: { name: a }, ${target("averageValue: x")} } }`, /averageValue/],
    [
      "no average",
      `{ type: Pods, pods: { metric: { name: a }, ${target("type: Value, value: 5")} } }`,
      /averageValue: found nothing, expected a quantity above 0/,
    ],
    [
      "no target",
      "{ type: Resource, resource: { name: cpu, target: { type: Utilization } } }",
      /both or neither of averageUtilization/,
    ],
  ])("with %s are a mistake", (_, metric, message) => {
    expect(problemsOf(withMetrics(metric))).toMatch(message);
  });
});
