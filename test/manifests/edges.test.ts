/** Zeros, nulls, empty values, and fields that act in part. */
import { describe, expect, test } from "vitest";
import { readSchedule } from "../../src/manifests/scheduleInput.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { deployment, readText, service, webWith } from "./manifestSets.ts";

const SECOND = 1_000_000;

function webOf(text: string) {
  const found = readText(text).scenario.services.find(({ name }) => name === "web");
  if (found === undefined) throw new Error("there is no service called web");
  return found;
}

/** The warnings that are about a field, not about what is assumed. */
const told = (text: string): readonly string[] =>
  readText(text).warnings.filter((line) => !line.includes("so it is assumed"));

describe("zero", () => {
  test("in a probe is Kubernetes' default, as if it were not there", () => {
    const zeros =
      "initialDelaySeconds: 0, periodSeconds: 0, timeoutSeconds: 0, failureThreshold: 0, successThreshold: 0";
    const probes = (figures: string) =>
      ["readinessProbe", "livenessProbe", "startupProbe"]
        .map((probe) => `${probe}: { httpGet: { port: 80 }, ${figures} }`)
        .join("\n          ");
    const zero = webOf(deployment({ container: probes(zeros) }));
    const usual = webOf(deployment({ container: probes("initialDelaySeconds: 0") }));
    expect(zero.readiness).toEqual(usual.readiness);
    expect(zero.liveness).toEqual(usual.liveness);
    expect(zero.startupProbe).toEqual(usual.startupProbe);
    expect(zero.readiness).toMatchObject({ period: 10 * SECOND, failures: 3, successes: 1 });
  });

  test("replicas are none, and get no requests", () => {
    const { scenario } = readText(webWith().replace("replicas: 2", "replicas: 0"));
    expect(scenario.services[0]).toMatchObject({ replicas: 0, traffic: { arrivals: { kind: "none" } } });
    expect(simulate(scenario).summary.services.web?.containers.restarts).toBe(0);
  });

  test("a revision limit leaves nothing to go back to, and ten leave the last one", () => {
    const outcomes = (limit: number) => {
      const files = { "app.yaml": deployment({ spec: `revisionHistoryLimit: ${limit}` }) };
      const text = `duration: 10m
manifests: [app.yaml]
images: { "web:v2": {} }
timeline: [{ at: 1m, deploy: { service: web, image: "web:v2" } }, { at: 5m, rollback: web }]
`;
      const { rollouts } = simulate(readText(text, files).scenario).summary.services.web ?? {};
      return rollouts?.map(({ reason, outcome }) => `${reason} ${outcome}`);
    };
    expect(outcomes(10)).toEqual(["deploy completed", "rollback completed"]);
    expect(outcomes(0)).toEqual(["deploy completed"]);
  });
});

describe("nothing", () => {
  test.each(["strategy: {}", "strategy: null", "strategy: { rollingUpdate: {} }", "strategy: { type: RollingUpdate }"])(
    "%s is a rolling update by Kubernetes' figures",
    (spec) => {
      expect(webOf(deployment({ spec })).strategy).toEqual({ name: "rolling", settings: {} });
    },
  );

  test("null is as good as none, and is not warned about", () => {
    const pod = "affinity: null\n      tolerations: null\n      volumes: null\n      securityContext: {}";
    const text = deployment({ pod, container: "resources: null\n          env: []\n          readinessProbe: null" });
    const nulled = text.replace("replicas: 2", "replicas: null");
    expect(webOf(nulled)).toMatchObject({ replicas: 1, readiness: { absent: true } });
    expect(told(nulled)).toEqual([]);
  });
});

describe("a field that no type has", () => {
  test("is warned about with the name that was meant", () => {
    expect(told(deployment({ container: "readynessProbe: { periodSeconds: 5 }" }))).toEqual([
      'app.yaml:15:11 document 1, Deployment web, spec.template.spec.containers[0].readynessProbe: is no field that Kubernetes has here (did you mean "readinessProbe"?): it has no effect',
    ]);
  });

  test("is warned about where replicas stand in a DaemonSet", () => {
    expect(told(deployment().replace("Deployment", "DaemonSet"))).toEqual([
      "app.yaml:5:3 document 1, DaemonSet web, spec.replicas: is no field that Kubernetes has here: it has no effect",
    ]);
  });
});

