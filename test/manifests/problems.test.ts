import { describe, expect, test } from "vitest";
import { readManifests } from "../../src/manifests/readManifests.ts";
import { deployment, problemsOf, readText, service, webWith } from "./manifestSets.ts";

const BUDGET = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web }\n";
const SCALER = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
`;
const ROLLOUT = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: main, image: shop:v1 }] }
`;

describe("bad manifests are told with file, document and line", () => {
  test.each([
    {
      what: "a misspelt kind",
      text: "apiVersion: apps/v1\nkind: Deploymnt\nmetadata: { name: a }",
      says: 'app.yaml:2:7 document 1, Deploymnt a, kind: found "Deploymnt", expected a kind of Kubernetes (did you mean "Deployment"?)',
    },
    {
      what: "a kind of another group",
      text: webWith("apiVersion: v1\nkind: StatefulSet\nmetadata: { name: a }"),
      says: 'app.yaml:24:13 document 3, StatefulSet a, apiVersion: found "v1", expected apps/v1',
    },
    {
      what: "an API version of its day",
      text: deployment().replace("apps/v1", "extensions/v1beta1"),
      says: 'app.yaml:1:13 document 1, Deployment web, apiVersion: found "extensions/v1beta1", expected apps/v1',
    },
    {
      what: "no kind",
      text: "apiVersion: v1\nmetadata: { name: a }",
      says: "app.yaml:1:1 document 1: kind: found nothing, expected a kind",
    },
    {
      what: "no name",
      text: "apiVersion: v1\nkind: Pod\nmetadata: {}",
      says: "document 1: metadata.name: found nothing, expected a name",
    },
    {
      what: "a wrong quantity",
      text: deployment({ container: "resources: { requests: { cpu: 500mm } }" }),
      says: 'app.yaml:15:41 document 1, Deployment web, spec.template.spec.containers[0].resources.requests.cpu: found "500mm", expected a quantity',
    },
    {
      what: "text for a number",
      text: deployment().replace("replicas: 2", "replicas: many"),
      says: 'app.yaml:5:13 document 1, Deployment web, spec.replicas: found "many", expected a whole number from 0',
    },
    {
      what: "a liveness probe that must pass twice",
      text: deployment({ container: "livenessProbe: { successThreshold: 2 }" }),
      says: "app.yaml:15:46 document 1, Deployment web, spec.template.spec.containers[0].livenessProbe.successThreshold: found 2, expected 1, as for",
    },
    {
      what: "a readiness probe with a grace period",
      text: deployment({ container: "readinessProbe: { terminationGracePeriodSeconds: 5 }" }),
      says: "readinessProbe.terminationGracePeriodSeconds: found 5, expected nothing: only liveness and startup probes end a container",
    },
    {
      what: "a label that is a number",
      text: webWith().replaceAll("app: web }", "app: 1 }"),
      says: "document 1, Deployment web, spec.selector.matchLabels.app: found 1, expected text (put it in quotes)",
    },
    {
      what: "a selector that selects none of its own pods",
      text: deployment().replace("matchLabels: { app: web }", "matchLabels: { app: wbe }"),
      says: "app.yaml:6:13 document 1, Deployment web, spec.selector: selects none of its own pods: the template's labels are app=web",
    },
    {
      what: "a Service that selects nothing",
      text: [deployment(), service("{ app: wbe }")].join("---\n"),
      says: "app.yaml:20:19 document 2, Service web, spec.selector: selects no pods",
    },
    {
      what: "a budget that selects nothing",
      text: webWith(`${BUDGET}spec: { minAvailable: 1, selector: { matchLabels: { app: db } } }`),
      says: "document 3, PodDisruptionBudget web, spec.selector: selects no pods",
    },
    {
      what: "a budget with two limits",
      text: webWith(`${BUDGET}spec: { minAvailable: 1, maxUnavailable: 1, selector: { matchLabels: { app: web } } }`),
      says: "found both minAvailable and maxUnavailable, expected only one of them",
    },
    {
      what: "an autoscaler of nothing",
      text: webWith(`${SCALER}spec: { maxReplicas: 3, scaleTargetRef: { kind: Deployment, name: wbe } }`),
      says: 'spec.scaleTargetRef.name: found "wbe", expected the name of a Deployment in these manifests (did you mean "web"?)',
    },
    {
      what: "an autoscaler with min above max",
      text: webWith(
        `${SCALER}spec: { minReplicas: 5, maxReplicas: 3, scaleTargetRef: { kind: Deployment, name: web } }`,
      ),
      says: "spec.maxReplicas: found 3, expected at least the minReplicas of 5",
    },
    {
      what: "two objects of one name",
      text: webWith(deployment()),
      says: "app.yaml:26:19 document 3, Deployment web, metadata.name: found a second Deployment of this name, expected another name (the first is at app.yaml:1)",
    },
    {
      what: "a blueGreen Rollout without a Service",
      text: `${ROLLOUT}  strategy: { blueGreen: { activeService: shop } }`,
      says: 'app.yaml:9:43 document 1, Rollout shop, spec.strategy.blueGreen.activeService: found "shop", expected the name of a Service in these manifests, and there is none',
    },
    {
      what: "a blueGreen Rollout that names none",
      text: `${ROLLOUT}  strategy: { blueGreen: {} }`,
      says: "spec.strategy.blueGreen.activeService: found nothing, expected text",
    },
    {
      what: "a Rollout without a strategy",
      text: ROLLOUT,
      says: "spec.strategy: found nothing, expected blueGreen or canary",
    },
    {
      what: "a canary pause of no duration",
      text: `${ROLLOUT}  strategy: { canary: { steps: [{ pause: { duration: soon } }] } }`,
      says: "spec.strategy.canary.steps[0].pause.duration: expected a duration, such as 40s, 10m or 30",
    },
    {
      what: "a Rollout of both strategies",
      text: `${ROLLOUT}  strategy: { blueGreen: { activeService: a }, canary: {} }`,
      says: "app.yaml:9:56 document 1, Rollout shop, spec.strategy.canary: found it beside blueGreen, expected only one of them",
    },
    {
      what: "a router without the Services that it splits the requests between",
      text: `${ROLLOUT}  strategy: { canary: { trafficRouting: { nginx: { stableIngress: a } } } }`,
      says: "spec.strategy.canary.trafficRouting: found no stableService and no canaryService, expected both beside a router",
    },
    {
      what: "one Service for both releases",
      text: `${ROLLOUT}  strategy: { blueGreen: { activeService: a, previewService: a } }`,
      says: 'spec.strategy.blueGreen.previewService: found "a", expected another Service than the activeService',
    },
    {
      what: "a canary step of nothing",
      text: `${ROLLOUT}  strategy: { canary: { steps: [{ setWeight: 5 }, {}] } }`,
      says: "spec.strategy.canary.steps[1]: found nothing to do, expected one of setWeight, pause",
    },
    {
      what: "a canary step of two kinds",
      text: `${ROLLOUT}  strategy: { canary: { steps: [{ setWeight: 5, pause: {} }] } }`,
      says: "spec.strategy.canary.steps[0]: found setWeight and pause, expected only one of",
    },
    {
      what: "a weight above all",
      text: `${ROLLOUT}  strategy: { canary: { steps: [{ setWeight: 101 }] } }`,
      says: "spec.strategy.canary.steps[0].setWeight: found 101, expected a whole number from 0 to 100",
    },
    {
      what: "a weight above maxTrafficWeight",
      text: `${ROLLOUT}  strategy: { canary: { trafficRouting: { plugins: { a/b: {} }, maxTrafficWeight: 10 }, steps: [{ setWeight: 11 }] } }`,
      says: "spec.strategy.canary.steps[0].setWeight: found 11, expected a whole number from 0 to 10",
    },
    {
      what: "maxTrafficWeight of a router that knows none",
      text: `${ROLLOUT}  strategy: { canary: { trafficRouting: { smi: {}, maxTrafficWeight: 10 } } }`,
      says: "spec.strategy.canary.trafficRouting.maxTrafficWeight: found 10, expected it beside the routers nginx and plugins only",
    },
    {
      what: "setCanaryScale without a router",
      text: `${ROLLOUT}  strategy: { canary: { steps: [{ setCanaryScale: { replicas: 1 } }] } }`,
      says: "spec.strategy.canary.steps[0].setCanaryScale: found it without a router, expected trafficRouting",
    },
    {
      what: "a template beside a workloadRef",
      text: `${ROLLOUT}  workloadRef: { kind: Deployment, name: a }\n  strategy: { canary: {} }`,
      says: "spec.workloadRef: found it beside a template, expected only one of them",
    },
    {
      what: "a rolling update that can replace nothing",
      text: deployment({ spec: "strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0% } }" }),
      says: "app.yaml:7:61 document 1, Deployment web, spec.strategy.rollingUpdate.maxUnavailable: found 0 beside a maxSurge of 0",
    },
    {
      what: "a DaemonSet that surges beside the gap that it has anyway",
      text: deployment({ spec: "updateStrategy: { rollingUpdate: { maxSurge: 1 } }" })
        .replace("Deployment", "DaemonSet")
        .replace("replicas: 2", ""),
      says: "spec.updateStrategy.rollingUpdate.maxSurge: found 1, expected 0, or a maxUnavailable of 0 beside it (it is 1)",
    },
    {
      what: "Recreate with figures of a rolling update",
      text: deployment({ spec: "strategy: { type: Recreate, rollingUpdate: { maxSurge: 1 } }" }),
      says: "spec.strategy.rollingUpdate: found it beside the type Recreate",
    },
    {
      what: "a deadline that no pod can meet",
      text: deployment({ spec: "minReadySeconds: 30\n  progressDeadlineSeconds: 30" }),
      says: "app.yaml:8:28 document 1, Deployment web, spec.progressDeadlineSeconds: found 30, expected more than the minReadySeconds of 30",
    },
    {
      what: "a Deployment whose pods are not to be restarted",
      text: deployment({ pod: "restartPolicy: Never" }),
      says: 'spec.template.spec.restartPolicy: found "Never", expected Always: only a Pod of its own may have another',
    },
    {
      what: "a type of Service that there is not",
      text: [deployment(), service("{ app: web }, type: NodePorts")].join("---\n"),
      says: 'spec.type: found "NodePorts", expected one of ClusterIP, NodePort, LoadBalancer, ExternalName',
    },
    {
      what: "a priority class that is not there",
      text: deployment({ pod: "priorityClassName: high" }),
      says: 'spec.template.spec.priorityClassName: found "high", expected the name of a PriorityClass that is there',
    },
    {
      what: "affinity of a wrong shape",
      text: deployment({
        pod: "affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } }",
      }),
      says: "spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution: found a map, expected a list",
    },
    {
      what: "a container without an image",
      text: deployment().replace("image: web:v1", ""),
      says: "spec.template.spec.containers[0].image: found nothing, expected an image",
    },
    {
      what: "a Node without a size",
      text: webWith("apiVersion: v1\nkind: Node\nmetadata: { name: n }"),
      says: "document 3, Node n, status.capacity: found no cpu and memory",
    },
    {
      what: "no workload at all",
      text: "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }",
      says: "app.yaml:1:1: found no workload, expected a Deployment or another one to run",
    },
    {
      what: "two containers of one name",
      text: deployment({ pod: "initContainers: [{ name: main, image: init:v1 }]" }),
      says: 'app.yaml:13:17 document 1, Deployment web, spec.template.spec.containers[0].name: found a second container called "main", expected a name of its own (the first is initContainers[0])',
    },
    {
      what: "two ports of one name in a container",
      text: deployment({ container: "ports: [{ name: a, containerPort: 80 }, { name: a, containerPort: 81 }]" }),
      says: 'app.yaml:15:59 document 1, Deployment web, spec.template.spec.containers[0].ports[1].name: found a second port called "a", expected a name of its own in its container (the first is containers[0].ports[0])',
    },
    {
      what: "two equal ports of the host",
      text: deployment({
        container: "ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 80 }]",
      }),
      says: "app.yaml:15:87 document 1, Deployment web, spec.template.spec.containers[0].ports[1].hostPort: found TCP port 80 of the host a second time, expected one that is free (the first is containers[0].ports[0])",
    },
    {
      what: "a port 0",
      text: deployment({ container: "ports: [{ containerPort: 0 }]" }),
      says: "app.yaml:15:36 document 1, Deployment web, spec.template.spec.containers[0].ports[0].containerPort: found 0, expected a whole number from 1 to 65535",
    },
    {
      what: "a port of the host beyond the last",
      text: deployment({ container: "ports: [{ containerPort: 80, hostPort: 65536 }]" }),
      says: "app.yaml:15:50 document 1, Deployment web, spec.template.spec.containers[0].ports[0].hostPort: found 65536, expected a whole number from 0 to 65535",
    },
    {
      what: "a negative number of replicas",
      text: deployment().replace("replicas: 2", "replicas: -1"),
      says: "app.yaml:5:13 document 1, Deployment web, spec.replicas: found -1, expected a whole number from 0",
    },
    {
      what: "an empty file",
      text: "",
      says: "app.yaml:1:1: found nothing (the file is empty, or has comments only)",
    },
    {
      what: "a text that is no YAML",
      text: "apiVersion: v1\nkind: [Pod\nmetadata: }\n",
      says: "app.yaml:3:11: not valid YAML",
    },
    {
      what: "a document that is no object",
      text: `${deployment()}---\n- 1`,
      says: "document 2: found a list, expected a Kubernetes object",
    },
  ])("$what", ({ text, says }) => {
    expect(problemsOf(text)).toContain(says);
  });

  test("equal container ports, and equal port names of two containers, are allowed", () => {
    const port = "ports: [{ name: a, containerPort: 80 }, { containerPort: 80 }]";
    const text = `${deployment({ container: port })}        - { name: other, image: b:v1, ${port} }\n`;
    expect(problemsOf(text)).toBe("");
  });

  test("manifests without any document are a problem, as there is nothing to place", () => {
    expect(() => readManifests("# nothing\n---\n", { file: "list.yaml" })).toThrow(
      "list.yaml:1:1: found nothing, expected Kubernetes objects",
    );
  });

  test("all problems are told at once, in their order", () => {
    const text = webWith(deployment()).replace("replicas: 2", "replicas: -2");
    expect(
      problemsOf(text)
        .split("\n")
        .map((line) => /^app\.yaml:(\d+)/.exec(line)?.[1]),
    ).toEqual(["5", "26"]);
  });

  test("a manifest that cannot be read is a problem where the scenario names it", () => {
    const text = "duration: 1m\nmanifests: [app.yaml, gone.yaml]\n";
    expect(problemsOf(text, { "app.yaml": deployment() })).toBe(
      "app.yaml:2:23 manifests: gone.yaml cannot be read: there is no such file",
    );
  });

  test("a List is as good as its items, and says where they stand", () => {
    const list = "apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Namespace, metadata: { name: a } }\n";
    expect(readManifests(list, { file: "list.yaml" }).objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "Namespace a",
    ]);
    expect(() => readManifests(list.replace("name: a", "name: 7"), { file: "list.yaml" })).toThrow(
      "list.yaml:4:5 document 1: metadata.name: found 7",
    );
  });
});

