import { describe, expect, test } from "vitest";
import { cpuUtilisation } from "../../src/cluster/autoscaleMetrics.ts";
import type { ServiceSpec } from "../../src/cluster/spec.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { deployment, problemsOf, readText, service, textOf, webWith } from "./manifestSets.ts";

const SECOND = 1_000_000;

function web(text: string, files: Readonly<Record<string, string>> = {}): ServiceSpec {
  const found = readText(text, files).scenario.services.find(({ name }) => name === "web");
  if (found === undefined) throw new Error("there is no service called web");
  return found;
}

/** Of the i-th of three probes that differ in every figure. */
function figures(i: number) {
  return {
    initialDelay: (15 + i) * SECOND,
    timeout: (2 + i) * SECOND,
    period: (5 + i) * SECOND,
    failures: 8 + i,
    throughQueue: false,
  };
}

describe("what a manifest says acts", () => {
  test.each([
    { what: "replicas", text: deployment(), part: { replicas: 2, image: "web:v1", workload: "Deployment" } },
    { what: "no replicas", text: deployment().replace("replicas: 2", ""), part: { replicas: 1 } },
    {
      what: "a readiness probe",
      text: deployment({
        container:
          "readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3, successThreshold: 2, failureThreshold: 5 }",
      }),
      part: { readiness: { period: 3 * SECOND, successes: 2, failures: 5, throughQueue: false } },
    },
    {
      what: "a readiness probe that leaves Kubernetes its defaults",
      text: deployment({ container: "readinessProbe: { httpGet: { port: 80 } }" }),
      part: { readiness: { period: 10 * SECOND, successes: 1, failures: 3, throughQueue: false } },
    },
    {
      what: "no readiness probe, of the container that answers",
      text: `${deployment()}        - { name: side, image: side:v1, readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 7 } }\n`,
      part: { readiness: { absent: true }, liveness: undefined, startupProbe: undefined },
    },
    ...(
      ["httpGet: { port: 80 }", "tcpSocket: { port: 80 }", "exec: { command: [a] }", "grpc: { port: 80 }"] as const
    ).map((handler) => ({
      what: `all figures of the three probes, with ${handler}`,
      text: deployment({
        container: ["readinessProbe", "livenessProbe", "startupProbe"]
          .map((probe, i) => {
            const vital = i === 0 ? "successThreshold: 4" : `successThreshold: 1, terminationGracePeriodSeconds: ${i}`;
            const delays = `initialDelaySeconds: ${15 + i}, timeoutSeconds: ${2 + i}`;
            return `${probe}: { ${handler}, ${delays}, periodSeconds: ${5 + i}, failureThreshold: ${8 + i}, ${vital} }`;
          })
          .join("\n          "),
      }),
      part: {
        readiness: { ...figures(0), successes: 4 },
        liveness: { ...figures(1), successes: 1, gracePeriod: SECOND },
        startupProbe: { ...figures(2), successes: 1, gracePeriod: 2 * SECOND },
      },
    })),
    {
      what: "a grace period below 0, which is one of a second",
      text: deployment({ pod: "terminationGracePeriodSeconds: -5" }),
      part: { shutdown: { gracePeriod: SECOND } },
    },
    {
      what: "a preStop that sleeps in a shell",
      text: deployment({ container: 'lifecycle: { preStop: { exec: { command: [sh, -c, "echo bye; sleep 7"] } } }' }),
      part: { shutdown: { preStop: 7 * SECOND, gracePeriod: 30 * SECOND } },
    },
    {
      what: "a preStop that is a sleep command, and a grace period",
      text: deployment({
        pod: "terminationGracePeriodSeconds: 60",
        container: 'lifecycle: { preStop: { exec: { command: [/bin/sleep, "5"] } } }',
      }),
      part: { shutdown: { preStop: 5 * SECOND, gracePeriod: 60 * SECOND } },
    },
    ...[
      { command: "while pgrep web; do sleep 1; done", seconds: 0 },
      { command: "sleep 5; until ! pgrep web; do sleep 1; done", seconds: 5 },
      { command: "echo for ever; sleep 6", seconds: 0 },
      { command: "sleep 6; echo waited", seconds: 6 },
    ].map(({ command, seconds }) => ({
      what: `a preStop that is a loop, or is not: ${command}`,
      text: deployment({ container: `lifecycle: { preStop: { exec: { command: [sh, -c, "${command}"] } } }` }),
      part: { shutdown: { preStop: seconds * SECOND, gracePeriod: 30 * SECOND } },
    })),
    {
      what: "a preStop of Kubernetes' own sleep",
      text: deployment({ container: "lifecycle: { preStop: { sleep: { seconds: 4 } } }" }),
      part: { shutdown: { preStop: 4 * SECOND, gracePeriod: 30 * SECOND } },
    },
    {
      what: "requests, where one is left out and a limit given",
      text: deployment({ container: "resources: { requests: { cpu: 250m }, limits: { cpu: 1, memory: 1Gi } }" }),
      part: { cpuMillicores: 250, memoryBytes: 2 ** 30 },
    },
    {
      what: "the larger of init containers and containers, and the overhead",
      text: deployment({
        pod: "initContainers: [{ name: i, image: i, resources: { requests: { cpu: 900m } } }]\n      overhead: { cpu: 50m }",
        container: "resources: { requests: { cpu: 250m } }",
      }),
      part: { cpuMillicores: 950 },
    },
    {
      what: "Recreate",
      text: deployment({ spec: "strategy: { type: Recreate }" }),
      part: { strategy: { name: "recreate", settings: {} } },
    },
    {
      what: "a rolling update",
      text: deployment({
        spec: "strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }\n  minReadySeconds: 5",
      }),
      part: { strategy: { name: "rolling", settings: { maxSurge: 1, maxUnavailable: 0, minReadySeconds: 5 } } },
    },
    { what: "a pause", text: deployment({ spec: "paused: true" }), part: { paused: true } },
    {
      what: "nodeSelector and tolerations",
      text: deployment({ pod: "nodeSelector: { disk: ssd }\n      tolerations: [{ key: db, operator: Exists }]" }),
      part: {
        nodeSelector: { disk: "ssd" },
        tolerations: [{ key: "db", operator: "Exists", value: undefined, effect: undefined }],
      },
    },
    {
      what: "tolerationSeconds",
      text: deployment({
        pod: "tolerations: [{ key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30 }]",
      }),
      part: { tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", evictAfter: 30 * SECOND }] },
    },
    {
      what: "required anti-affinity to its own kind",
      text: deployment({
        pod:
          "affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: " +
          "[{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }] } }",
      }),
      part: { spread: { over: "host", required: true } },
    },
    {
      what: "a priority class",
      text: `${deployment({ pod: "priorityClassName: high" })}---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: high }\nvalue: 7`,
      part: { priority: 7 },
    },
    {
      what: "a budget",
      text: webWith(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: b }\nspec: { minAvailable: 50%, selector: { matchLabels: { app: web } } }",
      ),
      part: {
        budget: {
          minAvailable: { kind: "percent", value: 50 },
          maxUnavailable: undefined,
          unhealthy: "IfHealthyBudget",
        },
      },
    },
    {
      what: "a budget without a limit, which lets no pod go",
      text: webWith(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: b }\nspec: { selector: { matchLabels: { app: web } } }",
      ),
      part: { budget: { minAvailable: undefined, maxUnavailable: { kind: "count", value: 0 } } },
    },
  ])("$what", ({ text, part }) => {
    expect(web(text)).toMatchObject(part);
  });

  test("a budget over two workloads, and two budgets over one, which no drain ever moves", () => {
    const budget = (name: string, selector: string) =>
      `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${name} }\nspec: { minAvailable: 3, selector: ${selector} }`;
    const either = "{ matchExpressions: [{ key: app, operator: In, values: [web, api] }] }";
    const both = [deployment(), deployment().replaceAll("web", "api"), budget("all", either)];
    const limits = {
      minAvailable: { kind: "count", value: 3 },
      maxUnavailable: undefined,
      unhealthy: "IfHealthyBudget",
    };
    const one = readText(both.join("\n---\n"));
    expect(one.scenario.budgets).toEqual([{ services: ["web", "api"], ...limits }]);
    expect(one.scenario.services.map(({ budget: own }) => own)).toEqual([undefined, undefined]);
    const two = readText([...both, budget("own", "{ matchLabels: { app: web } }")].join("\n---\n"));
    expect(two.scenario.services.map(({ budget: own }) => own)).toEqual([limits, undefined]);
    expect(two.scenario.budgets).toHaveLength(1);
    expect(two.warnings.join("\n")).toContain("selects the pods of web, as all does: the eviction API refuses");
  });

  test("an autoscaler with its behaviour, the rest of which is Kubernetes' own", () => {
    const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  minReplicas: 3
  maxReplicas: 9
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 60 } } }]
  behavior: { scaleDown: { stabilizationWindowSeconds: 60, policies: [{ type: Pods, value: 1, periodSeconds: 30 }] } }`;
    const { autoscale, replicas } = web(webWith(scaler));
    expect(replicas, "the number that the autoscaler has long seen to").toBe(3);
    expect(autoscale).toMatchObject({ min: 3, max: 9, metrics: [cpuUtilisation(60)] });
    const rules = { select: "Max", window: 60 * SECOND, policies: [{ type: "Pods", value: 1, period: 30 * SECOND }] };
    expect(autoscale?.behavior?.down).toEqual(rules);
    expect(autoscale?.behavior?.up).toMatchObject({ select: "Max", window: 0 });
  });

  test("a probe's patience says nothing of the image's start-up", () => {
    const text = deployment({ container: "readinessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 15 }" });
    expect(readText(text).scenario.images[0]?.startup).toEqual({ kind: "constant", value: 2 * SECOND });
  });

  test("a liveness probe restarts a slow starter for ever, unless a startup probe gives it the time", () => {
    const restarts = (startupProbe: string) => {
      const container = `livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5 }\n          ${startupProbe}`;
      const scenario = "duration: 10m\nmanifests: [app.yaml]\nimages: { 'web:v1': { startup: 60s } }\n";
      const cold = `${scenario}services: { web: { initially: cold } }\n`;
      const { summary } = simulate(readText(cold, { "app.yaml": deployment({ container }) }).scenario);
      return summary.services.web?.containers.restarts;
    };
    expect(restarts("")).toBeGreaterThan(8);
    expect(restarts("startupProbe: { httpGet: { port: 80 }, failureThreshold: 30 }")).toBe(0);
  });

  test("Nodes are the hosts, with their taints, zones and devices", () => {
    const node = `apiVersion: v1
