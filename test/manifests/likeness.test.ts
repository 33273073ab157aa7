import fc from "fast-check";
import { expect, test } from "vitest";
import { ManifestReport } from "../../src/manifests/manifestObject.ts";
import { modelIssues } from "../../src/manifests/officialModels.ts";
import { readObjects } from "../../src/manifests/readManifests.ts";
import { workloadsOf } from "../../src/manifests/workload.ts";
import type { Problem } from "../../src/scenario/scenarioError.ts";

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", labels: { app: "web" } },
  spec: { containers: [{ name: "main", image: "shop:v1", resources: { requests: { cpu: "100m" } } }] },
};
const [MAIN] = POD.spec.containers;

/** Pods that a careless likeness would take for one another: some without a flaw, some with a problem or a warning. */
const PODS = [
  POD,
  { ...POD, metadata: { ...POD.metadata, labels: { app: 5 } } },
  { ...POD, metadata: { ...POD.metadata, labels: { app: "shop" } } },
  { ...POD, metadata: { ...POD.metadata, annotations: { note: 5 } } },
  { ...POD, metadata: { ...POD.metadata, creationTimestamp: "yesterday" } },
  { ...POD, metadata: { ...POD.metadata, uid: 5 } },
  { ...POD, metadata: { ...POD.metadata, uid: "5", resourceVersion: "7" } },
  { ...POD, spec: { ...POD.spec, nodeName: "a" } },
  { ...POD, spec: { ...POD.spec, nodeName: "A" } },
  { ...POD, spec: { ...POD.spec, nodeName: "b", schedulingGates: [{ name: "a/b" }] } },
  { ...POD, spec: { ...POD.spec, nodeNmae: "a" } },
  { ...POD, spec: { ...POD.spec, volumes: [{ name: "data", emptyDir: {} }] } },
  { ...POD, spec: { containers: [{ ...MAIN, resources: { requests: { cpu: "100mm" } } }] } },
  { ...POD, spec: { containers: [{ ...MAIN, command: [null] }] } },
];

/** What is said of pods, each in a file of its own, so that lines are the same wherever it stands. */
function saidOf(pods: readonly object[]): { problems: readonly Problem[]; warnings: number } {
  const report = new ManifestReport(modelIssues);
  readObjects(
    pods.map((pod, i) => ({ file: `${i}.yaml`, text: JSON.stringify(pod) })),
    report,
  );
  const counts = report.warnings.map(({ message }) => 1 + Number(/(?:the|nor the) (\d+) more/.exec(message)?.[1] ?? 0));
  return { problems: report.problems, warnings: counts.reduce((sum, count) => sum + count, 0) };
}

test("of each object the same is said as if it were read alone", () => {
  const picks = fc.array(fc.constantFrom(...PODS), { minLength: 1, maxLength: 12 });
  const told = new Set<string>();
  fc.assert(
    fc.property(picks, (picked) => {
      const pods = picked.map((pod, i) => ({ ...pod, metadata: { ...pod.metadata, name: `web-${i}` } }));
      const together = saidOf(pods);
      const alone = pods.map((pod) => saidOf([pod]));
      const expected = alone.flatMap(({ problems }, i) => problems.map((one) => ({ ...one, file: `${i}.yaml` })));
      expect(together.problems).toEqual(expected);
      expect(together.warnings).toBe(alone.reduce((sum, { warnings }) => sum + warnings, 0));
      for (const { message } of expected) told.add(message);
    }),
    { seed: 7, numRuns: 100 },
  );
  expect(told.size).toBeGreaterThan(2);
});

test("what only looks alike as JSON is checked for itself", () => {
  const nothing =
    "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ image: x:1, args: [null] }] }\n";
  const judged: string[] = [];
  const judge = new ManifestReport(({ name }) => {
    judged.push(name);
    return [];
  });
  const infinite = nothing.replace("name: a", "name: b").replace("null", ".inf");
  readObjects([{ file: "pods.yaml", text: `${nothing}---\n${infinite}` }], judge);
  expect(judged).toEqual(["a", "b"]);
});

test("objects that differ in their names and label texts alone are judged once", () => {
  const judged: string[] = [];
  const report = new ManifestReport(({ name }) => {
    judged.push(name);
    return [];
  });
  const alike = ["a", "b", "c"].map((name) => ({ ...POD, metadata: { name, labels: { app: name } } }));
  readObjects([{ file: "pods.json", text: JSON.stringify({ apiVersion: "v1", kind: "List", items: alike }) }], report);
  expect(judged).toEqual(["a"]);
});

test("pods of one spec share it, and only those", () => {
  const report = new ManifestReport();
  const other = { ...POD, spec: { containers: [{ ...MAIN, image: "shop:v2" }] } };
  const pods = [POD, POD, other].map((pod, i) => ({ ...pod, metadata: { name: `web-${i}` } }));
  const objects = readObjects(
    [{ file: "pods.json", text: JSON.stringify({ apiVersion: "v1", kind: "List", items: pods }) }],
    report,
  );
  const [first, second, third] = workloadsOf(objects, report).map(({ template }) => template);
  expect(second?.json).toBe(first?.json);
  expect(second?.spec).toBe(first?.spec);
  expect(third?.spec.containers[0]?.image).toBe("shop:v2");
});
