/** Argo Rollouts, pkg/apis/rollouts/validation/validation.go: each of its rules beyond types, refused and just not. */
import { describe, expect, test } from "vitest";
import { problemsOf, readText, service } from "./manifestSets.ts";

const SERVICES = ["stable", "canary", "ping", "pong", "root"].map((name) =>
  service().replace("name: web", `name: ${name}`).replaceAll("app: web", "app: shop"),
);

const whole = (rest: string, selector = "selector: { matchLabels: { app: shop } }") =>
  [
    `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  ${selector}
  template: { metadata: { labels: { app: shop } }, spec: { containers: [{ name: main, image: shop:v1 }] } }
  ${rest}
`,
    ...SERVICES,
  ].join("---\n");

const canary = (rest: string) => whole(`strategy: { canary: { ${rest} } }`);
const blueGreen = (rest: string) => whole(`strategy: { blueGreen: { activeService: stable, ${rest} } }`);
const step = (text: string, router: string) =>
  canary(`stableService: stable, canaryService: canary, trafficRouting: { ${router} }, steps: [${text}]`);

const routed = (rest: string) =>
  canary(`stableService: stable, canaryService: canary, trafficRouting: { ${ISTIO} }, ${rest}`);

const MANAGED = "managedRoutes: [{ name: mine }]";
const ISTIO = `istio: { virtualService: { name: shop } }, ${MANAGED}`;
const ALB = `alb: { ingress: shop, servicePort: 80 }, ${MANAGED}`;
const NGINX = `nginx: { stableIngress: shop }, ${MANAGED}`;
const PING_PONG = "pingPong: { pingService: ping, pongService: pong }";
const ROOT = "alb: { ingress: shop, servicePort: 80, rootService: root }";
const AFTER = "DuringSchedulingIgnoredDuringExecution";

const header = (match: string) =>
  `{ setHeaderRoute: { name: mine, match: [{ headerName: h, headerValue: ${match} }] } }`;
const mirror = (match: string) => `{ setMirrorRoute: { name: mine, percentage: 5, match: [${match}] } }`;
const experiment = (rest: string) =>
  `{ experiment: { duration: 1m, templates: [{ name: a, specRef: stable, ${rest} }] } }`;
const argument = (path: string) =>
  `{ analysis: { templates: [], args: [{ name: a, valueFrom: { fieldRef: { fieldPath: "${path}" } } }] } }`;

test("an amount in quotes is a percentage, as Argo reads it", () => {
  const { warnings } = readText(canary('maxSurge: "50", maxUnavailable: 200%'));
  expect(warnings.filter((line) => line.includes("strategy"))).toEqual([
    expect.stringContaining("spec.strategy.canary.maxSurge: is read as 50%, as in Argo"),
  ]);
});

