import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readScenario } from "../../src/scenario/readScenario.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";

const FOLDER = fileURLToPath(new URL("regressions/", import.meta.url));

/** What `rehearse fuzz` found in this program, as small as it got. */
test.each(readdirSync(FOLDER).filter((file) => file.endsWith(".yaml")))("%s breaks no invariant any more", (file) => {
  const { scenario } = readScenario(readFileSync(FOLDER + file, "utf8"), {
    file,
    catalog: BUILT_IN,
    readFile: () => {
      throw new Error("a find needs no other file");
    },
  });
  expect(checkScenario(scenario, { catalogue: BUILT_IN })).toBeUndefined();
});