describe("what acts in part says so", () => {
  test.each([
    {
      what: "limits",
      container: "resources: { limits: { cpu: 1 } }",
      says: "limits: counts as a request where none is given",
    },
    {
      what: "postStart",
      container: "lifecycle: { postStart: { sleep: { seconds: 5 } } }",
      says: "postStart: is not simulated",
    },
    {
      what: "init containers",
      pod: "initContainers: [{ name: i, image: i:v1 }]",
      says: "initContainers: counts with its resources only",
    },
    {
      what: "readiness gates",
      pod: "readinessGates: [{ conditionType: a }]",
      says: "readinessGates: is not simulated",
    },
    { what: "a runtime class", pod: "runtimeClassName: kata", says: "runtimeClassName: is not simulated" },
    {
      what: "scheduling gates",
      pod: "schedulingGates: [{ name: a/b }]",
      says: "schedulingGates: keeps its pods Pending",
    },
  ])("$what", ({ says, ...part }) => {
    expect(told(deployment(part))).toEqual([expect.stringContaining(says)]);
  });

  test("a deadline of a Pod", () => {
    const text =
      "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { activeDeadlineSeconds: 60, containers: [{ name: main, image: a:v1 }] }";
    expect(told(text)).toEqual([expect.stringContaining("activeDeadlineSeconds: is not simulated")]);
  });

  test.each([
    { spec: "clusterIP: None", says: "clusterIP: is not simulated: a headless Service leaves the choice" },
    { spec: "trafficDistribution: PreferClose", says: "trafficDistribution: is not simulated" },
  ])("a Service with $spec", ({ spec, says }) => {
    const text = [deployment(), service(`{ app: web }, ${spec}`)].join("---\n");
    expect(told(text)).toEqual([expect.stringContaining(says)]);
    expect(webOf(text).traffic.arrivals.kind).toBe("poisson");
  });

  test("a Service with an address of its own says nothing", () => {
    expect(told([deployment(), service("{ app: web }, clusterIP: 10.0.0.1, type: NodePort")].join("---\n"))).toEqual(
      [],
    );
  });

  test("an ExternalName has no pods, whatever it selects", () => {
    const text = [deployment(), service("{ app: web }, type: ExternalName, externalName: a.example.com")].join("---\n");
    expect(told(text)).toEqual([expect.stringContaining("type: has no pods of its own here")]);
    expect(webOf(text).traffic.arrivals.kind).toBe("none");
  });

  test("gated pods stay Pending, as in a cluster", () => {
    const { summary } = simulate(
      readText(webWith().replace("spec:\n      \n", "spec:\n      schedulingGates: [{ name: a/b }]\n")).scenario,
    );
    expect(summary.services.web?.availability).toMatchObject({ requests: 0, time: 0 });
  });

  test("namespaceSelectors and labels of namespaces act where pods are placed, and are warned about where time passes", () => {
    const term = "{ topologyKey: rack, namespaceSelector: { matchLabels: { a: b } }, labelSelector: {} }";
    const pod = `affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [${term}] } }`;
    const text = `${deployment({ pod })}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: n, labels: { a: b } }\n`;
    const about = (lines: readonly string[]) => lines.filter((line) => /amespaceSelector|labels/.test(line));
    expect(about(readText(text).warnings.filter((line) => !line.includes("assumed")))).toHaveLength(2);
    expect(
      about(readSchedule([{ file: "app.yaml", text }], {}).warnings.filter((line) => !line.includes("assumed"))),
    ).toEqual([]);
  });
});

describe("a pod's own limits", () => {
  test("are its requests, unless a container asks", () => {
    const memoryOf = (container: string) =>
      webOf(deployment({ pod: "resources: { limits: { memory: 2Gi } }", container })).memoryBytes;
    expect(memoryOf("")).toBe(2 * 2 ** 30);
    expect(memoryOf("resources: { requests: { memory: 1Gi } }")).toBe(2 ** 30);
  });
});

describe("a Rollout", () => {
  const rollout = (strategy: string) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: main, image: web:v1 }] } }
  strategy: ${strategy}
---
${service()}---
${service().replace("name: web", "name: other")}`;
  const tested = (strategy: string) => `${rollout(strategy)}---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: t }
