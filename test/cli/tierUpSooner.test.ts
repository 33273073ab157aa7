import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Counts the calls after which TurboFan has compiled a function: bit 6 of its status (V8, runtime.h, OptimizationStatus). */
const COUNT = `
  const isCompiled = new Function("f", "return (%GetOptimizationStatus(f) & 64) !== 0");
  function add(one, other) { return one * 3 + other; }
  let calls = 0;
  const rest = () => new Promise((resolve) => setTimeout(resolve, 2));
  while (!isCompiled(add) && calls < 200_000) { for (let i = 0; i < 100; i++) add(calls++, 3); await rest(); }
  console.log(calls);
`;

function callsBefore(prelude: string): { readonly calls: number; readonly said: string } {
  const argv = ["--allow-natives-syntax", "--input-type=module", "-e", `${prelude}\n${COUNT}`];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  return { calls: Number(stdout), said: stderr };
}

test("functions are optimised after fewer calls, and V8 has nothing to say against it", () => {
  const file = new URL("../../src/cli/tierUpSooner.ts", import.meta.url).href;
  const usual = callsBefore("");
  const sooner = callsBefore(`import { tierUpSooner } from ${JSON.stringify(file)}; tierUpSooner();`);
  expect(sooner.said).toBe("");
  expect(sooner.calls).toBeLessThan(usual.calls);
});
