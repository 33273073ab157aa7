import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mainFile, rehearse, shopYaml } from "./command.ts";

const FULL_DISK = "/dev/full";
const STACK = /\n\s+at .*:\d+:\d+/;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-manners-"));
  writeFileSync(join(folder, "shop.yaml"), shopYaml());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the command that repeats", () => {
  test("a run has every flag that it was given, and does the same", () => {
    const flags = ["--fail-if", "services.shop.requests.arrived > 0", "--strict", "--out", "my report"];
    const first = rehearse(folder, ["run", "shop.yaml", ...flags, "--format", "kubernetes-events"]);
    const line = /^To repeat it: rehearse (.*)$/m.exec(first.stderr)?.[1];
    expect(line).toBe(
      "run shop.yaml --seed 7 --fail-if 'services.shop.requests.arrived > 0' --strict --out 'my report' --format kubernetes-events",
    );
    expect(first.status).toBe(1);
    // The report itself does not say where it lies or what was printed beside it.
    expect(readFileSync(join(folder, "my report", "index.html"), "utf8")).not.toContain("my report");
  });

  test("compare and schedule say --no-report and --json", () => {
    const args = ["compare", "shop.yaml", "--strategies", "rolling", "--no-report", "--json"];
    expect(rehearse(folder, args).stderr).toContain(
      "rehearse compare shop.yaml --seed 7 --strategies rolling --no-report --json\n",
    );
    const pod = "{ apiVersion: v1, kind: Pod, metadata: { name: one }, spec: { containers: [{ name: c, image: i }] } }";
    writeFileSync(join(folder, "pod.yaml"), pod);
    expect(rehearse(folder, ["schedule", "pod.yaml", "--json"]).stderr).toContain("pod.yaml --seed 1 --json\n");
  });
});

describe("a place that cannot be written", () => {
  test
    .runIf(existsSync(FULL_DISK))
    .each([[["run", "shop.yaml", "--no-report"]], [["replay", "shop.yaml", "--at", "1s"]], [["--help"]]])(
    "stdout on a full disk under %j: exit 2, one line",
    (args) => {
      const full = openSync(FULL_DISK, "w");
      const { status, stderr } = spawnSync(process.execPath, [mainFile, ...args], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", full, "pipe"],
      });
      closeSync(full);
      expect(stderr).toMatch(/^stdout: it cannot be written \(ENOSPC/m);
      expect(stderr).not.toMatch(STACK);
      expect(status).toBe(2);
    },
  );

  test.each([
    { place: "a file", out: "shop.yaml/report", told: "shop.yaml is a file, where a folder is needed" },
    { place: "a file system without room for it", out: "/proc/report", told: "/proc/report" },
  ])("a report in $place: exit 2, and nothing is left", ({ out, told }) => {
    const { status, stderr } = rehearse(folder, ["run", "shop.yaml", "--out", out]);
    expect(stderr).toContain(told);
    expect(stderr).not.toMatch(STACK);
    expect(status).toBe(2);
    expect(readdirSync(folder)).toEqual(["shop.yaml"]);
  });

  test("init makes the folders on the way, and leaves nothing where it fails", () => {
    expect(rehearse(folder, ["init", "x", "--out", "a/b/x.yaml"])).toMatchObject({ status: 0 });
    expect(readdirSync(join(folder, "a/b"))).toEqual(["x.yaml"]);
    const { status, stderr } = rehearse(folder, ["init", "x", "--out", `${"n".repeat(254)}/`]);
    expect(stderr).toMatch(/^--out n+\/: it cannot be written/);
    expect(status).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(["a", "shop.yaml"]);
  });
});

describe("what stands on stdin", () => {
  test.each([
    { args: ["run", "-", "--json"], input: "nope: 1", told: 'stdin:1:1 nope: unknown key "nope"' },
    { args: ["schedule", "-", "--json"], input: "", told: "stdin:1:1: found nothing, expected Kubernetes objects" },
    { args: ["replay", "-", "--at", "1s", "--json"], input: "x", told: 'stdin:1:1: found "x"' },
  ])("is named in mistakes under $args, and nothing goes to stdout", ({ args, input, told }) => {
    const { status, stdout, stderr } = rehearse(folder, args, input);
    expect(stderr).toContain(told);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("is called so by validate, too", () => {
    const { stdout, status } = rehearse(folder, ["validate", "-"], shopYaml());
    expect(stdout).toBe("stdin: valid\n");
    expect(status).toBe(0);
  });
});

test.each([
  { args: ["rnu", "shop.yaml"], told: "(Did you mean run?)" },
  { args: ["run", "shop.yaml", "--sed", "1"], told: "--seed" },
  { args: ["run", "shop.yaml", "shop.yaml"], told: "too many arguments" },
  { args: ["init", "../x"], told: 'init name: found "../x", expected a name' },
])("$args is answered with what would do", ({ args, told }) => {
  const { status, stderr } = rehearse(folder, args);
  expect(stderr).toContain(told);
  expect(status).toBe(2);
});

test.each(["compare", "replay", "validate"])("%s --help says that it takes manifests", (verb) => {
  const { stdout } = rehearse(folder, [verb, "--help"]);
  expect(stdout).toContain("or Kubernetes manifests");
  expect(stdout).toContain(`$ rehearse ${verb} app.yaml`);
});

test.each([
  {
    what: "a missing file that it names",
    text: "duration: 5m\nmanifests: [gone.yaml]\n",
    told: "bad.yaml:2:13 manifests: gone.yaml cannot be read: there is no such file\n",
  },
  {
    what: "comments and markers only",
    text: "# only\n---\n---\n",
    told: "bad.yaml:1:1: found nothing (the file is empty, or has comments only), expected a scenario or Kubernetes objects\n",
  },
])("of a scenario, $what is told once", ({ text, told }) => {
  writeFileSync(join(folder, "bad.yaml"), text);
  const { status, stderr } = rehearse(folder, ["validate", "bad.yaml"]);
  expect(stderr).toBe(told);
  expect(status).toBe(2);
});

test.each(["run", "compare", "replay", "schedule", "validate", "fuzz", "init"])("%s --help has an example", (verb) => {
  const { status, stdout } = rehearse(folder, [verb, "--help"]);
  expect(stdout).toContain(`Example:\n  $ rehearse ${verb} `);
  expect(stdout).not.toContain("default: []");
  expect(status).toBe(0);
});

describe("warnings", () => {
  const POD = "{ apiVersion: v1, kind: Pod, metadata: { name: one }, spec: { containers: [{ name: c, image: i }] } }";

  test("of manifests name their file once", () => {
    writeFileSync(join(folder, "pod.yaml"), `${POD}\n---\n{ apiVersion: v1, kind: Secret, metadata: { name: s } }\n`);
    const { stdout } = rehearse(folder, ["validate", "pod.yaml"]);
    expect(stdout).toMatch(/^warning: pod\.yaml:3:1 document 2, Secret s: /m);
    expect(stdout).not.toContain("pod.yaml: warning: pod.yaml");
  });

  test("that nobody reads are no reason to stop", async () => {
    writeFileSync(join(folder, "pod.yaml"), `${POD}\n---\n{ apiVersion: v1, kind: Secret, metadata: { name: s } }\n`);
    const args = [mainFile, "schedule", "pod.yaml", "--nodes", "1x4cpu/8Gi"];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.destroy();
    let stdout = "";
    child.stdout.on("data", (piece) => {
      stdout += String(piece);
    });
    const [status] = await once(child, "close");
    expect(stdout).toContain("1 of 1 pods");
    expect(status).toBe(0);
  });
});
