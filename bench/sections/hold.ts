import { join } from "node:path";
import { compile } from "../compiled.ts";
import { atLeast, type Effort, type SectionResult, type Target } from "../section.ts";
import { shown, table } from "../table.ts";
import { type Measured, measureInTurns, type Program } from "../turns.ts";

const STEPS = 3_000_000;
/** Pending events, and the least share of std::priority_queue's speed that the kernel's queue shall reach. */
const SIZES: readonly { readonly pending: number; readonly target: number }[] = [
  { pending: 1000, target: 0.6 },
  { pending: 100_000, target: 0.45 },
  { pending: 1_000_000, target: 0.5 },
];
const REFERENCE = "C++ std::priority_queue";
const QUEUE = "event queue";
const ENGINE = "engine: clock, handlers, digest";

/** The hold model: the event queue and the whole engine against C++'s own heap. */
export function measureHold(effort: Effort): SectionResult {
  const compiled = compile("hold");
  const program = (name: string) => join(import.meta.dirname, "..", "programs", name);
  const notes: string[] = [];
  if ("skipped" in compiled) notes.push(`${REFERENCE}: skipped, ${compiled.skipped}`);
  const rows: string[][] = [];
  const targets: Target[] = [];
  const data: Record<string, readonly Measured[]> = {};
  for (const { pending, target } of SIZES) {
    const load = [String(pending), String(STEPS)];
    const programs: Program[] = [
      { name: QUEUE, command: process.execPath, arguments: [program("holdQueue.ts"), ...load] },
      { name: ENGINE, command: process.execPath, arguments: [program("holdEngine.ts"), ...load] },
    ];
    if ("path" in compiled) programs.unshift({ name: REFERENCE, command: compiled.path, arguments: load });
    const measured = measureInTurns(programs, effort);
    data[String(pending)] = measured;
    notes.push(...disagreements(pending, measured));
    const reference = rateOf(measured, REFERENCE);
    for (const each of measured) rows.push(rowOf(pending, each, reference));
    const ratio = (rateOf(measured, QUEUE) ?? Number.NaN) / (reference ?? Number.NaN);
    if (reference !== undefined)
      targets.push(atLeast(`event queue at ${pending} pending >= ${target} of C++`, ratio, target));
  }
  const header = ["pending", "program", "steps/s: median (min to max)", "of C++", "peak MiB"];
  return { title: "Hold model", text: [table(header, rows), ...notes].join("\n"), targets, data };
}

function rowOf(pending: number, measured: Measured, reference: number | undefined): string[] {
  if (measured.skipped !== undefined) return [String(pending), measured.name, `skipped: ${measured.skipped}`];
  const { unitsPerSecond, peakMebibytes } = measured;
  const ratio = reference === undefined ? "" : (unitsPerSecond.median / reference).toFixed(2);
  return [String(pending), measured.name, shown(unitsPerSecond, 0), ratio, peakMebibytes.median.toFixed(0)];
}

function rateOf(all: readonly Measured[], name: string): number | undefined {
  const measured = all.find((each) => each.name === name);
  return measured?.skipped === undefined ? measured?.unitsPerSecond.median : undefined;
}

/** All programs draw the same numbers, so the clock after the last step must agree. */
function disagreements(pending: number, all: readonly Measured[]): string[] {
  const clocks = new Set(
    all.flatMap((each) => (each.skipped === undefined ? each.rounds.map((run) => run.agreed) : [])),
  );
  return clocks.size <= 1 ? [] : [`NOT THE SAME WORK at ${pending} pending: clocks ${[...clocks].join(", ")}`];
}