spec: { metrics: [{ name: t }] }
`;

  test("begins a background analysis at the right step where others are passed over", () => {
    const routing = "{ istio: { virtualService: { name: web } }, managedRoutes: [{ name: m }] }";
    const router = `stableService: web, canaryService: other, trafficRouting: ${routing}`;
    const steps = "[{ setWeight: 5 }, { setMirrorRoute: { name: m } }, { setWeight: 10 }, { setWeight: 50 }]";
    const analysis = "analysis: { startingStep: 3, templates: [{ templateName: t }] }";
    const text = tested(`{ canary: { ${router}, steps: ${steps}, ${analysis} } }`);
    expect(webOf(text).strategy.settings).toMatchObject({
      steps: [{ setWeight: 5 }, { setWeight: 10 }, { setWeight: 50 }],
      analysis: { startingStep: 2, metrics: [{ name: "t" }] },
    });
    expect(told(text).join("\n")).toContain(
      "setMirrorRoute: is not simulated: passed over, which takes no time in Argo either",
    );
  });

  test("goes on with what else stands in a step that is passed over", () => {
    const routing = "{ istio: { virtualService: { name: web } }, managedRoutes: [{ name: m }] }";
    const router = `stableService: web, canaryService: other, trafficRouting: ${routing}`;
    const route = "setHeaderRoute: { name: m }";
    const steps = [
      `{ ${route} }`,
      `{ setWeight: 5, ${route} }`,
      "{ experiment: { templates: [] } }",
      "{ experiment: { templates: [] }, setCanaryScale: { replicas: 2 } }",
      "{ experiment: { templates: [], duration: 90 } }",
      `{ pause: { duration: 1m }, ${route} }`,
      `{ analysis: { templates: [{ templateName: t }] }, ${route} }`,
      "{ setMirrorRoute: { name: m }, setCanaryScale: { matchTrafficWeight: true } }",
      "{ plugin: { name: a/b } }",
    ].join(", ");
    expect(webOf(tested(`{ canary: { ${router}, steps: [${steps}] } }`)).strategy.settings.steps).toEqual([
      { setWeight: 5 },
      { setCanaryScale: { replicas: 2 } },
      { pause: { duration: "90s" } },
      { pause: { duration: "1m" } },
      { analysis: { metrics: [{ name: "t" }] } },
      { setCanaryScale: { matchTrafficWeight: true } },
    ]);
  });

  test("warns of a rollback that Argo's blueGreen may never finish, and of a date to restart at", () => {
    const window = "  rollbackWindow: { revisions: 1 }\n  strategy:";
    const blueGreen = (rest: string) =>
      rollout(`{ blueGreen: { activeService: web, ${rest} } }`).replace("  strategy:", window);
    expect(told(blueGreen("autoPromotionEnabled: false")).join("\n")).toContain(
      "Rollout web, spec.rollbackWindow: a rollback within it switches as soon as it is ready",
    );
    expect(told(blueGreen("")).join("\n")).not.toContain("rollbackWindow");
    expect(webOf(blueGreen("")).strategy.settings).toMatchObject({ rollbackWindow: 1 });
    const restarted = rollout("{ canary: {} }").replace(
      "  strategy:",
      "  restartAt: 2024-05-01T10:00:00Z\n  strategy:",
    );
    expect(told(restarted).join("\n")).toContain(
      "spec.restartAt: is not simulated: a date says nothing here: time begins at 0s",
    );
  });

  test("keeps what it gave up with a delay of 0, and starts no preview with a count of 0", () => {
    const text = rollout(
      "{ blueGreen: { activeService: web, abortScaleDownDelaySeconds: 0, previewReplicaCount: 0 } }",
    );
    expect(webOf(text).strategy.settings).toMatchObject({ abortScaleDownDelay: "keep", previewReplicas: 0 });
  });

  test("finds templates by their scope", () => {
    const template = (kind: string, metric: string) =>
      `---\napiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: { name: t }\nspec: { metrics: [{ name: ${metric} }] }\n`;
    const both = `${template("AnalysisTemplate", "own")}${template("ClusterAnalysisTemplate", "whole")}`;
    const metric = (scope: string) => {
      const step = `{ analysis: { templates: [{ templateName: t${scope} }] } }`;
      return webOf(`${rollout(`{ canary: { steps: [${step}] } }`)}${both}`).strategy.settings.steps;
    };
    expect(metric("")).toEqual([{ analysis: { metrics: [{ name: "own" }] } }]);
    expect(metric(", clusterScope: true")).toEqual([{ analysis: { metrics: [{ name: "whole" }] } }]);
  });

  test("gives the traffic back by itself where the analysis after the switch finds errors", () => {
    const post = "postPromotionAnalysis: { templates: [{ templateName: t }] }";
    const template = `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: t }
spec: { metrics: [{ name: errors, interval: 10s, count: 3 }] }
`;
    const files = { "app.yaml": `${rollout(`{ blueGreen: { activeService: web, ${post} } }`)}${template}` };
    const outcome = (errors: string) => {
      const text = `duration: 5m
manifests: [app.yaml]
images: { "web:v2": { errors: ${errors} } }
services: { web: { traffic: { arrivals: poisson(50/s) } } }
timeline: [{ at: 1m, deploy: { service: web, image: "web:v2" } }]
`;
      return simulate(readText(text, files).scenario).summary.services.web?.rollouts.map((row) => row.outcome);
    };
    expect(outcome("0%")).toEqual(["completed"]);
    expect(outcome("30%")).toEqual(["rolled-back"]);
  });
});
