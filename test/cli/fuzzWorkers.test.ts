import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mainFile, rehearse } from "./command.ts";

/** A strategy in its plainest form; `first` is what its plan begins with. */
const strategy = (name: string, first = "") => `export const plugin = {
  kind: "strategy",
  name: "${name}",
  describe: "for a test",
  plan({ next, previous, replicas }) {
    ${first}
    const start = { release: next.id, desired: replicas };
    if (next.available < replicas) return { scale: [start], receiving: [next, ...previous].filter((one) => one.receiving).map(({ id }) => id) };
    return { scale: [start, ...previous.map(({ id }) => ({ release: id, desired: 0 }))], receiving: "all", outcome: "completed" };
  },
};
`;
const PLUGINS = {
  "late.mjs": strategy(
    "late",
    "if (previous.some((one) => one.existing >= 6) && previous.length >= 2) throw new Error('six');",
  ),
  "loop.mjs": strategy("loop", "if (previous.length > 0 && next.available >= 2) for (;;);"),
  "hog.mjs": `export const hog = { kind: "scheduler", name: "hog", describe: "for a test", place() {
    const all = [];
    for (;;) all.push(new Array(100000).fill(all.length));
  } };`,
  "sound.mjs": strategy("sound"),
  "never.mjs": "await new Promise((resolve) => setTimeout(resolve, 1e9));",
  "throws.mjs": "throw new Error('no licence');",
  "nothing.mjs": "export const answer = 42;",
  "odd.mjs": 'export const odd = { kind: "strategi", name: "odd" };',
  "leaves.mjs": "process.exit(0);",
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearse-fuzz-"));
  for (const [file, text] of Object.entries(PLUGINS)) writeFileSync(join(folder, file), text);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (file: string) => readFileSync(join(folder, file), "utf8");
/** Runs it with no other invariant than one that holds, so that only plug-ins' misdeeds are found. */
const quick = (...args: string[]) => rehearse(folder, ["fuzz", "--invariants", "requests-conserved", ...args]);

describe("workers", () => {
  test("find the same first, and shrink it to the same file, whatever their number", () => {
    const files = ["1", "3"].map((workers) => {
      expect(quick("--plugin", "late.mjs", "--workers", workers).status).toBe(4);
      return text("counterexample.yaml");
    });
    expect(files[1]).toBe(files[0]);
    const run = Number(/Found by run (\d+)/.exec(files[0] ?? "")?.[1]);
    // Otherwise nothing was found by another batch than the first, and any order would do.
    expect(run).toBeGreaterThan(20);
  });

  test("go through the same transitions as one", () => {
    const counts = ["1", "2"].map((workers) => {
      const { stdout } = quick("--plugin", "sound.mjs", "--runs", "70", "--json", "--workers", workers);
      return (JSON.parse(stdout) as { transitions: Record<string, number>; runs: number; never: string[] }) ?? {};
    });
    expect(counts[1]?.transitions).toEqual(counts[0]?.transitions);
    expect(counts[0]?.runs).toBe(70);
    expect(Object.keys(counts[0]?.transitions ?? {})).toContain("container starting → running");
    expect(counts[0]?.never).toContain("phases of containers: running → assigned");
  });

  test("print a search that finds the same, and a replay that tells the same story", () => {
    const first = quick("--plugin", "late.mjs");
    const before = text("counterexample.yaml");
    const [, again] = /The search again: +rehearse (.*)/.exec(first.stdout) ?? [];
    const [, replay] = /The scenario again: +rehearse (.*)/.exec(first.stdout) ?? [];
    expect(rehearse(folder, again?.split(" ") ?? []).status).toBe(4);
    expect(text("counterexample.yaml")).toBe(before);
    const told = rehearse(folder, replay?.split(" ") ?? []);
    expect(told.status).toBe(4);
    const [story] = first.stdout.split("\nRun ");
    expect(told.stdout.trim()).toBe(story?.trim());
    expect((story?.match(/^ {2}\d {2}/gm) ?? []).length).toBeLessThanOrEqual(7);
  });
});

describe("a plug-in that never comes back", () => {
  test("is named with what it was asked, in a small scenario that shows it again", () => {
    const { status, stdout } = quick("--plugin", "loop.mjs", "--hang-after", "400ms", "--workers", "2");
    expect(status).toBe(4);
    expect(stdout).toContain("✗ plug-in-hangs, at ");
    expect(stdout).toMatch(/strategy "loop" saw \d+ replicas? wanted/);
    expect(text("counterexample.yaml").split("\n").length).toBeLessThanOrEqual(30);
    const replayed = quick("--replay", "counterexample.yaml", "--plugin", "loop.mjs", "--hang-after", "400ms");
    expect(replayed.status).toBe(4);
    expect(replayed.stdout).toContain("it never answered");
  });

  test("is named too when it takes all memory", () => {
    const { status, stdout } = quick("--plugin", "hog.mjs", "--hang-after", "60s");
    expect(status).toBe(4);
    expect(stdout).toContain("✗ plug-in-exhausts-memory");
    expect(stdout).toMatch(/scheduler "hog" was asked for shop-1/);
  });

  test.each([
    { file: "never.mjs", says: "--plugin never.mjs: its loading does not end" },
    { file: "leaves.mjs", says: "ended its thread" },
    { file: "throws.mjs", says: "--plugin throws.mjs: it could not be loaded: no licence" },
    { file: "nothing.mjs", says: "--plugin nothing.mjs: it exports no plug-in" },
    { file: "odd.mjs", says: 'found a plug-in of kind "strategi"' },
  ])("or cannot be loaded ($file) is a fault of its own", ({ file, says }) => {
    const { status, stderr } = quick("--plugin", file);
    expect(status).toBe(3);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
  });
});

describe("a corpus", () => {
  const search = (...more: string[]) => quick("--plugin", "sound.mjs", "--runs", "40", "--corpus", "kept", ...more);

  test("goes on where the search stopped, and comes to what one long search comes to", () => {
    search();
    expect(search().stdout).toMatch(/^Goes on with run 41: 40 were done before/);
    const state = JSON.parse(text("kept/search.json")) as { runs: number; transitions: object };
    const { transitions } = JSON.parse(quick("--plugin", "sound.mjs", "--runs", "80", "--json").stdout) as typeof state;
    expect(state.runs).toBe(80);
    expect(state.transitions).toEqual(transitions);
    expect(readdirSync(join(folder, "kept"))).toEqual(["search.json"]);
  });

  test.each([
    { change: "--fresh", args: ["--fresh"], says: "as --fresh says" },
    { change: "another seed", args: ["--seed", "2"], says: "the seed was 1" },
    { change: "another strategy", args: ["--strategy", "rolling"], says: "a plug-in, what is asked or rehearse" },
  ])("begins anew with $change, and says so", ({ args, says }) => {
    search();
    const { stdout } = search(...args);
    expect(stdout.split("\n")[0]).toContain("Begins anew");
    expect(stdout.split("\n")[0]).toContain(says);
  });

  test("names a broken file in it, and its line", () => {
    search();
    writeFileSync(join(folder, "kept/search.json"), '{\n  "plan": "x",\n  oops\n}');
    const state = search();
    expect([state.status, state.stderr]).toEqual([2, expect.stringContaining(`${join("kept", "search.json")}:3: `)]);
    writeFileSync(join(folder, "kept/old.yaml"), "name: x\nduratoin: 3s\n");
    const find = search("--fresh");
    expect([find.status, find.stderr]).toEqual([2, expect.stringContaining(`${join("kept", "old.yaml")}:2`)]);
  });

  test("keeps what was done when Ctrl-C comes", async () => {
    const what = ["--invariants", "requests-conserved", "--plugin", "sound.mjs"];
    const args = ["fuzz", ...what, "--for", "10m", "--corpus", "kept"];
    const child = spawn(process.execPath, [mainFile, ...args], { cwd: folder, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    // It writes its state from time to time, so that there is something to come back to.
    while (!existsSync(join(folder, "kept/search.json"))) await new Promise((wake) => setTimeout(wake, 50));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    const { runs } = JSON.parse(text("kept/search.json")) as { runs: number };
    expect(search().stdout).toContain(`Goes on with run ${runs + 1}`);
  });
});

test("--keep-going finds one of each, in files of their own, and goes on to the end", () => {
  mkdirSync(join(folder, "out"));
  const hasty = strategy(
    "hasty",
    "return { scale: [{ release: next.id, desired: replicas }, ...previous.map(({ id }) => ({ release: id, desired: 0 }))], receiving: 'all', outcome: 'completed' };",
  );
  writeFileSync(join(folder, "hasty.mjs"), hasty);
  const names = "last-capacity-kept,completed-is-true";
  const args = ["--plugin", "hasty.mjs", "--runs", "60", "--out", "out/x.yaml", "--keep-going"];
  const { status, stdout } = rehearse(folder, ["fuzz", "--invariants", names, ...args]);
  expect(status).toBe(4);
  expect(stdout).toContain("2 found in 60 runs");
  expect(readdirSync(join(folder, "out")).sort()).toEqual(["x-completed-is-true.yaml", "x-last-capacity-kept.yaml"]);
});
