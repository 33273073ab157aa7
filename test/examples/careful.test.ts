import { join } from "node:path";
import fc from "fast-check";
import { vi } from "vitest";
import { ROOT } from "../docs/pages.ts";

// The package's own name leads to its built files; here to their source.
vi.mock("rehearsal/testkit", () => import("../../src/testkit/index.ts"));

// The page leaves the seed to chance, as its readers do.
fc.configureGlobal({ seed: 5 });

// The tests on the page become tests of this file.
await import(join(ROOT, "examples", "careful.test.ts"));
await import(join(ROOT, "examples", "carefulCommands.test.ts"));
