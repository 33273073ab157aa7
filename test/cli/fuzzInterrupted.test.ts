import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mainFile, rehearse } from "./command.ts";

/**
 * Stops every old container at once, which any release shows; slow, and writes down that it was asked for the hundredth time:
 * that many questions come only once the find is being made smaller.
 */
const SLOW = `import { writeFileSync } from "node:fs";
let asked = 0;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
export const slow = {
  kind: "strategy",
  name: "slow",
  describe: "stops the old before the new is ready, slowly",
  plan: ({ next, previous, replicas }) => {
    if (++asked === 100) writeFileSync("asked-often", "");
    if (asked > 20) Atomics.wait(sleeper, 0, 0, 20);
    return {
      receiving: "all",
      scale: [{ release: next.id, desired: replicas }, ...previous.map(({ id }) => ({ release: id, desired: 0 }))],
      ...(next.available >= replicas ? { outcome: "completed" } : {}),
    };
  },
};
`;

/** Moves the traffic when the new ones are available; writes down that worlds are being run. */
const SOUND = `import { writeFileSync } from "node:fs";
let asked = 0;
export const sound = {
  kind: "strategy",
  name: "sound",
  describe: "new ones first, then the traffic, then the old ones go",
  plan: ({ next, previous, replicas }) => {
    if (++asked === 100) writeFileSync("asked-often", "");
    const start = { release: next.id, desired: replicas };
    if (next.available < replicas) return { scale: [start] };
    return {
      receiving: "all",
      scale: [start, ...previous.map(({ id }) => ({ release: id, desired: 0 }))],
      outcome: "completed",
    };
  },
};
`;

describe("Ctrl-C", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-ctrl-c-"));
    writeFileSync(join(folder, "slow.mjs"), SLOW);
    writeFileSync(join(folder, "sound.mjs"), SOUND);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Starts a command, and waits until its plug-in has been asked often. */
  async function begun(
    args: readonly string[],
  ): Promise<{ child: ChildProcess; said: () => string; ended: Promise<unknown> }> {
    const child = spawn(process.execPath, [mainFile, "fuzz", ...args], { cwd: folder });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
    while (!existsSync(join(folder, "asked-often"))) await new Promise((wake) => setTimeout(wake, 20));
    return { child, said: () => text, ended };
  }

  test("while a find is made smaller keeps it as small as it is by then", async () => {
    const args = ["--plugin", "slow.mjs", "--invariants", "last-capacity-kept", "--workers", "1"];
    const { child, said, ended } = await begun(args);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(said()).toContain("smaller scenarios were tried, and more were left to try");
    expect(readFileSync(join(folder, "counterexample.yaml"), "utf8")).toMatch(/^# Breaks last-capacity-kept at /);
  });

  test("twice ends at once, and leaves a corpus that the next search reads", async () => {
    const args = ["--plugin", "sound.mjs", "--invariants", "requests-conserved", "--for", "10m", "--corpus", "kept"];
    const { child, ended } = await begun(args);
    child.kill("SIGINT");
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect([130, "SIGINT"]).toContain(await ended);
    const again = rehearse(folder, ["fuzz", ...args.slice(0, 4), "--runs", "20", "--corpus", "kept"]);
    expect(again.status).toBe(0);
  });

  test("ends an exhaustive search, and says how many worlds were run", async () => {
    const { child, said, ended } = await begun(["--exhaustive", "--plugin", "sound.mjs", "--worlds", "1000000"]);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(said()).toMatch(/^Interrupted: no invariant broke in the first [\d,]+ worlds\.$/m);
  });
});

test.each([
  ["--runs", "0"],
  ["--runs", "-1"],
  ["--runs", "many"],
])("%s %s is refused: what is a search of nothing?", (...args) => {
  const { status, stderr } = rehearse(tmpdir(), ["fuzz", ...args]);
  expect(stderr).toContain(`argument '${args[1]}' is invalid. Give a whole number from 1.`);
  expect(status).toBe(2);
});
