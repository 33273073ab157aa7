import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // Simulations are work, not waiting: a slow machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