kind: Node
metadata: { name: n1, labels: { topology.kubernetes.io/zone: z1, disk: ssd } }
spec: { unschedulable: true, taints: [{ key: db, value: a, effect: NoExecute }] }
status: { allocatable: { cpu: 3500m, memory: 7Gi, pods: "20", nvidia.com/gpu: 1 } }`;
    expect(readText(webWith(node)).scenario.cluster.hosts).toEqual([
      {
        name: "n1",
        zone: "z1",
        labels: { "topology.kubernetes.io/zone": "z1", disk: "ssd" },
        taints: [
          { key: "db", value: "a", effect: "NoExecute" },
          { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" },
        ],
        cpuMillicores: 3500,
        memoryBytes: 7 * 2 ** 30,
        podLimit: 20,
        bandwidthBytesPerSecond: 100 * 2 ** 20,
        allocatable: { "nvidia.com/gpu": "1" },
      },
    ]);
  });

  test("a StatefulSet and a DaemonSet are updated by their own controllers' rules", () => {
    const stateful = deployment({ spec: "serviceName: web\n  podManagementPolicy: Parallel" }).replace(
      "Deployment",
      "StatefulSet",
    );
    expect(web(stateful)).toMatchObject({
      workload: "StatefulSet",
      podManagement: "Parallel",
      strategy: { name: "stateful-set" },
    });
    const daemon = web(deployment().replace("Deployment", "DaemonSet").replace("replicas: 2", ""));
    expect(daemon).toMatchObject({ workload: "DaemonSet", replicas: 3, strategy: { name: "daemon-set" } });
  });

  test("Argo's blueGreen", () => {
    const { strategy } =
      readText(textOf("argo-rollouts")).scenario.services.find(({ name }) => name === "rollout-bluegreen") ?? {};
    expect(strategy).toEqual({
      name: "blue-green",
      settings: { autoPromotion: false, verification: "none", revisionHistoryLimit: 2 },
    });
  });

  test.each([
    { given: "autoPromotionEnabled: false", autoPromotion: false },
    { given: "autoPromotionSeconds: 10", autoPromotion: "10s" },
    { given: "autoPromotionEnabled: false\n      autoPromotionSeconds: 10", autoPromotion: false },
    { given: "autoPromotionEnabled: true", autoPromotion: true },
  ])("Argo's blueGreen with $given promotes: $autoPromotion", ({ given, autoPromotion }) => {
    const text = textOf("argo-rollouts").replace("autoPromotionEnabled: false", given);
    const found = readText(text).scenario.services.find(({ name }) => name === "rollout-bluegreen");
    expect(found?.strategy?.settings.autoPromotion).toBe(autoPromotion);
  });

  test("Argo's canary, step by step", () => {
    const { strategy } =
      readText(textOf("argo-rollouts")).scenario.services.find(({ name }) => name === "rollout-canary") ?? {};
    expect(strategy?.name).toBe("canary");
    expect(strategy?.settings.steps).toEqual([
      { setWeight: 20 },
      { pause: {} },
      { setWeight: 40 },
      { pause: { duration: "40s" } },
      { setWeight: 60 },
      { pause: { duration: "20s" } },
      { setWeight: 80 },
      { pause: { duration: "20s" } },
    ]);
  });

  test("two workloads of one name get names of their own, and it is said", () => {
    const other = deployment().replace("name: web }", "name: web, namespace: b }");
    const { scenario, warnings } = readText(`${deployment()}---\n${other}`);
    expect(scenario.services.map(({ name }) => name)).toEqual(["web", "b.web"]);
    expect(warnings.join("\n")).toContain("is called b.web here: another workload has this name");
  });
});

describe("bare manifests", () => {
  const { scenario, warnings } = readText(webWith());

  test("get hosts, requests for what a Service selects, and a release at two minutes", () => {
    expect(scenario.cluster.hosts).toHaveLength(3);
    expect(scenario.services[0]?.traffic.arrivals).toEqual({ kind: "poisson", perSecond: 160 });
    expect(scenario.timeline).toMatchObject([{ at: 120 * SECOND, action: { kind: "deploy", image: "web:v1-next" } }]);
  });

  test.each(["cluster.hosts", "services", "images", "duration", "traffic", "timeline"])(
    "say that %s is assumed",
    (path) => {
      expect(warnings.filter((line) => line.startsWith(`app.yaml ${path}: nothing says this`))).toHaveLength(1);
    },
  );

  test("without a Service have no requests", () => {
    expect(web(deployment()).traffic.arrivals).toEqual({ kind: "none" });
  });

  const AFFINITY = `affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - { key: disk, operator: In, values: [ssd, nvme] }
                  - { key: worker, operator: Exists }
                  - { key: generation, operator: Gt, values: ["4"] }
                  - { key: size, operator: Lt, values: ["9"] }
                  - { key: spot, operator: DoesNotExist }`;

  test("get hosts with the labels that a required node affinity asks for", () => {
    const { hosts } = readText(deployment({ pod: AFFINITY })).scenario.cluster;
    expect(hosts).toHaveLength(3);
    expect(hosts[0]?.labels).toMatchObject({ disk: "ssd", worker: "", generation: "5", size: "8" });
    expect(hosts[0]?.labels).not.toHaveProperty("spot");
  });

  const twoOf = (pods: readonly string[]) =>
    pods.map((pod, i) => deployment({ pod }).replace("name: web", `name: web${i}`)).join("---\n");

  test("get a group of hosts for each label that no host can have beside another", () => {
    const text = twoOf(["nodeSelector: { arch: x }", "nodeSelector: { arch: y }", "nodeSelector: { arch: x, gpu: a }"]);
    const { scenario, warnings: said } = readText(text);
    expect(scenario.cluster.hosts.map(({ name, labels }) => [name, labels.arch, labels.gpu])).toEqual([
      ...["host-1", "host-2", "host-3"].map((name) => [name, "x", "a"]),
      ...["pool2-1", "pool2-2", "pool2-3"].map((name) => [name, "y", undefined]),
    ]);
    const one = "3 hosts of 4 cores and 16Gi in the zones a, b and c";
    expect(said.join()).toContain(`${one} and ${one}, with the labels that pods ask for`);
  });

  test("tell of many groups of hosts in few words", () => {
    const text = twoOf(["a", "b", "c", "d", "e"].map((arch) => `nodeSelector: { arch: ${arch} }`));
    expect(readText(text).warnings.join()).toContain("b and c and 2 more groups, with the labels");
  });

  test("get hosts in the zone that pods ask for", () => {
    const text = deployment({ pod: "nodeSelector: { topology.kubernetes.io/zone: z1 }" });
    const { scenario, warnings: said } = readText(text);
    expect(scenario.cluster.hosts.map(({ zone }) => zone)).toEqual(["z1", "z1", "z1"]);
    expect(said.join()).toContain("16Gi in the zone z1, with");
  });

  const term = "{ labelSelector: { matchLabels: { app: web } }, topologyKey: rack }";
  const spread = "maxSkew: 1, topologyKey: rack, labelSelector: { matchLabels: { app: web } }";
  test.each([
    [`topologySpreadConstraints: [{ ${spread}, whenUnsatisfiable: DoNotSchedule }]`, true],
    [`topologySpreadConstraints: [{ ${spread}, whenUnsatisfiable: ScheduleAnyway }]`, false],
    [`affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [${term}] } }`, true],
    [`affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [${term}] } }`, false],
  ])("get hosts in a domain without which there would be no place: %s", (pod, isAsked) => {
    const { scenario } = readText(`${deployment({ pod })}---\n${service()}`);
    expect(scenario.cluster.hosts[0]?.labels.rack).toBe(isAsked ? "a" : undefined);
    expect(simulate(scenario).summary.services.web?.downtime.totalS).toBe(0);
  });

  test("get one host for pods that ask for it by name", () => {
    const text = twoOf(["nodeSelector: { kubernetes.io/hostname: n7 }", "terminationGracePeriodSeconds: 1"]);
    const { hosts } = readText(text).scenario.cluster;
    expect(hosts.map(({ labels }) => labels["kubernetes.io/hostname"])).toEqual(["n7", ...Array(3).fill(undefined)]);
  });

  test("take any word for an image, and say that no host could pull it", () => {
    const { scenario: read, warnings: said } = readText(deployment().replace("web:v1", '"<IMAGE> {{ tag }}"'));
    expect(read.services[0]?.image).toBe("<IMAGE> {{ tag }}");
    expect(said.join("\n")).toContain("containers[0].image: is no name that a host could pull an image by");
  });

  test("say that a loop of a preStop takes no time", () => {
    const lifecycle = 'lifecycle: { preStop: { exec: { command: [sh, -c, "sleep 5; while a; do sleep 1; done"] } } }';
    expect(readText(deployment({ container: lifecycle })).warnings.join("\n")).toContain(
      "preStop: takes 5s here, as long as its sleep",
    );
  });

  test("place a pod that is larger than the usual host on larger ones", () => {
    const { hosts } = readText(deployment({ container: "resources: { requests: { cpu: 10 } }" })).scenario.cluster;
    expect(hosts[0]?.cpuMillicores).toBe(32_000);
  });
});

describe("a scenario with manifests", () => {
  const FILES = { "app.yaml": deployment(), "service.yaml": service() };
  const SCENARIO = `duration: 1m
