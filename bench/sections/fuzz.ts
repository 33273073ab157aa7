import { join } from "node:path";
import { atLeast, type Effort, type SectionResult } from "../section.ts";
import { shown, table } from "../table.ts";
import { measureInTurns } from "../turns.ts";

const RUNS = 3000;
const SEED = 1;
const LEAST_RUNS_PER_SECOND = 300;

/** Random small clusters, each run under watch: how many a second on one core. */
export function measureFuzz(effort: Effort): SectionResult {
  const program = join(import.meta.dirname, "..", "programs", "fuzz.ts");
  const [fuzz] = measureInTurns(
    [{ name: "fuzz", command: process.execPath, arguments: [program, String(RUNS), String(SEED)] }],
    effort,
  );
  if (fuzz === undefined || fuzz.skipped !== undefined) throw new Error(`the fuzzer itself failed: ${fuzz?.skipped}`);
  const rows = [[String(RUNS), shown(fuzz.unitsPerSecond, 0), fuzz.peakMebibytes.median.toFixed(0)]];
  return {
    title: "Fuzz runs, all invariants, built-in parts",
    text: table(["runs", "runs/s of one core: median (min to max)", "peak MiB"], rows),
    targets: [atLeast("fuzz >= 300 runs/s on one core", fuzz.unitsPerSecond.median, LEAST_RUNS_PER_SECOND)],
    data: fuzz,
  };
}
