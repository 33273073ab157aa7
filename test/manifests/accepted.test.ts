/** What the API server or Argo's controller takes must not be refused here. */
import { expect, test } from "vitest";
import { problemsOf, readText } from "./manifestSets.ts";

const rollout = (trafficRouting: string) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: main, image: shop:v1 }] }
  strategy: { canary: { trafficRouting: ${trafficRouting} } }
`;

// Argo Rollouts, pkg/apis/rollouts/validation/validation.go, requireCanaryStableServices.
test.each(["{ plugins: { some/router: {} } }", "{ istio: { destinationRule: { name: shop } } }"])(
  "a router that tells the releases apart by itself needs no Services: %s",
  (router) => {
    expect(problemsOf(rollout(router))).not.toContain("expected both beside a router");
  },
);

test.each(["{ appMesh: {} }", "{ nginx: { stableIngress: a } }", "{ istio: { virtualService: { name: shop } } }"])(
  "a router that tells the releases apart by their Services needs them: %s",
  (router) => {
    expect(problemsOf(rollout(router))).toContain("expected both beside a router");
  },
);

// Argo Rollouts, validation.go, hasMultipleStepsType, and weightutil.MaxTrafficWeight.
test("a step may say more about the router beside its weight or its pause, and weights are shares of maxTrafficWeight", () => {
  const router = `{ plugins: { some/router: {} }, maxTrafficWeight: 300, managedRoutes: [{ name: header }] }
      steps:
        - { setWeight: 100, setCanaryScale: { weight: 150 } }
        - { pause: { duration: 40s }, setCanaryScale: { replicas: 2 } }
        - { analysis: { templates: [] }, setCanaryScale: { matchTrafficWeight: true } }
        - { setWeight: 300, setHeaderRoute: { name: header } }`;
  const { scenario } = readText(rollout(router).replace(/\{ canary: \{ (.*) \} \}\n$/s, "\n    canary:\n      $1\n"));
  expect(scenario.services[0]?.strategy?.settings.steps).toEqual([
    { setWeight: 100 / 3, setCanaryScale: { weight: 50 } },
    { pause: { duration: "40s" }, setCanaryScale: { replicas: 2 } },
    { setCanaryScale: { matchTrafficWeight: true } },
    { setWeight: 100 },
  ]);
});

// Kubernetes, pkg/apis/apps/validation/validation.go: only a Deployment's deadline is compared with minReadySeconds.
test.each(["StatefulSet", "DaemonSet", "ReplicaSet"])("a %s may ask for more than 600 s of readiness", (kind) => {
  const text = `apiVersion: apps/v1
kind: ${kind}
metadata: { name: slow }
spec:
  minReadySeconds: 700
  selector: { matchLabels: { app: slow } }
  template: { metadata: { labels: { app: slow } }, spec: { containers: [{ name: main, image: slow:v1 }] } }
`;
  expect(problemsOf(text)).toBe("");
});
