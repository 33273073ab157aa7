import { join } from "node:path";
import { compile } from "../compiled.ts";
import { atLeast, below, type Effort, type SectionResult } from "../section.ts";
import { shown, table } from "../table.ts";
import { type Measured, measureInTurns, type Program } from "../turns.ts";

const HOUR_S = 3600;
const REHEARSAL = "rehearsal, the whole model";
const LEAST_REQUESTS_PER_SECOND = 1_000_000;
const MOST_MEBIBYTES = 150;

/** Five containers of four slots, Poisson 400/s for an hour, service Exp(40 ms), round robin. */
export function measureContainers(effort: Effort): SectionResult {
  const program = (name: string) => join(import.meta.dirname, "..", "programs", name);
  const node = (name: string, file: string, rest: readonly string[]): Program => ({
    name,
    command: process.execPath,
    arguments: [program(file), ...rest],
  });
  const compiled = compile("fiveContainers");
  const programs = [
    node(REHEARSAL, "rehearsal.ts", [String(HOUR_S), "400", "5", "4", "40"]),
    node("simjs, bare queues", "simjs.ts", [String(HOUR_S)]),
    // It looks through all its events at each step: a minute says enough.
    node("simscript, bare queues, 1 min", "simscript.ts", ["60"]),
  ];
  const notes: string[] = [];
  if ("path" in compiled)
    programs.push({ name: "C++, bare queues", command: compiled.path, arguments: [String(HOUR_S)] });
  else notes.push(`C++: skipped, ${compiled.skipped}`);
  const measured = measureInTurns(programs, effort);
  const header = ["program", "requests/s: median (min to max)", "peak MiB", "whole process, s", "mean latency, ms"];
  const ours = measured.find((each) => each.name === REHEARSAL);
  if (ours === undefined || ours.skipped !== undefined)
    throw new Error(`the simulator itself failed: ${ours?.skipped}`);
  return {
    title: "Five containers, one hour",
    text: [table(header, measured.map(rowOf)), ...notes].join("\n"),
    targets: [
      atLeast("five containers >= 1,000,000 requests/s", ours.unitsPerSecond.median, LEAST_REQUESTS_PER_SECOND),
      below("five containers < 150 MiB", ours.peakMebibytes.max, MOST_MEBIBYTES),
    ],
    data: measured,
  };
}

function rowOf(measured: Measured): string[] {
  if (measured.skipped !== undefined) return [measured.name, `skipped: ${measured.skipped}`];
  const { name, unitsPerSecond, peakMebibytes, wallSeconds, rounds } = measured;
  const latency = rounds[0]?.agreed.toFixed(2) ?? "";
  return [name, shown(unitsPerSecond, 0), peakMebibytes.median.toFixed(0), wallSeconds.median.toFixed(2), latency];
}
