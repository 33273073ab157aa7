// Runs anywhere: it is bundled and handed to other engines, which have no file system and no modules of ours.
import { simulate } from "../../src/simulation/simulation.ts";
import { varied } from "./varied.ts";

/** Everything that a run says of itself, as one text for each scenario: the digest of its history and all its figures. */
export function histories(): string[] {
  return varied().map((scenario) => JSON.stringify(simulate(scenario)));
}