manifests: [app.yaml, service.yaml]
cluster: { hosts: [{ count: 2, cpu: 4, memory: 8Gi }] }
images: { "web:v1": { service: 5ms }, "web:v2": {} }
services:
  web: { slots: 9, shutdown: { preStop: 3s }, strategy: blue-green, traffic: { arrivals: constant(3/s) } }
timeline: [{ at: 10s, deploy: { service: web, image: "web:v2" } }]
`;

  test("is laid over them, setting by setting", () => {
    const { scenario } = readText(SCENARIO, FILES);
    expect(scenario.cluster.hosts.map(({ name }) => name)).toEqual(["host-1", "host-2"]);
    expect(scenario.images.map(({ name }) => name)).toEqual(["web:v1", "web:v2"]);
    expect(scenario.images[0]).toMatchObject({
      service: { kind: "constant", value: 5000 },
      startup: { kind: "constant", value: 2 * SECOND },
    });
    expect(scenario.services).toHaveLength(1);
    expect(scenario.services[0]).toMatchObject({
      replicas: 2,
      slots: 9,
      queue: 64,
      shutdown: { preStop: 3 * SECOND, gracePeriod: 30 * SECOND },
      strategy: { name: "blue-green", settings: {} },
      traffic: { arrivals: { kind: "constant", perSecond: 3 } },
    });
  });

  test("is laid over their probes figure by figure, and may take one away", () => {
    const container =
      "livenessProbe: { exec: { command: [a] }, periodSeconds: 5 }\n          startupProbe: { exec: { command: [a] }, periodSeconds: 6 }";
    const own =
      "services: { web: { liveness: { throughQueue: true }, startupProbe: none, readiness: { period: 3s } } }";
    const files = { "app.yaml": deployment({ container }) };
    const { scenario } = readText(`duration: 1m\nmanifests: [app.yaml]\n${own}\n`, files);
    expect(scenario.services[0]).toMatchObject({
      liveness: { period: 5 * SECOND, throughQueue: true },
      startupProbe: undefined,
      readiness: { period: 3 * SECOND, failures: 3 },
    });
    expect(scenario.services[0]?.readiness.absent).toBeUndefined();
  });

  test("assumes no requests and no release", () => {
    const { scenario } = readText("duration: 1m\nmanifests: [app.yaml, service.yaml]\n", FILES);
    expect(scenario.timeline).toEqual([]);
    expect(scenario.services[0]?.traffic.arrivals).toEqual({ kind: "none" });
  });

  test("tells a manifest's mistakes where they are, and its own where they are", () => {
    const files = { ...FILES, "app.yaml": deployment().replace("replicas: 2", "replicas: 2.5") };
    expect(problemsOf(SCENARIO, files)).toMatch(
      /^app\.yaml:5:13 document 1, Deployment web, spec\.replicas: found 2\.5/,
    );
    expect(problemsOf(SCENARIO.replace("slots: 9", "slots: 0"), FILES)).toMatch(
      /^app\.yaml:6:17 services\.web\.slots: found 0/,
    );
  });

  test("may add a service of its own", () => {
    const more = SCENARIO.replace("services:\n", 'services:\n  db: { image: "web:v2", cpu: 1, memory: 1Gi }\n');
    expect(readText(more, FILES).scenario.services.map(({ name }) => name)).toEqual(["web", "db"]);
  });

  test("hosts of both are hosts", () => {
    const node = "apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nstatus: { capacity: { cpu: 4, memory: 8Gi } }\n";
    const { hosts } = readText(SCENARIO, { ...FILES, "app.yaml": `${deployment()}---\n${node}` }).scenario.cluster;
    expect(hosts.map(({ name }) => name)).toEqual(["n1", "host-1", "host-2"]);
  });
});

describe("JSON", () => {
  const json = JSON.stringify({
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "web:v1" }] } },
    },
    kind: "Deployment",
    apiVersion: "apps/v1",
  });

  test("manifests are as good as YAML's, in any order of keys", () => {
    expect(web(json).image).toBe("web:v1");
    expect(web(`{"kind":"List","apiVersion":"v1","items":[${json}]}`).image).toBe("web:v1");
  });

  test.each(["---\n", "# made by hand\n", "--- # one\n# two\n\n"])("manifests may stand behind %j", (head) => {
    expect(web(`${head}${json}`).image).toBe("web:v1");
    expect(web(`${head}${json.replace("{", "{ # a comment\n")}`).image).toBe("web:v1");
  });

  test("scenarios stay scenarios, even where they speak of an apiVersion", () => {
    expect(problemsOf('{"duration":"1m","description":"\\"apiVersion\\": v1"}')).toMatch(
      /^app\.yaml:1:1 cluster: found nothing/,
    );
  });
});

test("Argo's analysis before promotion becomes smoke tests, and a warning says so", () => {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: main, image: web:v1 }] } }
  strategy: { blueGreen: { activeService: web, prePromotionAnalysis: { templates: [{ templateName: t }] } } }
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: t }
spec: { metrics: [{ name: t }] }
---
${service()}`;
  const { scenario, warnings } = readText(text);
  expect(scenario.services[0]?.strategy).toMatchObject({
    name: "blue-green",
    settings: { prePromotionAnalysis: { metrics: [{ name: "t" }] } },
  });
  expect(warnings.filter((line) => line.includes("20 synthetic requests"))).toHaveLength(1);
});

test("a DaemonSet has no container on a host that its required node affinity shuts out", () => {
  const nodes = ["amd64", "arm64", "arm64"].map(
    (arch, i) =>
      `apiVersion: v1\nkind: Node\nmetadata: { name: n${i}, labels: { arch: ${arch} } }\nstatus: { capacity: { cpu: 4, memory: 8Gi } }\n`,
  );
  const pod =
    "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: arch, operator: In, values: [arm64] }] }] } } }";
  const daemon = deployment({ pod }).replace("Deployment", "DaemonSet").replace("replicas: 2", "");
  const { scenario } = readText([...nodes, daemon].join("---\n"));
  expect([...(scenario.services[0]?.unfitHosts ?? [])]).toEqual(["n0"]);
  expect(simulate(scenario).summary.services.web?.containers.peak).toBe(2);
});
