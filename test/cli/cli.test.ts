import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mainFile, rehearse, shopYaml } from "./command.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

/** A scheduler that says when it is asked first. */
const ASKED = `import { writeSync } from "node:fs";
let isTold = false;
export const asked = {
  kind: "scheduler",
  name: "asked",
  describe: "for a test",
  place(request, { hosts }) {
    if (!isTold) writeSync(1, "asked\\n");
    isTold = true;
    return { kind: "fits", host: hosts[0].id, scores: [] };
  },
};
`;

describe("rehearse run", () => {
  test("prints the answer and writes a report that stands alone", () => {
    write("shop.yaml", shopYaml());
    const { status, stdout, stderr } = rehearse(folder, ["run", "shop.yaml"]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("seed 7");
    const report = join(folder, "reports", "shop");
    const summary = JSON.parse(readFileSync(join(report, "summary.json"), "utf8"));
    expect(summary).toMatchObject({ scenario: "shop", seed: 7, services: { shop: { requests: { failed: 0 } } } });
    const page = readFileSync(join(report, "index.html"), "utf8");
    expect(page).toContain("rehearse run shop.yaml --seed 7");
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  test("gives the same results on every call, and others under another seed", () => {
    write("shop.yaml", shopYaml());
    const digest = (...args: string[]) =>
      JSON.parse(rehearse(folder, ["run", "shop.yaml", "--json", "--no-report", ...args]).stdout).digest;
    expect(digest()).toBe(digest());
    expect(digest("--seed", "8")).not.toBe(digest());
  });

  test("reads stdin, takes global flags before the verb, and lets --set change any value", () => {
    const args = ["--json", "run", "-", "--no-report", "--set", "services.shop.replicas=2"];
    const { status, stdout } = rehearse(folder, args, shopYaml());
    expect(status).toBe(0);
    expect(JSON.parse(stdout).services.shop.containers.seconds).toBeLessThan(2 * 120 + 60);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("repeats over seeds and gives means with intervals", () => {
    write("shop.yaml", shopYaml());
    const { stdout } = rehearse(folder, ["run", "shop.yaml", "--json", "--no-report", "--replications", "4"]);
    const result = JSON.parse(stdout);
    expect(result.replications).toBe(4);
    expect(result.metrics["services.shop.requests.arrived"]).toMatchObject({ n: 4 });
    expect(result.noFailedRequest.share).toBe(1);
  });

  test.each([
    {
      when: "an expectation breaks",
      args: [],
      expectations: ["services.shop.requests.failed > 0"],
      named: "services.shop.requests.failed was 0",
    },
    {
      when: "a --fail-if holds",
      args: ["--fail-if", "services.shop.requests.failed == 0"],
      expectations: [],
      named: "--fail-if",
    },
    {
      when: "--strict, and the objective is missed",
      args: ["--strict", "--set", "services.shop.slo={latency: {p50: 1ms}}"],
      expectations: [],
      named: "shop misses its objective",
    },
  ])("exits 1 and names it when $when", ({ args, expectations, named }) => {
    write("shop.yaml", `${shopYaml()}expect: ${JSON.stringify(expectations)}\n`);
    const { status, stderr } = rehearse(folder, ["run", "shop.yaml", "--no-report", ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(named);
    expect(stderr).toContain("rehearse run shop.yaml --seed 7");
  });

  test("replaces its own earlier report, and refuses to replace anything else", () => {
    write("shop.yaml", shopYaml());
    expect(rehearse(folder, ["run", "shop.yaml", "--out", "mine"]).status).toBe(0);
    expect(rehearse(folder, ["run", "shop.yaml", "--out", "mine"]).status).toBe(0);
    mkdirSync(join(folder, "precious"));
    write("precious/thesis.txt", "years of work");
    const { status, stderr } = rehearse(folder, ["run", "shop.yaml", "--out", "precious"]);
    expect(status).toBe(2);
    expect(stderr).toContain("not a report");
    expect(readdirSync(join(folder, "precious"))).toEqual(["thesis.txt"]);
    expect(readdirSync(folder).sort()).toEqual(["mine", "precious", "shop.yaml"]);
  });

  test("keeps a report inside its folder, whatever the scenario is called", () => {
    write("shop.yaml", shopYaml(["name: shop", "name: ../../escape"]));
    expect(rehearse(folder, ["run", "shop.yaml"]).status).toBe(2);
    write("shop.yaml", shopYaml(["name: shop", "name: CON.. &amp;"]));
    expect(rehearse(folder, ["run", "shop.yaml"]).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["reports", "shop.yaml"]);
    expect(readdirSync(join(folder, "reports"))).toHaveLength(1);
  });

  test("interrupted with Ctrl-C, exits 130 and leaves nothing behind", async () => {
    write("long.yaml", shopYaml(["duration: 2m", "duration: 300d"], ["cluster:", "cluster:\n  scheduler: asked"]));
    write("asked.mjs", ASKED);
    const child = spawn(process.execPath, [mainFile, "run", "long.yaml", "--plugin", "asked.mjs"], { cwd: folder });
    let stdout = "";
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.on("data", (chunk: Buffer) => {
      // The run is under way as soon as its scheduler is asked.
      if (stdout === "") child.kill("SIGINT");
      stdout += chunk.toString();
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect(code).toBe(130);
    expect(stdout).toBe("asked\n");
    expect(stderr).toContain("nothing was written");
    expect(readdirSync(folder).sort()).toEqual(["asked.mjs", "long.yaml"]);
  });
});

describe("rehearse compare", () => {
  test("compares strategies under the same seeds, with paired differences", () => {
    write("shop.yaml", shopYaml());
    const args = ["compare", "shop.yaml", "--strategies", "recreate,rolling", "--replications", "3", "--json"];
    const { status, stdout } = rehearse(folder, args);
    expect(status).toBe(0);
    const comparison = JSON.parse(stdout);
    expect(comparison).toMatchObject({ baseline: "rolling", replications: 3 });
    const [recreate, rolling] = comparison.strategies;
    expect(recreate.metrics["services.shop.downtime.totalS"].mean).toBeGreaterThan(1);
    expect(recreate.versusBaseline["services.shop.downtime.totalS"].meanDifference).toBeGreaterThan(1);
    expect(rolling.noFailedRequest).toMatchObject({ share: 1 });
    expect(existsSync(join(folder, "reports", "shop", "index.html"))).toBe(true);
  });

  test("compares schedulers", () => {
    write("shop.yaml", shopYaml());
    const args = ["compare", "shop.yaml", "--schedulers", "bin-pack,default", "--json", "--no-report"];
    const [packed, spread] = JSON.parse(rehearse(folder, args).stdout).strategies;
    expect(packed.metrics["hosts.used"].mean).toBeLessThan(spread.metrics["hosts.used"].mean);
  });

  test.each([
    { args: ["--strategies", "rolling,rollling"], told: "rolling" },
    { args: ["--strategies", "rolling,rolling"], told: "twice" },
    { args: ["--strategies", "rolling", "--baseline", "recreate"], told: "--baseline" },
    { args: [], told: "--strategies" },
    { args: ["--replications", "0", "--strategies", "rolling"], told: "whole number from 1" },
  ])("says how to mend $args", ({ args, told }) => {
    write("shop.yaml", shopYaml());
    const { status, stderr } = rehearse(folder, ["compare", "shop.yaml", ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(told);
    expect(readdirSync(folder)).toEqual(["shop.yaml"]);
  });
});

describe("bad input", () => {
  const cases: readonly { readonly what: string; readonly text: string | Uint8Array; readonly told: RegExp }[] = [
    {
      what: "an unknown key",
      text: shopYaml(["replicas: 3", "replica: 3"]),
      told: /bad\.yaml:13:\d+ .*replica\b.*replicas/s,
    },
    { what: "a bad unit", text: shopYaml(["startup: 2s", "startup: 2 fortnights"]), told: /bad\.yaml:8:\d+/ },
    {
      what: "a number without a unit",
      text: shopYaml(["duration: 2m", "duration: 120"]),
      told: /bad\.yaml:3:\d+ .*unit/s,
    },
    {
      what: "a missing image",
      text: shopYaml(["image: shop:v1", "image: shop:v0"]),
      told: /bad\.yaml:12:\d+ .*shop:v0.*shop:v1/s,
    },
    { what: "a negative number", text: shopYaml(["slots: 4", "slots: -4"]), told: /bad\.yaml:16:\d+ .*-4/s },
    { what: "YAML that is none", text: shopYaml(["images:", "images: ["]), told: /bad\.yaml:\d+:\d+/ },
    { what: "a duplicate name", text: shopYaml(["  shop:v2:", "  shop:v1:"]), told: /bad\.yaml:9:\d+: .*shop:v1/s },
    {
      what: "a million hosts by mistake",
      text: shopYaml(["count: 3", "count: 1000000"]),
      told: /bad\.yaml:6:\d+ .*100000/s,
    },
    { what: "a binary file", text: Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), told: /bad\.yaml/ },
    { what: "nothing at all", text: "", told: /bad\.yaml/ },
    { what: "a list", text: "- 1\n- 2\n", told: /bad\.yaml:1:1/ },
    {
      what: "an expectation that cannot be read",
      text: `${shopYaml()}expect: ["services.shop.requests.faild == 0"]\n`,
      told: /bad\.yaml:\d+:10 expect\[0\]: services\.shop\.requests\.faild.*failed/s,
    },
    { what: "100 MB", text: new Uint8Array(100 * 2 ** 20).fill(97), told: /bad\.yaml.*100 MB/s },
  ];

  test.each(cases)("$what: exit 2, a message with the place, no stack, nothing written", ({ text, told }) => {
    write("bad.yaml", text);
    const { status, stderr } = rehearse(folder, ["run", "bad.yaml"]);
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(status).toBe(2);
    expect(readdirSync(folder)).toEqual(["bad.yaml"]);
  });

  test("a file that is not there, a folder, an unknown verb and an unknown flag", () => {
    for (const args of [
      ["run", "none.yaml"],
      ["run", "."],
      ["fly"],
      ["run"],
      ["run", "x.yaml", "--fast"],
      ["run", "x.yaml", "--seed", "1.5"],
    ]) {
      const { status, stderr } = rehearse(folder, args);
      expect(status).toBe(2);
      expect(stderr.length).toBeGreaterThan(10);
      expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    }
  });
});

describe("plug-ins", () => {
  const scheduler = (place: string) =>
    `export const mine = { kind: "scheduler", name: "mine", describe: "", place(request: unknown, snapshot: { hosts: { id: number }[] }) { ${place} } };\n`;

  test("in TypeScript are used by their name", () => {
    write("shop.yaml", shopYaml(["cluster:", "cluster:\n  scheduler: mine"]));
    write("mine.ts", scheduler(`return { kind: "fits", host: 2, scores: [] };`));
    const { status, stdout, stderr } = rehearse(folder, [
      "run",
      "shop.yaml",
      "--plugin",
      "mine.ts",
      "--json",
      "--no-report",
    ]);
    expect(stderr).toContain("--plugin mine.ts");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).hosts).toMatchObject({ used: 1, blastRadius: 1 });
  });

  test.each([
    { what: "throws when it is asked", file: scheduler(`throw new Error("out of ideas");`), told: "out of ideas" },
    {
      what: "names a host that does not exist",
      file: scheduler(`return { kind: "fits", host: 99, scores: [] };`),
      told: "99",
    },
    { what: "answers nonsense", file: scheduler("return 7;"), told: "mine" },
    { what: "throws when it is loaded", file: `throw new Error("not today");`, told: "not today" },
    { what: "exports nothing of use", file: "export const x = 1;", told: "exports no plug-in" },
    { what: "is no program at all", file: "this is no program", told: "mine.ts" },
  ])("one that $what: exit 3, named, no stack", ({ file, told }) => {
    write("shop.yaml", shopYaml(["cluster:", "cluster:\n  scheduler: mine"]));
    write("mine.ts", file);
    const { status, stderr } = rehearse(folder, ["run", "shop.yaml", "--plugin", "mine.ts"]);
    expect(stderr).toContain(told);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(status).toBe(3);
    expect(readdirSync(folder).sort()).toEqual(["mine.ts", "shop.yaml"]);
  });
});

describe("rehearse init and validate", () => {
  test("give a scenario that is valid, runs, and is never written over another file", () => {
    const { stdout } = rehearse(folder, ["init", "bakery"]);
    write("bakery.yaml", stdout);
    expect(rehearse(folder, ["validate", "bakery.yaml"]).stdout).toBe("bakery.yaml: valid\n");
    expect(rehearse(folder, ["run", "bakery.yaml", "--no-report"]).status).toBe(0);
    const { status, stderr } = rehearse(folder, ["init", "other", "--out", "bakery.yaml"]);
    expect(status).toBe(2);
    expect(stderr).toContain("exists already");
    expect(readFileSync(join(folder, "bakery.yaml"), "utf8")).toBe(stdout);
  });

  test("init names a schema that is there, so that editors can help", () => {
    const schemaOf = (text: string) => /^# yaml-language-server: \$schema=(\S+)\n/u.exec(text)?.[1] ?? "none";
    const far = schemaOf(rehearse(folder, ["init", "bakery"]).stdout);
    expect(JSON.parse(readFileSync(new URL(far), "utf8"))).toHaveProperty("$schema");
    const root = fileURLToPath(new URL("../..", import.meta.url));
    expect(schemaOf(rehearse(root, ["init", "bakery"]).stdout)).toBe("./schema/scenario.schema.json");
    expect(rehearse(root, ["init", "bakery", "--out", join(folder, "far.yaml")]).status).toBe(0);
    expect(schemaOf(readFileSync(join(folder, "far.yaml"), "utf8"))).toBe(far);
  });

  test("validate goes on after a wrong file and names every one", () => {
    write("good.yaml", shopYaml());
    write("bad.yaml", shopYaml(["slots: 4", "slots: many"]));
    const { status, stdout, stderr } = rehearse(folder, ["validate", "bad.yaml", "good.yaml"]);
    expect(status).toBe(2);
    expect(stderr).toContain("bad.yaml:16");
    expect(stdout).toContain("good.yaml: valid");
  });
});
