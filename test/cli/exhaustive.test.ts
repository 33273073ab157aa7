import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exhaustive } from "../../src/cli/exhaustive.ts";
import { fuzz as randomSearch } from "../../src/cli/fuzz.ts";
import { tiesInText } from "../../src/cli/ties.ts";
import { rehearse } from "./command.ts";

/** One container, a release at 1 s, and a stop that waits until the balancers have heard of it. */
const TINY = `name: tiny
duration: 6s
cluster:
  hosts: [ { name: host, count: 2, cpu: 2, memory: 4Gi } ]
images:
  shop:v1: { size: 10MB, startup: 500ms, service: 50ms }
  shop:v2: { size: 10MB, startup: 500ms, service: 50ms }
services:
  shop:
    image: shop:v1
    replicas: 1
    cpu: 500m
    memory: 256Mi
    slots: 4
    queue: 4
    readiness: { period: 500ms }
    shutdown: { preStop: 1s, gracePeriod: 5s }
    routing: { propagation: 300ms }
    traffic: { arrivals: constant(4/s), timeout: 1s }
timeline:
  - { at: 1s, deploy: { service: shop, image: shop:v2 } }
`;

/** Right as long as the replicas' controller looks first, which nobody promises. */
const RACY = `export const racy = {
  kind: "strategy",
  name: "racy",
  describe: "takes for granted that whoever keeps the replicas has looked before it",
  plan: ({ next, previous, replicas, state }) => {
    if (state === "asked" && next.existing === 0) throw new Error("the new ones should exist by now");
    const start = { release: next.id, desired: replicas };
    const stop = next.available < replicas ? [] : previous.map(({ id }) => ({ release: id, desired: 0 }));
    const outcome = next.available < replicas ? {} : { outcome: "completed" };
    return { scale: [start, ...stop], receiving: "all", state: "asked", ...outcome };
  },
};
`;

describe("fuzz --exhaustive", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-worlds-"));
    writeFileSync(join(folder, "tiny.yaml"), TINY);
    writeFileSync(join(folder, "hasty.yaml"), TINY.replace("preStop: 1s, ", ""));
    writeFileSync(join(folder, "racy.mjs"), RACY);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const fuzz = (...args: string[]) => rehearse(folder, ["fuzz", "--exhaustive", ...args]);

  test("says in how many worlds nothing broke, and whether those are all", () => {
    const whole = fuzz("tiny.yaml", "--fault", "none", "--no-request-lost");
    expect(whole.stdout).toBe("No invariant broke in any of 144 worlds.\n");
    expect(whole.status).toBe(0);
    const cut = fuzz("tiny.yaml", "--fault", "none", "--worlds", "10", "--json");
    expect(cut.stderr).toBe("No invariant broke in the first 10 worlds; there are more.\n");
    expect(JSON.parse(cut.stdout)).toMatchObject({ worlds: 10, complete: false, interrupted: false, found: null });
  });

  test("shows the world that loses a request, in a file that run shows again", () => {
    const { status, stdout } = fuzz("hasty.yaml", "--fault", "none", "--no-request-lost", "--out", "found.yaml");
    expect(status).toBe(4);
    expect(stdout).toContain("✗ no-request-lost, at 6s in end");
    expect(stdout).toContain("See it happen: rehearse run found.yaml\n");
    const header = readFileSync(join(folder, "found.yaml"), "utf8").split("\n");
    expect(header).toContain(
      "# Found in world 1 of rehearse fuzz --exhaustive hasty.yaml --fault none --no-request-lost.",
    );
    expect(header).toContain("# To see it again: rehearse fuzz --replay found.yaml");
    expect(rehearse(folder, ["run", "found.yaml", "--no-report"]).stdout).toContain("shop lost 1 of 23 requests");
  });

  test("finds a lost request again by --replay, and in a corpus, but not where other invariants are asked", async () => {
    const out = join(folder, "found.yaml");
    await exhaustive(join(folder, "hasty.yaml"), { quiet: true, fault: "none", requestLost: false, out });
    expect(rehearse(folder, ["fuzz", "--replay", "found.yaml"]).stdout).toContain("✗ no-request-lost, at 6s in end");
    const other = { quiet: true, workers: "1", replay: out };
    expect(await randomSearch({ ...other, invariants: ["requests-conserved"] })).toBe(0);
    expect(await randomSearch({ ...other, invariants: ["no-request-lost"] })).toBe(4);
    mkdirSync(join(folder, "kept"));
    renameSync(out, join(folder, "kept", "found.yaml"));
    const corpus = { quiet: true, workers: "1", runs: 1, corpus: join(folder, "kept"), out };
    expect(await randomSearch(corpus)).toBe(4);
  });

  test("keeps the order that a race hangs on, and shows it again", async () => {
    const out = join(folder, "found.yaml");
    const options = { quiet: true, plugin: [join(folder, "racy.mjs")], fault: "none", worlds: 500, out };
    expect(await exhaustive(undefined, options)).toBe(4);
    const text = readFileSync(out, "utf8");
    expect(text).toMatch(/^# Breaks plug-in-throws at /);
    expect(text).toMatch(/^# A race: at \S+ rollout-sync of shop runs before replicas-sync of shop:v2/m);
    const ties = tiesInText(text);
    if (ties === undefined || "seed" in ties) throw new Error("choices are expected");
    expect(ties.choices).toHaveLength(1);
    const flag = ties.choices.map(({ point, choice }) => `${point}:${choice}`).join(",");
    const run = ["run", "found.yaml", "--plugin", "racy.mjs", "--no-report"];
    expect(rehearse(folder, run).status).toBe(0);
    expect(rehearse(folder, [...run, "--ties", flag]).stderr).toContain("the new ones should exist by now");
  });

  test("writes the instant of a fault into the timeline of its file", async () => {
    const out = join(folder, "found.yaml");
    const options = { quiet: true, fault: "crash", grid: "2s", requestLost: false, out };
    expect(await exhaustive(join(folder, "tiny.yaml"), options)).toBe(4);
    expect(readFileSync(out, "utf8")).toMatch(/at: [24]s, crash: \{ host: host-\d, for: 2s \}/);
  });

  test.each([
    { args: ["--fault", "flood"], message: "--fault flood: expected one of none, crash, kill, partition" },
    { args: ["--grid", "often"], message: "--grid often: expected a duration such as 500ms" },
    { args: ["--strategy", "magic"], message: "--strategy magic: expected one of " },
    { args: ["tiny.yaml", "--strategy", "rolling"], message: "tiny.yaml: with a file, its own strategy" },
    { args: ["large.yaml"], message: "large.yaml: found 4 wanted replicas in all; expected at most 3" },
    { args: ["--runs", "5"], message: "--runs has no meaning with --exhaustive" },
    { args: ["--replay", "tiny.yaml"], message: "--replay has no meaning with --exhaustive" },
  ])("refuses $args with what would do", ({ args, message }) => {
    writeFileSync(join(folder, "large.yaml"), TINY.replace("replicas: 1", "replicas: 4"));
    const { status, stderr } = fuzz(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test("has flags that the search by chance refuses", () => {
    for (const [args, message] of [
      [["--grid", "1s"], "--grid goes with --exhaustive only"],
      [["--no-request-lost"], "--no-request-lost goes with --exhaustive only"],
      [["tiny.yaml"], "a file goes with --exhaustive only"],
    ] as const) {
      const { status, stderr } = rehearse(folder, ["fuzz", "--runs", "1", ...args]);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    }
  });
});
