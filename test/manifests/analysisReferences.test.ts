/** Argo Rollouts, validation_references.go and utils/analysis: what makes a Rollout invalid for its analyses, and what just does not. */
import { describe, expect, test } from "vitest";
import { problemsOf, readText, service } from "./manifestSets.ts";

const rollout = (strategy: string, name = "web") => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main, image: web:v1 }] } }
  strategy: ${strategy}
`;

const template = (name: string, spec: string, kind = "AnalysisTemplate") => `apiVersion: argoproj.io/v1alpha1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`;

const metric = (rest = "", name = "m") => `{ metrics: [{ name: ${name}, ${rest} }] }`;
const all = (...documents: readonly string[]) => [...documents, service()].join("---\n");
const named = (...names: readonly string[]) =>
  `templates: [${names.map((name) => `{ templateName: ${name} }`).join(", ")}]`;
const step = (...names: readonly string[]) => `{ canary: { steps: [{ analysis: { ${named(...names)} } }] } }`;
const background = (rest: string) => `{ canary: { analysis: { ${rest} } } }`;
const blueGreen = (key: string) => `{ blueGreen: { activeService: web, ${key}: { ${named("nowhere")} } } }`;
const ofCluster = "{ canary: { steps: [{ analysis: { templates: [{ templateName: t, clusterScope: true }] } }] } }";

const canary = "Rollout web, spec.strategy.canary";
const at = (text: string) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));

describe("a Rollout is refused", () => {
  test.each([
    [
      "for a template that is not there",
      all(rollout(step("nowhere"))),
      `${canary}.steps[0].analysis.templates[0].templateName: found "nowhere", expected the name of an AnalysisTemplate in these manifests, and there is none`,
    ],
    [
      "for a slip in its name",
      all(rollout(step("erors")), template("errors", metric())),
      'found "erors", expected the name of an AnalysisTemplate in these manifests (did you mean "errors"?)',
    ],
    [
      "in the background too",
      all(rollout(background(named("nowhere")))),
      `${canary}.analysis.templates[0].templateName: found "nowhere"`,
    ],
    [
      "before promotion",
      all(rollout(blueGreen("prePromotionAnalysis"))),
      'blueGreen.prePromotionAnalysis.templates[0].templateName: found "nowhere"',
    ],
    [
      "after promotion",
      all(rollout(blueGreen("postPromotionAnalysis"))),
      'blueGreen.postPromotionAnalysis.templates[0].templateName: found "nowhere"',
    ],
    [
      "for one of the cluster that is not named so",
      all(rollout(step("t")), template("t", metric(), "ClusterAnalysisTemplate")),
      "in these manifests; the one of the cluster is named with clusterScope: true",
    ],
    [
      "for one of another namespace",
      all(rollout(step("t")), template("t, namespace: other", metric())),
      'found "t", expected the name of an AnalysisTemplate in these manifests, and there is none',
    ],
    [
      "for a template on which another builds",
      all(rollout(step("t")), template("t", "{ templates: [{ templateName: base }] }")),
      'AnalysisTemplate t, spec.templates[0].templateName: found "base"',
    ],
    [
      "for an argument without a value",
      all(rollout(step("t")), template("t", "{ args: [{ name: who }], metrics: [{ name: m }] }")),
      `${canary}.steps[0].analysis.args: found no value of who, which AnalysisTemplate t asks for`,
    ],
    [
      "for an argument with two values",
      all(
        rollout(step("t", "u")),
        template("t", "{ args: [{ name: who, value: a }], metrics: [{ name: m }] }"),
        template("u", "{ args: [{ name: who, value: b }], metrics: [{ name: n }] }"),
      ),
      'steps[0].analysis.templates: the templates give who two values, "a" and "b"',
    ],
    [
      "for two metrics of one name",
      all(rollout(step("t", "u")), template("t", metric()), template("u", metric())),
      'AnalysisTemplate u, spec.metrics[0].name: found "m", expected a name that no other metric of the analysis has (AnalysisTemplate t has one, and is used beside this)',
    ],
    [
      "for a name twice in one template",
      all(rollout(step("t")), template("t", "{ metrics: [{ name: m }, { name: m }] }")),
      'AnalysisTemplate t, spec.metrics[1].name: found "m", expected a name that no other metric of the analysis has',
    ],
    [
      "for a limit that can never be exceeded",
      all(rollout(step("t")), template("t", metric("count: 2, interval: 5s, failureLimit: 3"))),
      "spec.metrics[0].failureLimit: found 3, expected at most the count of 2",
    ],
    [
      "for such a limit of what is inconclusive",
      all(rollout(step("t")), template("t", metric('count: "2", interval: 5s, inconclusiveLimit: "3"'))),
      "spec.metrics[0].inconclusiveLimit: found 3, expected at most the count of 2",
    ],
    [
      "for several measurements without an interval",
      all(rollout(step("t")), template("t", metric("count: 2"))),
      "spec.metrics[0].count: found 2 and no interval, expected one, such as interval: 30s",
    ],
    [
      "for a step that would never end",
      all(rollout(step("t")), template("t", metric("interval: 5s"))),
      "spec.metrics[0].interval: found an interval and no count, expected a count: what waits for the analysis would wait for ever",
    ],
    [
      "for two providers",
      all(rollout(step("t")), template("t", metric("provider: { web: {}, job: {} }"))),
      "spec.metrics[0].provider: found web and job, expected only one of them",
    ],
  ])("%s", (_, text, message) => {
    expect(problemsOf(text)).toMatch(at(message));
  });

  test("once for a template that two Rollouts share", () => {
    const text = all(rollout(step("t")), rollout(step("t"), "shop"), template("t", metric("count: 2")));
    expect(problemsOf(text).match(/found 2 and no interval/g)).toHaveLength(1);
  });
});

describe("a Rollout is taken", () => {
  test.each([
    [
      "with a limit as high as the count",
      all(rollout(step("t")), template("t", metric("count: 2, interval: 5s, failureLimit: 2"))),
    ],
    [
      "with an endless analysis in the background",
      all(rollout(background(named("t"))), template("t", metric("interval: 5s"))),
    ],
    [
      "with one that ends at successes in a row",
      all(rollout(step("t")), template("t", metric("interval: 5s, consecutiveSuccessLimit: 2"))),
    ],
    [
      "with a count that is an argument",
      all(
        rollout(`{ canary: { steps: [{ analysis: { ${named("t")}, args: [{ name: n, value: "3" }] } }] } }`),
        template("t", '{ args: [{ name: n }], metrics: [{ name: m, interval: 5s, count: "{{args.n}}" }] }'),
      ),
    ],
    [
      "with an argument from a Secret",
      all(
        rollout(step("t")),
        template(
          "t",
          "{ args: [{ name: n, valueFrom: { secretKeyRef: { name: a, key: b } } }], metrics: [{ name: m }] }",
        ),
      ),
    ],
    [
      "with an argument that another template gives",
      all(
        rollout(step("t", "u")),
        template("t", "{ args: [{ name: n }], metrics: [{ name: m }] }"),
        template("u", "{ args: [{ name: n, value: a }], metrics: [{ name: k }] }"),
      ),
    ],
    ["with faults in a template that nobody uses", all(rollout("{ canary: {} }"), template("t", metric("count: 2")))],
    [
      "with templates that go round in a circle",
      all(rollout(step("t")), template("t", "{ templates: [{ templateName: t }], metrics: [{ name: m }] }")),
    ],
  ])("%s", (_, text) => {
    expect(readText(text).scenario.services.map(({ name }) => name)).toContain("web");
  });

  test("with a template of the cluster that is elsewhere: it measures errors, and a warning says so", () => {
    const { scenario, warnings } = readText(all(rollout(ofCluster)));
    expect(scenario.services[0]?.strategy.settings).toMatchObject({
      steps: [{ analysis: { metrics: [{ name: "t" }] } }],
    });
    expect(warnings.join("\n")).toContain("t is not in these manifests: it measures the new release's errors once");
  });

  test("with figures that are arguments, the Rollout's before the template's", () => {
    const args = 'args: [{ name: n, value: "3" }]';
    const strategy = `{ canary: { steps: [{ analysis: { ${named("t")}, ${args} } }] } }`;
    const asked = "args: [{ name: n, value: '7' }, { name: wait, value: 20s }]";
    const figures = 'name: m, interval: "{{args.wait}}", count: "{{ args.n }}", failureLimit: "{{args.n}}"';
    const { scenario } = readText(all(rollout(strategy), template("t", `{ ${asked}, metrics: [{ ${figures} }] }`)));
    expect(scenario.services[0]?.strategy.settings).toMatchObject({
      steps: [{ analysis: { metrics: [{ name: "m", interval: "20s", count: 3, failureLimit: 3 }] } }],
    });
  });

  test("with a template named twice, which measures once; a dry run reaches what others bring", () => {
    const text = all(
      rollout(step("t", "u", "t")),
      template("t", metric("failureLimit: 0")),
      template("u", "{ dryRun: [{ metricName: m }], metrics: [{ name: k }] }"),
    );
    expect(readText(text).scenario.services[0]?.strategy.settings).toMatchObject({
      steps: [{ analysis: { metrics: [{ name: "m", failureLimit: -1 }, { name: "k" }] } }],
    });
  });
});
