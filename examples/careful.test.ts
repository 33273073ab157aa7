import fc from "fast-check";
import { strategyProperty } from "rehearsal/testkit";
import { test } from "vitest";
import { careful } from "./careful.ts";

test("careful never breaks an invariant", () => {
  fc.assert(strategyProperty(careful), { numRuns: 500 });
}, 60_000);
