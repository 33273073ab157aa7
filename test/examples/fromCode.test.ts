import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ROOT } from "../docs/pages.ts";

// The package's own name leads to its built files; here to their source.
vi.mock("rehearsal", () => import("../../src/index.ts"));

test("a program gets from the package what the command line gets", async () => {
  const { failedRequests } = await import(join(ROOT, "examples", "fromCode.ts"));
  const [first, second, ...rest] = failedRequests(join(ROOT, "examples", "rack-aware.yaml"), [1, 2]);
  expect(first).toEqual({ shop: 943 });
  expect(second.shop).toBeGreaterThan(500);
  expect(second).not.toEqual(first);
  expect(rest).toEqual([]);
});