describe("a Rollout is refused with", () => {
  test.each([
    ["no selector", whole("strategy: { canary: {} }", ""), "spec.selector: found nothing, expected labels"],
    ["an empty selector", whole("strategy: { canary: {} }", "selector: {}"), "spec.selector: found an empty one"],
    [
      "an amount that Argo reads as none",
      canary("maxSurge: 12.5%"),
      'spec.strategy.canary.maxSurge: found "12.5%", expected a whole number, or a whole percentage',
    ],
    [
      "a delay without a router",
      canary("scaleDownDelaySeconds: 30"),
      "app.yaml:7:48 document 1, Rollout shop, spec.strategy.canary.scaleDownDelaySeconds: found it without a router",
    ],
    [
      "a stable release that shrinks without a router",
      canary("dynamicStableScale: true"),
      "spec.strategy.canary.dynamicStableScale: found it without a router",
    ],
    [
      "a stable release that both shrinks and stays",
      routed("dynamicStableScale: true, scaleDownDelaySeconds: 30"),
      "spec.strategy.canary.dynamicStableScale: found it beside scaleDownDelaySeconds, expected only one of them",
    ],
    [
      "more revisions kept up than remembered",
      blueGreen("scaleDownDelayRevisionLimit: 11"),
      "spec.strategy.blueGreen.scaleDownDelayRevisionLimit: found 11, expected at most the revisionHistoryLimit of 10",
    ],
    [
      "antiAffinity of neither kind",
      canary("antiAffinity: {}"),
      `spec.strategy.canary.antiAffinity: found neither, expected exactly one of preferred${AFTER}`,
    ],
    [
      "antiAffinity of both kinds",
      blueGreen(`antiAffinity: { preferred${AFTER}: { weight: 1 }, required${AFTER}: {} }`),
      "spec.strategy.blueGreen.antiAffinity: found both, expected exactly one",
    ],
    [
      "antiAffinity of too much weight",
      canary(`antiAffinity: { preferred${AFTER}: { weight: 101 } }`),
      `antiAffinity.preferred${AFTER}.weight: found 101, expected a whole number from 1 to 100`,
    ],
    [
      "ping-pong behind a router that cannot",
      canary(`${PING_PONG}, stableService: stable, canaryService: canary, trafficRouting: { ${NGINX} }`),
      "spec.strategy.canary.pingPong: found it without the router alb",
    ],
    [
      "ping-pong of one Service",
      canary(`pingPong: { pingService: ping, pongService: ping }, trafficRouting: { ${ROOT} }`),
      'spec.strategy.canary.pingPong.pongService: found "ping", expected another Service than the pingService',
    ],
    [
      "ping without pong",
      canary(`pingPong: { pingService: ping }, trafficRouting: { ${ROOT} }`),
      "spec.strategy.canary.pingPong.pongService: found nothing, expected the name of a Service",
    ],
    [
      "ping-pong with a Service that is not there",
      canary(`pingPong: { pingService: ping, pongService: pogn }, trafficRouting: { ${ROOT} }`),
      'spec.strategy.canary.pingPong.pongService: found "pogn", expected the name of a Service in these manifests (did you mean "pong"?)',
    ],
    [
      "ping-pong without a root",
      canary(`${PING_PONG}, trafficRouting: { ${ALB} }`),
      "spec.strategy.canary.trafficRouting.alb.rootService: found nothing, expected the name of a Service beside pingPong",
    ],
    [
      "a router of no Ingress",
      step("", "nginx: {}"),
      "trafficRouting.nginx: found neither, expected exactly one of stableIngress and",
    ],
    [
      "a router of one Ingress and several",
      step("", "alb: { ingress: shop, ingresses: [shop, more], servicePort: 80 }"),
      "trafficRouting.alb: found both, expected exactly one of ingress and ingresses",
    ],
    [
      "a header route without a router",
      canary("steps: [{ setHeaderRoute: { name: mine } }]"),
      "steps[0].setHeaderRoute: found it without a router, expected trafficRouting of istio, alb, apisix, plugins",
    ],
    [
      "a header route of a router that has none",
      step(header("{ exact: a }"), NGINX),
      "steps[0].setHeaderRoute: found it beside another router, expected trafficRouting of istio",
    ],
    [
      "a mirror of a router that has none",
      step(mirror("{}"), ALB),
      "steps[0].setMirrorRoute: found it beside another router, expected trafficRouting of istio beside",
    ],
    [
      "a route that nobody manages",
      step(header("{ exact: a }"), "istio: { virtualService: { name: shop } }"),
      'steps[0].setHeaderRoute.name: found "mine", expected the name of one of trafficRouting.managedRoutes, and there is none',
    ],
    [
      "a route of another name",
      step(mirror("{}").replace("mine", "yours"), ISTIO),
      'steps[0].setMirrorRoute.name: found "yours", expected the name of one of trafficRouting.managedRoutes',
    ],
    [
      "two values for a header",
      step(header("{ exact: a, prefix: b }"), ISTIO),
      "steps[0].setHeaderRoute.match[0].headerValue: found exact and prefix, expected exactly one of exact, regex, prefix",
    ],
    [
      "no value for a header",
      step(header('{ exact: "" }'), ISTIO),
      "steps[0].setHeaderRoute.match[0].headerValue: found nothing, expected exactly one",
    ],
    [
      "a header by its prefix behind alb",
      step(header("{ prefix: a }"), ALB),
      "steps[0].setHeaderRoute.match[0].headerValue: found another match, expected exact alone",
    ],
    [
      "a mirror of no path",
      step(mirror("{ path: {} }"), ISTIO),
      "steps[0].setMirrorRoute.match[0].path: found nothing, expected exactly one of exact, regex, prefix",
    ],
    [
      "an experiment with a share of no router",
      canary(`steps: [${experiment("weight: 5")}]`),
      "steps[0].experiment.templates[0].weight: found 5, expected no weight but with trafficRouting of alb, smi, istio",
    ],
    [
      "an experiment with a share of a router that has none",
      step(experiment("weight: 5"), NGINX),
      "steps[0].experiment.templates[0].weight: found 5, expected no weight",
    ],
    [
      "an argument from metadata that is not told",
      canary(`steps: [${argument("metadata.owner")}]`),
      'steps[0].analysis.args[0].valueFrom.fieldRef.fieldPath: found "metadata.owner", expected metadata.name',
    ],
  ])("%s", (_, text, says) => {
    expect(problemsOf(text)).toContain(says);
  });
});

describe("a Rollout is taken with", () => {
  test.each([
    ["a delay behind a router", routed("scaleDownDelaySeconds: 30")],
    ["a stable release that shrinks", routed("dynamicStableScale: true")],
    ["dynamicStableScale: false beside a delay", routed("dynamicStableScale: false, scaleDownDelaySeconds: 9")],
    ["dynamicStableScale: false without a router", canary("dynamicStableScale: false")],
    ["as many revisions kept up as remembered", blueGreen("scaleDownDelayRevisionLimit: 10")],
    ["a canary's revision limit, which nobody checks", canary("scaleDownDelayRevisionLimit: 20")],
    ["antiAffinity that is required", canary(`antiAffinity: { required${AFTER}: {} }`)],
    ["antiAffinity of some weight", blueGreen(`antiAffinity: { preferred${AFTER}: { weight: 100 } }`)],
    ["a router of several Ingresses", step("", "nginx: { stableIngresses: [shop, more] }")],
    ["ping-pong behind alb", canary(`${PING_PONG}, trafficRouting: { ${ROOT} }`)],
    ["ping-pong behind istio", canary(`${PING_PONG}, trafficRouting: { ${ISTIO} }`)],
    ["ping-pong without a router", canary(PING_PONG)],
    ["a header by its prefix behind istio", step(header("{ prefix: a }"), ISTIO)],
    ["a header by its value behind alb", step(header("{ exact: a }"), ALB)],
    ["a header route without a match", step("{ setHeaderRoute: { name: mine } }", `plugins: { a/b: {} }, ${MANAGED}`)],
    ["a mirror by a path, whatever its headers", step(mirror("{ path: { prefix: / }, headers: { h: {} } }"), ISTIO)],
    ["an experiment without a share", canary(`steps: [${experiment("")}]`)],
    ["an experiment with a share of istio", step(experiment("weight: 5"), ISTIO)],
    ["an argument from a label", canary(`steps: [${argument("metadata.labels['app']")}]`)],
    ["an argument from what is no metadata", canary(`steps: [${argument("status.phase")}]`)],
    ["more pods to a ReplicaSet than there are replicas", routed("minPodsPerReplicaSet: 9")],
  ])("%s", (_, text) => {
    expect(problemsOf(text)).toBe("");
  });
});
