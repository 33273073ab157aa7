import { join } from "node:path";
import { atLeast, type Effort, type SectionResult } from "../section.ts";
import { shown, table } from "../table.ts";
import { measureInTurns } from "../turns.ts";

const RUNS = 3000;
const SEED = 1;
const LEAST_RUNS_PER_SECOND = 300;

/** Random clusters, each run under watch: how many a second on one core. The target is for small ones. */
export function measureFuzz(effort: Effort): SectionResult {
  const program = join(import.meta.dirname, "..", "programs", "fuzz.ts");
  const common = [program, String(RUNS), String(SEED)];
  const measured = measureInTurns(
    [
      { name: "small clusters", command: process.execPath, arguments: [...common, "small"] },
      { name: "all features", command: process.execPath, arguments: common },
    ],
    effort,
  );
  const [small] = measured;
  if (small === undefined || small.skipped !== undefined)
    throw new Error(`the fuzzer itself failed: ${small?.skipped}`);
  const rows = measured.map((one) =>
    one.skipped === undefined
      ? [one.name, String(RUNS), shown(one.unitsPerSecond, 0), one.peakMebibytes.median.toFixed(0)]
      : [one.name, one.skipped, "", ""],
  );
  return {
    title: "Fuzz runs, all invariants, built-in parts",
    text: table(["scenarios", "runs", "runs/s of one core: median (min to max)", "peak MiB"], rows),
    targets: [atLeast("fuzz >= 300 runs/s on one core", small.unitsPerSecond.median, LEAST_RUNS_PER_SECOND)],
    data: measured,
  };
}
