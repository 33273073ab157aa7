/** Which container of a pod a Service's requests go to (Kubernetes API reference, ServicePort.targetPort), and what follows from it. */
import { describe, expect, test } from "vitest";
import { readText } from "./manifestSets.ts";

/** A side container stands first; both have a probe, and the side's preStop is the longer one. */
const app = (mainPorts: string, sidePorts = "[{ name: admin, containerPort: 15000 }]") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: side
          image: side:v1
          ports: ${sidePorts}
          readinessProbe: { periodSeconds: 7, tcpSocket: { port: 1 } }
          lifecycle: { preStop: { sleep: { seconds: 9 } } }
          resources: { requests: { cpu: 100m } }
        - name: main
          image: web:v1
          ports: ${mainPorts}
          readinessProbe: { periodSeconds: 3, tcpSocket: { port: 1 } }
          lifecycle: { preStop: { sleep: { seconds: 4 } } }
          resources: { requests: { cpu: 200m } }
`;

const service = (ports: string, name = "front") =>
  `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { selector: { app: web }, ports: [${ports}] }\n`;

const MAIN = "[{ name: http, containerPort: 8080 }]";

describe("the container that answers is", () => {
  test.each([
    ["the one whose port's number the Service names", app(MAIN), service("{ port: 80, targetPort: 8080 }"), "web:v1"],
    ["the one whose port's name it names", app(MAIN), service("{ port: 80, targetPort: http }"), "web:v1"],
    ["the one with its own port, if it names no other", app(MAIN), service("{ port: 8080 }"), "web:v1"],
    [
      "the first, if it is asked too",
      app(MAIN),
      service("{ name: a, port: 8080 }, { name: b, port: 15000 }"),
      "side:v1",
    ],
    ["the first, if no port tells", app("[]", "[]"), service("{ port: 80 }"), "side:v1"],
    ["the first, without a Service", app(MAIN), "", "side:v1"],
    [
      "the first, if the Service is for others",
      app(MAIN),
      service("{ port: 8080 }").replace("name: front", "name: front, namespace: other"),
      "side:v1",
    ],
    [
      "told by a second Service too",
      app(MAIN),
      `${service("{ port: 7 }")}${service("{ port: 8080 }", "back")}`,
      "web:v1",
    ],
  ])("%s", (_, manifest, services, image) => {
    const { scenario } = readText(`${manifest}${services}`);
    expect(scenario.services[0]).toMatchObject({ image });
    expect(scenario.services[0]?.readiness).toMatchObject({ period: image === "web:v1" ? 3_000_000 : 7_000_000 });
    expect(scenario.services[0]).toMatchObject({ cpuMillicores: 300, shutdown: { preStop: 9_000_000 } });
  });

  test("told of by name, and the others with the place where they stand", () => {
    const { warnings } = readText(`${app(MAIN)}${service("{ port: 8080 }")}`);
    const said = warnings.filter((line) => line.includes("containers["));
    expect(said).toEqual([
      expect.stringMatching(
        /^app\.yaml:13:\d+ document 1, Deployment web, spec\.template\.spec\.containers\[0\]\.readinessProbe: is not simulated: only the container that answers/,
      ),
      expect.stringMatching(
        /^app\.yaml:10:\d+ document 1, Deployment web, spec\.template\.spec\.containers\[0\]: only the resources of further containers count: web:v1 answers/,
      ),
    ]);
  });

  test("the one whose image a release changes, and whose use an autoscaler sees", () => {
    const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 3
  metrics:
    - type: ContainerResource
      containerResource: { name: cpu, container: main, target: { type: Utilization, averageUtilization: 50 } }
`;
    const { scenario, warnings } = readText(`${app(MAIN)}${service("{ port: 8080 }")}${scaler}`);
    expect(warnings.filter((line) => line.includes("containerResource"))).toEqual([]);
    expect(scenario.timeline).toMatchObject([{ action: { image: "web:v1-next" } }]);
  });
});
