/** Scenarios made and checked for every invariant, with the built-in parts: fuzz.ts RUNS SEED. */
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { Fuzzer } from "../../src/testkit/fuzzer.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";
import { numberArgument, report } from "./result.ts";

const runs = numberArgument(0);
const fuzzer = new Fuzzer({ catalogue: BUILT_IN, choices: {}, invariants: INVARIANTS, seed: numberArgument(1) });
const before = process.cpuUsage();
const find = fuzzer.search(runs);
const { user, system } = process.cpuUsage(before);
if (find !== undefined) throw new Error(`${find.violation.invariant} broke: ${find.violation.message}`);
// What one core does in a second: the time of all threads, compiling and collecting garbage included.
report({ units: fuzzer.runs, seconds: (user + system) / 1e6, agreed: fuzzer.coverage.size });
