import { join } from "node:path";
import { below, type SectionResult } from "../section.ts";
import { shown, table } from "../table.ts";
import { measureInTurns } from "../turns.ts";

const DAY_S = 86_400;
const MOST_MEBIBYTES = 300;

/** A day at 1000 requests/s on ten containers, once: does memory grow with the requests? */
export function measureMemory(): SectionResult {
  const program = join(import.meta.dirname, "..", "programs", "rehearsal.ts");
  const [day] = measureInTurns(
    [{ name: "a day", command: process.execPath, arguments: [program, String(DAY_S), "1000", "10", "8", "40"] }],
    { warmups: 0, repeats: 1 },
  );
  if (day === undefined || day.skipped !== undefined) throw new Error(`the simulator itself failed: ${day?.skipped}`);
  const requests = day.rounds[0]?.units ?? Number.NaN;
  const rows = [[String(requests), shown(day.unitsPerSecond, 0), day.peakMebibytes.max.toFixed(0)]];
  return {
    title: "A day at 1000 requests/s",
    text: table(["requests", "requests/s", "peak MiB"], rows),
    targets: [below("a day at 1000 requests/s < 300 MiB", day.peakMebibytes.max, MOST_MEBIBYTES)],
    data: day,
  };
}
