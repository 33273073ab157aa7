import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { mainFile, rehearse } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "rehearse-schedule-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const APP = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: main, image: web:v1, resources: { requests: { cpu: 600m, memory: 64Mi } } }] }
`;

const NODES = `apiVersion: v1
kind: Node
metadata: { name: free }
status: { allocatable: { cpu: 1, memory: 1Gi, pods: 10 } }
---
apiVersion: v1
kind: Node
metadata: { name: kept }
spec: { taints: [{ key: for, value: db, effect: NoSchedule }] }
status: { allocatable: { cpu: 8, memory: 8Gi, pods: 10 } }
`;

const OLD = `apiVersion: v1
kind: Pod
metadata: { name: old }
spec: { nodeName: free, containers: [{ name: main, image: old, resources: { requests: { cpu: 500m } } }] }
`;

const URGENT = `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: urgent }
value: 1000
---
apiVersion: v1
kind: Pod
metadata: { name: new }
spec: { priorityClassName: urgent, containers: [{ name: main, image: new, resources: { requests: { cpu: 800m } } }] }
`;

for (const [name, text] of Object.entries({ app: APP, nodes: NODES, old: OLD, urgent: URGENT }))
  writeFileSync(join(folder, `${name}.yaml`), text);

interface Answer {
  readonly placements: readonly {
    readonly pod: string;
    readonly node: string | null;
    readonly victims: readonly string[];
    readonly nodes: Readonly<
      Record<string, { fits: boolean; scores?: Record<string, number>; total?: number; reasons?: string[] }>
    >;
  }[];
}

function placed(...args: readonly string[]): Answer {
  const { stdout, stderr, status } = rehearse(folder, ["schedule", ...args, "--json"]);
  expect(stderr).not.toContain("fault");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Answer;
}

describe("rehearse schedule", () => {
  test("--json says of every node what it scored or why not, and the scores add up", () => {
    const { placements } = placed("app.yaml", "nodes.yaml");
    expect(placements.map(({ pod, node }) => [pod, node])).toEqual([
      ["default/web-1", "free"],
      ["default/web-2", null],
    ]);
    const [first, second] = placements;
    expect(first?.nodes.kept).toEqual({ fits: false, reasons: ["node(s) had untolerated taint(s)"] });
    expect(second?.nodes.free).toEqual({ fits: false, reasons: ["Insufficient cpu"] });
    const { fits, scores = {}, total } = first?.nodes.free ?? { fits: false };
    expect(fits).toBe(true);
    expect(Object.values(scores).reduce((sum, score) => sum + score, 0)).toBe(total);
  });

  test("a pod of higher priority evicts one that is already bound", () => {
    const { placements } = placed("nodes.yaml", "old.yaml", "urgent.yaml");
    expect(placements).toMatchObject([{ pod: "default/new", node: "free", victims: ["default/old"] }]);
  });

  test("--nodes stands in for Node objects", () => {
    const nodes = placed("app.yaml", "--nodes", "1x1cpu/1Gi,1x2cpu/1Gi").placements[0]?.nodes ?? {};
    expect(Object.keys(nodes)).toEqual(["node-1", "node-2"]);
  });

  test("a configuration of MostAllocated packs where the default spreads", () => {
    const config = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - plugins: { score: { disabled: [{ name: "*" }], enabled: [{ name: NodeResourcesFit }] } }
    pluginConfig:
      - { name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated, resources: [{ name: cpu, weight: 1 }] } } }
`;
    writeFileSync(join(folder, "config.yaml"), config);
    const nodesOf = (...more: string[]) =>
      placed("app.yaml", "--nodes", "2x4cpu/4Gi", ...more).placements.map(({ node }) => node);
    expect(new Set(nodesOf()).size).toBe(2);
    expect(new Set(nodesOf("--config", "config.yaml")).size).toBe(1);
  });

  test("one seed places alike, and ties of another may fall otherwise", () => {
    const at = (seed: number) =>
      placed("app.yaml", "--nodes", "9x4cpu/4Gi", "--seed", String(seed)).placements[0]?.node;
    expect(at(3)).toBe(at(3));
    expect(new Set([1, 2, 3, 4].map(at)).size).toBeGreaterThan(1);
  });

  test("--explain shows who said no, each plugin's score times its weight, and who won", () => {
    const { stdout } = rehearse(folder, ["schedule", "app.yaml", "nodes.yaml", "--explain"]);
    expect(stdout).toMatch(/default\/web-1 \(priority 0\) → free with \d+ points|→ free, the only node that fits/);
    expect(stdout).toMatch(/→ free +100×3 +0×2/);
    expect(stdout).toContain("kept: TaintToleration says no: node(s) had untolerated taint(s)");
    expect(stdout).toContain("free: NodeResourcesFit says no: Insufficient cpu");
    expect(stdout).toContain("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).");
  });

  test.each([
    {
      what: "a wrong manifest",
      args: ["bad.yaml"],
      says: /^bad\.yaml:2:7 document 1, Deploymint web, kind: found "Deploymint"/,
    },
    {
      what: "wrong nodes",
      args: ["app.yaml", "--nodes", "many"],
      says: /^--nodes many: found "many", expected a number of nodes/,
    },
    {
      what: "a wrong configuration",
      args: ["app.yaml", "--config", "app.yaml"],
      says: /^app\.yaml:1:13 .*apiVersion: found "apps\/v1", expected kubescheduler/,
    },
    {
      what: "a file that is not there",
      args: ["gone.yaml"],
      says: /^gone\.yaml: cannot be read \(there is no such file\)/,
    },
  ])("$what is told in a line, without a stack, with exit code 2", ({ args, says }) => {
    writeFileSync(join(folder, "bad.yaml"), APP.replace("Deployment", "Deploymint"));
    const { stderr, status } = rehearse(folder, ["schedule", ...args]);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(2);
  });

  test("rehearse run takes bare manifests, from a file or from stdin", () => {
    const { stdout, status } = rehearse(folder, ["run", "-", "--no-report", "--json"], APP);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      services: { web: { rollouts: [{ to: "web:v1-next", outcome: "completed" }] } },
    });
  });

  test("ends without a word where its reader has read enough, as head does", () => {
    const command = `"${process.execPath}" "${mainFile}" schedule app.yaml --nodes 4000x4cpu/8Gi --json --explain | head -c 1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
    expect(stdout).toBe("{");
    expect(stderr).not.toMatch(/EPIPE|fault/u);
  });

  test("rehearse run takes a scenario with manifests beside it", () => {
    writeFileSync(
      join(folder, "scenario.yaml"),
      "duration: 1m\nmanifests: [app.yaml]\nservices: { web: { replicas: 3 } }\n",
    );
    const { stdout, status } = rehearse(folder, ["run", "scenario.yaml", "--no-report", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ services: { web: { containers: { peak: 3 } } } });
  });
});
