import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { watchHeart } from "../../src/cli/fuzzHeart.ts";
import { SLOTS } from "../../src/cli/fuzzTasks.ts";

/** How long, on the wall, a silent thread is waited for that is patiently given 100 ms; `idle` is its loop's idle time. */
async function waited(idle: () => number): Promise<number> {
  const worker = { performance: { eventLoopUtilization: () => ({ idle: idle() }) } } as unknown as Worker;
  const slots = new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT));
  const from = performance.now();
  await new Promise<void>((resolve) => {
    watchHeart({ worker, slots }, 100, resolve);
  });
  return performance.now() - from;
}

test("a thread that gets nothing of the processors is waited for longer", async () => {
  // Nothing is idle and nothing runs: this process waits, as a thread does on a machine that is busy with others.
  expect(await waited(() => 0)).toBeGreaterThan(250);
});

test("but not one that has nothing to do", async () => {
  expect(await waited(() => performance.now())).toBeLessThan(250);
});
