/**
 * Scenarios made and checked for every invariant, with the built-in parts: fuzz.ts RUNS SEED [small].
 *
 * A search is minutes of runs, so that the first ones, in which the engine's code is still being compiled, are not counted.
 * `small`: without the features that make a scenario several times larger than the rest.
 */
import { tierUpSooner } from "../../src/cli/tierUpSooner.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { FEATURES, type Feature } from "../../src/testkit/arbitraries/features.ts";
import { Fuzzer } from "../../src/testkit/fuzzer.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";
import { numberArgument, report } from "./result.ts";

const WARM_UP_RUNS = 5000;
const LARGE: ReadonlySet<Feature> = new Set(["many-replicas", "third-service"]);

// As `rehearse fuzz` does.
tierUpSooner();
const runs = numberArgument(0);
const features = process.argv[4] === "small" ? FEATURES.filter((feature) => !LARGE.has(feature)) : FEATURES;
const fuzzer = new Fuzzer({
  catalogue: BUILT_IN,
  choices: { features },
  invariants: INVARIANTS,
  seed: numberArgument(1),
});
const early = fuzzer.search(WARM_UP_RUNS);
const before = process.cpuUsage();
const find = early ?? fuzzer.search(runs);
const { user, system } = process.cpuUsage(before);
if (find !== undefined) throw new Error(`${find.violation.invariant} broke: ${find.violation.message}`);
// What one core does in a second: the time of all threads, compiling and collecting garbage included.
report({ units: runs, seconds: (user + system) / 1e6, agreed: fuzzer.coverage.size });
