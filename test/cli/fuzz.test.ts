import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FOUND, fuzz } from "../../src/cli/fuzz.ts";
import { scenarioFrom } from "../../src/cli/input.ts";
import { catalogueWith } from "../../src/cli/plugins.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import { mainFile } from "./command.ts";

/** Stops every old container at once, whatever the new ones do. */
const HASTY = `export const hasty = {
  kind: "strategy",
  name: "hasty",
  describe: "stops the old before the new is ready",
  plan: ({ next, previous, replicas }) => ({
    receiving: "all",
    scale: [{ release: next.id, desired: replicas }, ...previous.map(({ id }) => ({ release: id, desired: 0 }))],
    ...(next.available >= replicas ? { outcome: "completed" } : {}),
  }),
};
`;

describe("rehearse fuzz", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-fuzz-"));
    writeFileSync(join(folder, "hasty.mjs"), HASTY);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = () => ({
    quiet: true,
    plugin: [join(folder, "hasty.mjs")],
    out: join(folder, "counterexample.yaml"),
    corpus: join(folder, "corpus"),
    runs: 300,
    seed: 1,
  });

  test("finds what a hasty strategy does, and writes a small scenario that shows it again", async () => {
    expect(await fuzz(options())).toBe(FOUND);
    const text = readFileSync(options().out, "utf8");
    expect(text.split("\n").length).toBeLessThanOrEqual(28);
    const catalogue = await catalogueWith(options().plugin);
    const { scenario } = await scenarioFrom(options().out, catalogue, {});
    const violation = checkScenario(scenario, { catalogue });
    expect(violation?.invariant).toBe("last-capacity-kept");
    expect(text).toContain(`# Breaks ${violation?.invariant}`);
  });

  test("finds the same with the same seed", async () => {
    await fuzz(options());
    const first = readFileSync(options().out, "utf8");
    rmSync(join(folder, "corpus"), { recursive: true });
    await fuzz(options());
    expect(readFileSync(options().out, "utf8")).toBe(first);
  });

  test("tries what it found before first, and searches nothing else", async () => {
    await fuzz(options());
    expect(readdirSync(join(folder, "corpus")).filter((file) => file.endsWith(".yaml"))).toHaveLength(1);
    rmSync(options().out);
    expect(await fuzz(options())).toBe(FOUND);
    expect(existsSync(options().out)).toBe(false);
  });

  test("finds nothing where only another invariant is asked, and exits 0", async () => {
    expect(await fuzz({ ...options(), runs: 40, invariants: ["requests-conserved"] })).toBe(0);
    expect(existsSync(options().out)).toBe(false);
  });

  test.each([
    {
      flag: { invariants: ["no-flaping"] },
      message: "--invariants no-flaping: there is no such name (did you mean no-flapping?)",
    },
    { flag: { strategy: "canry" }, message: "--strategy canry: there is no such name (did you mean canary?)" },
    { flag: { scheduler: "no-such" }, message: "--scheduler no-such: there is no such name; expected one of default" },
    { flag: { for: "soon" }, message: "--for soon: expected a duration" },
    { flag: { for: "5s", runs: 3 }, message: "--runs and --for: give one of them" },
    { flag: { workers: "0" }, message: "--workers 0: expected auto, or a whole number from 1 to 64" },
    { flag: { hangAfter: "1ms" }, message: "--hang-after 1ms: expected at least 100ms" },
    { flag: { out: tmpdir() }, message: "this is a folder; give the name of a file" },
    { flag: { corpus: mainFile }, message: "is a file, where a folder is needed" },
  ])("refuses $flag with what would do", async ({ flag, message }) => {
    const { runs: _runs, ...rest } = options();
    await expect(fuzz({ ...rest, ...flag })).rejects.toThrow(message);
  });

  test("stops when its time is over", async () => {
    const { runs: _runs, ...rest } = options();
    mkdirSync(join(folder, "none"));
    expect(await fuzz({ ...rest, invariants: ["requests-conserved"], for: "200ms" })).toBe(0);
  });
});