describe("what is not simulated is told once for each kind and field", () => {
  const { warnings } = readText(
    webWith(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }",
      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: c }",
      deployment({
        container: "workingDir: /a\n          env: [{ name: A, value: b }]",
      }).replaceAll("web", "other"),
      deployment({ container: "workingDir: /b" }).replaceAll("web", "third"),
    ),
  );

  test.each([
    "app.yaml:24:1: the kinds ConfigMap (2), VirtualService are not simulated",
    "app.yaml:50:11 document 6, Deployment other, spec.template.spec.containers[0].workingDir: is not simulated, nor the 1 more of this kind and field: what the program does is the image's affair: its startup, service and errors",
    "app.yaml:51:11 document 6, Deployment other, spec.template.spec.containers[0].env: is not simulated: what the program does is the image's affair: its startup, service and errors",
  ])("%s", (line) => {
    expect(warnings).toContain(line);
  });

  test("of one kind only, its first object is named", () => {
    const config = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }`;
    expect(readText(webWith(config("a"), config("b"))).warnings).toContain(
      "app.yaml:24:1 document 3, ConfigMap a: the kind ConfigMap is not simulated, nor 1 more object of that kind",
    );
  });

  test("a probe of the container that answers is simulated, and one of an init container is not", () => {
    const pod =
      "initContainers: [{ name: i, image: i, restartPolicy: Always, startupProbe: { tcpSocket: { port: 80 } } }]";
    const text = deployment({ pod, container: "livenessProbe: { httpGet: { port: 80 }, timeoutSeconds: 2 }" });
    const said = readText(text).warnings.filter((line) => line.includes("Probe"));
    expect(said).toEqual([
      expect.stringContaining("initContainers[0].startupProbe: is not simulated: only the container that answers"),
    ]);
  });

  test.each([
    { field: "sessionAffinity: ClientIP", usual: "sessionAffinity: None" },
    { field: "publishNotReadyAddresses: true", usual: "publishNotReadyAddresses: false" },
    { field: "externalTrafficPolicy: Local, type: NodePort", usual: "externalTrafficPolicy: Cluster, type: NodePort" },
    { field: "internalTrafficPolicy: Local", usual: "internalTrafficPolicy: Cluster" },
  ])("$field of a Service is, and its usual value is not", ({ field, usual }) => {
    const told = (spec: string) =>
      readText([deployment(), service(`{ app: web }, ${spec}`)].join("---\n")).warnings.filter((line) =>
        line.includes("is not simulated"),
      );
    const name = field.slice(0, field.indexOf(":"));
    expect(told(field)).toEqual([
      expect.stringMatching(`^app\\.yaml:20:33 document 2, Service web, spec\\.${name}: is not simulated: .+`),
    ]);
    expect(told(usual)).toEqual([]);
  });

  test("a preStop that asks over http is: nobody knows how long it takes", () => {
    const text = deployment({ container: "lifecycle: { preStop: { httpGet: { path: /bye, port: 80 } } }" });
    expect(readText(text).warnings).toContain(
      "app.yaml:15:24 document 1, Deployment web, spec.template.spec.containers[0].lifecycle.preStop: is not simulated, since only a sleep tells how long it takes: it takes no time here",
    );
  });

  test("labels and annotations are no field to warn of", () => {
    const text = deployment().replace("{ name: web }", "{ name: web, annotations: { a: b }, labels: { c: d } }");
    expect(readText(text).warnings.filter((line) => line.includes("is not simulated"))).toEqual([]);
  });
});
