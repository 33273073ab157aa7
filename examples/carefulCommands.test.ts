import fc from "fast-check";
import { commandsProperty } from "rehearsal/testkit";
import { test } from "vitest";
import { careful } from "./careful.ts";

test("careful does as it is told, whatever happens", () => {
  fc.assert(commandsProperty({ plugin: careful }), { numRuns: 300 });
}, 60_000);
