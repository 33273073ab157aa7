import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // vitest leaves one processor free, and so would use one of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Simulations are work, not waiting: a slow machine is no failure.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
