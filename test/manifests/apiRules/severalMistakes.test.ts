/** All mistakes of an object are told at once, each once, whoever finds them: its schema, the rules or the official model. */
import { expect, test } from "vitest";
import { ManifestReport } from "../../../src/manifests/manifestObject.ts";
import { modelIssues } from "../../../src/manifests/officialModels.ts";
import { readObjects, refuse } from "../../../src/manifests/readManifests.ts";
import { ScenarioError } from "../../../src/scenario/scenarioError.ts";
import { budget, service, workload } from "./objects.ts";

function pathsOf(text: string): readonly string[] {
  const report = new ManifestReport(modelIssues);
  readObjects([{ file: "app.yaml", text }], report);
  try {
    refuse(report.problems);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ path }) => path.replace(/^document \d, /, ""));
    throw error;
  }
  return [];
}

const CONTAINER = "Deployment web, spec.template.spec.containers[0]";

test.each([
  [
    "a value out of its range, and three rules that are broken",
    workload({
      meta: ", labels: { a: b_ }",
      pod: "hostname: H",
      container: ", ports: [{ containerPort: 0 }], livenessProbe: {}",
    }),
    [
      "Deployment web, metadata.labels.a",
      `${CONTAINER}.ports[0].containerPort`,
      `${CONTAINER}.livenessProbe`,
      "Deployment web, spec.template.spec.hostname",
    ],
  ],
  [
    "a wrong type where a rule would have something to say too",
    service("type: Cluster, ports: web, sessionAffinity: Client"),
    ["Service web, spec.type", "Service web, spec.ports", "Service web, spec.sessionAffinity"],
  ],
  [
    "a wrong type of what is not simulated beside a wrong one of what is",
    workload({ spec: "replicas: many", container: ", tty: 5" }),
    [`${CONTAINER}.tty`, "Deployment web, spec.replicas"],
  ],
  ["no spec at all", workload().replace(/spec:[\s\S]*$/, ""), ["Deployment web, spec"]],
  [
    "both limits of a budget, of which the one is in quotes",
    budget('minAvailable: 1, maxUnavailable: "1"'),
    ["PodDisruptionBudget web, spec"],
  ],
])("%s", (_what, text, expected) => {
  expect(pathsOf(text)).toEqual(expected);
});
