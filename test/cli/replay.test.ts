import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReplayTables } from "../../src/cli/replayTables.ts";
import { readStep, stepThrough } from "../../src/cli/stepper.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { kubernetesEventLog } from "../../src/reports/kubernetesEvents.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { Playback } from "../../src/simulation/playback.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { deploy, hosts, scenario, service, timeline } from "../support/scenarioBuilder.ts";
import { rehearse, shopYaml } from "./command.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-replay-"));
  writeFileSync(join(folder, "shop.yaml"), shopYaml(["count: 3", "count: 1"], ["replicas: 3", "replicas: 1"]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("rehearse replay", () => {
  test("prints the tables of each moment, in the order that was asked for, and writes nothing", () => {
    const { status, stdout, stderr } = rehearse(folder, [
      "replay",
      "shop.yaml",
      "--at",
      "31s",
      "--at",
      "12s",
      "--show",
      "deployments,pods",
    ]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toBe(`\
shop at 31s, seed 7

NAME     READY   STATUS              RESTARTS   AGE   IP       NODE   NOMINATED NODE   READINESS GATES
shop-1   1/1     Running             0          31s   <none>   host   <none>           <none>
shop-2   0/1     ContainerCreating   0          0s    <none>   host   <none>           <none>

NAME   READY   UP-TO-DATE   AVAILABLE   AGE
shop   1/1     1            1           31s

shop at 12s, seed 7

NAME     READY   STATUS    RESTARTS   AGE   IP       NODE   NOMINATED NODE   READINESS GATES
shop-1   1/1     Running   0          12s   <none>   host   <none>           <none>

NAME   READY   UP-TO-DATE   AVAILABLE   AGE
shop   1/1     1            1           12s
`);
    expect(readdirSync(folder)).toEqual(["shop.yaml"]);
  });

  test("gives the same as JSON, with seed and time, under --seed and --set", () => {
    const args = [
      "--at",
      "10s",
      "--show",
      "pods,nodes,endpoints,events",
      "--seed",
      "9",
      "--set",
      "services.shop.replicas=2",
    ];
    const { status, stdout } = rehearse(folder, ["replay", "shop.yaml", "--json", ...args]);
    expect(status).toBe(0);
    const pod = {
      namespace: "default",
      ready: true,
      status: "Running",
      restarts: 0,
      restartedAgoS: null,
      nominatedNode: null,
    };
    expect(JSON.parse(stdout)).toEqual([
      {
        scenario: "shop",
        seed: 9,
        atS: 10,
        pods: [
          { ...pod, name: "shop-1", ageS: 10, node: "host" },
          { ...pod, name: "shop-2", ageS: 10, node: "host" },
        ],
        nodes: [{ name: "host", status: "Ready", ageS: 10 }],
        endpoints: [{ namespace: "default", name: "shop", pods: ["shop-1", "shop-2"], ageS: 10 }],
        events: [],
      },
    ]);
  });

  test("prints tables alone when it is to be quiet, and reads stdin", () => {
    const { stdout } = rehearse(folder, ["replay", "-", "--at", "1s", "--show", "nodes", "--quiet"], shopYaml());
    expect(stdout.split("\n").map((line) => line.split(/ {3,}/)[0])).toEqual([
      "NAME",
      "host-1",
      "host-2",
      "host-3",
      "",
    ]);
  });

  test.each([
    { when: "no moment is given and there is no terminal", args: [], message: "--at 5m3s" },
    { when: "no moment is given to JSON", args: ["--json"], message: "--json shows moments, and none is given" },
    { when: "a moment has no unit", args: ["--at", "5"], message: "--at 5: expected a unit after the number" },
    { when: "a moment is past the end", args: ["--at", "180s"], message: "--at 180s: the run ends at 2m" },
    {
      when: "a table is unknown",
      args: ["--at", "5s", "--show", "pods,pvc"],
      message: "--show pvc: expected some of pods, nodes, deployments, endpoints, events.",
    },
  ])("says what to do when $when", ({ args, message }) => {
    const { status, stdout, stderr } = rehearse(folder, ["replay", "shop.yaml", ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("rehearse run --format kubernetes-events", () => {
  test("prints the events alone on stdout, in order, and the rest on stderr", () => {
    const { status, stdout, stderr } = rehearse(folder, [
      "run",
      "shop.yaml",
      "--no-report",
      "--format",
      "kubernetes-events",
      "--set",
      "images.shop:v2.size=10MiB",
    ]);
    expect(status).toBe(0);
    const [heading, ...lines] = stdout.trimEnd().split("\n");
    expect(heading?.split(/ {3,}/)).toEqual(["TIME", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
    expect(lines.map((line) => line.split(/ {3,}/)[2])).toEqual([
      "ScalingReplicaSet",
      "SuccessfulCreate",
      "Scheduled",
      "Pulling",
      "Pulled",
      "Created",
      "Started",
      "ScalingReplicaSet",
      "SuccessfulDelete",
      "Killing",
    ]);
    expect(stderr).toContain("seed 7");
  });

  test("gives a JSON array, and the exit code of the checks", () => {
    const args = ["--no-report", "--format", "kubernetes-events", "--json", "--fail-if", "events > 0"];
    const { status, stdout } = rehearse(folder, ["run", "shop.yaml", ...args]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)[0]).toMatchObject({ atS: 30.05, reason: "ScalingReplicaSet", count: 1 });
  });

  test("refuses another format", () => {
    const { status, stderr } = rehearse(folder, ["run", "shop.yaml", "--format", "xml"]);
    expect(status).toBe(2);
    expect(stderr).toContain("kubernetes-events");
  });
});

describe("the stepper", () => {
  test.each([
    ["", { kind: "next", count: 1 }],
    [" n ", { kind: "next", count: 1 }],
    ["N", { kind: "next", count: 10 }],
    ["b", { kind: "back" }],
    ["t 5m3s", { kind: "time", at: 303 * SECOND }],
    ["t5s", { kind: "time", at: 5 * SECOND }],
    ["ep", { kind: "show", what: "endpoints" }],
    ["q", { kind: "quit" }],
    ["pods", { kind: "show", what: "pods" }],
    ["nodes", { kind: "show", what: "nodes" }],
    ["exit", { kind: "quit" }],
    ["t soon", { kind: "unclear", why: expect.stringMatching(/^t soon: expected a duration/) }],
  ])("reads %j", (line, command) => {
    expect(readStep(line)).toEqual(command);
  });

  test.each(["t", "t soon", "x", "t 5", "t 5 parsecs", "nn"])("does not understand %j, and says so", (line) => {
    expect(readStep(line)).toMatchObject({ kind: "unclear", why: expect.stringContaining(line.slice(0, 1)) });
  });

  async function played(...lines: readonly string[]): Promise<string> {
    const log = kubernetesEventLog();
    const told = scenario({
      cluster: { ...scenario().cluster, hosts: hosts(1) },
      services: [service({ replicas: 1 })],
      timeline: timeline([60, deploy("shop:v2")]),
    });
    const simulation = new Simulation(told, { listen: log.listen });
    const tables = new ReplayTables(simulation, log, BUILT_IN.strategies);
    const output = new PassThrough();
    const written = text(output);
    const input = new PassThrough();
    input.end(lines.map((line) => `${line}\n`).join(""));
    await stepThrough(new Playback(simulation, log), tables, { input, output, terminal: false });
    output.end();
    return (await written).split("\n").slice(5).join("\n");
  }

  test("goes on event by event, shows tables, and goes back", async () => {
    expect(await played("n", "n", "b", "no", "t 59s", "d", "q")).toBe(`\
0s> 1m0.05s   Normal   ScalingReplicaSet   deployment/shop   Scaled up replica set shop-v2 from 0 to 1
1m0.05s> 1m0.1s   Normal   SuccessfulCreate   replicaset/shop-v2   Created pod: shop-2
1m0.1s> 1m0.05s> NAME     STATUS   ROLES    AGE   VERSION     INTERNAL-IP   EXTERNAL-IP   OS-IMAGE    KERNEL-VERSION   CONTAINER-RUNTIME
host-1   Ready    <none>   60s   <unknown>   <none>        <none>        <unknown>   <unknown>        <unknown>
1m0.05s> 59s> NAME   READY   UP-TO-DATE   AVAILABLE   AGE
shop   1/1     1            1           59s
59s> `);
  });

  test("says when the run is over, and what it does not understand", async () => {
    expect(await played("t 6m", "N", "what", "q")).toBe(
      '0s> the run ends at 5m\n5m> the run is over at 5m\n5m> "what" is none of the commands; h lists them\n5m> ',
    );
  });

  test("ends with Ctrl-C where nothing runs, and says that it was interrupted", async () => {
    const log = kubernetesEventLog();
    const simulation = new Simulation(scenario(), { listen: log.listen });
    const tables = new ReplayTables(simulation, log, BUILT_IN.strategies);
    const output = new PassThrough();
    output.resume();
    const input = new PassThrough();
    const ending = stepThrough(new Playback(simulation, log), tables, { input, output, terminal: true });
    input.write("\u0003");
    expect(await ending).toBe("interrupted");
  });

  test("ends with its input", async () => {
    expect(await played("t 1s")).toBe("0s> 1s> ");
  });
});
