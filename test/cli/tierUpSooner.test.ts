import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Counts the calls after which TurboFan has compiled a function: bit 6 of its status (V8, runtime.h, OptimizationStatus). */
const COUNT = `
  const isCompiled = new Function("f", "return (%GetOptimizationStatus(f) & 64) !== 0");
  function add(one, other) { return one * 3 + other; }
  let calls = 0;
  while (!isCompiled(add) && calls < 1_000_000) add(calls++, 3);
  console.log(calls);
`;

function callsBefore(prelude: string): { readonly calls: number; readonly said: string } {
  // On one thread V8 compiles where it decides to: the count then has nothing to do with how busy the machine is.
  const argv = ["--single-threaded", "--allow-natives-syntax", "--input-type=module", "-e", `${prelude}\n${COUNT}`];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  return { calls: Number(stdout), said: stderr };
}

test("functions are optimised after fewer calls, and V8 has nothing to say against it", () => {
  const file = new URL("../../src/cli/tierUpSooner.ts", import.meta.url).href;
  const usual = callsBefore("");
  const sooner = callsBefore(`import { tierUpSooner } from ${JSON.stringify(file)}; tierUpSooner();`);
  expect(sooner.said).toBe("");
  expect(sooner.calls).toBeGreaterThan(0);
  expect(sooner.calls).toBeLessThan(usual.calls);
});
