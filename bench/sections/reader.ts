import { join } from "node:path";
import { below, type Effort, type SectionResult } from "../section.ts";
import { shown, table } from "../table.ts";
import { measureInTurns, spreadOf } from "../turns.ts";

const MOST_SECONDS = 0.4;
const WAYS = [
  { name: "as the command reads", way: "fast" },
  { name: "all by the package yaml", way: "package" },
] as const;

/** A million characters of real manifests, read once in a fresh process: what a user waits for. */
export function measureReader(effort: Effort): SectionResult {
  const program = join(import.meta.dirname, "..", "programs", "reader.ts");
  const programs = WAYS.map(({ name, way }) => ({ name, command: process.execPath, arguments: [program, way] }));
  const measured = measureInTurns(programs, effort).map((one) => {
    if (one.skipped !== undefined) throw new Error(`the reader itself failed: ${one.skipped}`);
    return { ...one, seconds: spreadOf(one.rounds.map(({ seconds, units }) => (seconds * 1e6) / units)) };
  });
  const rows = measured.map(({ name, seconds, peakMebibytes }) => [
    name,
    shown(seconds, 2),
    peakMebibytes.median.toFixed(0),
  ]);
  const [fast] = measured;
  return {
    title: "Reading manifests, for each MB of YAML",
    text: table(["", "s of processor time: median (min to max)", "peak MiB"], rows),
    targets:
      fast === undefined ? [] : [below(`1 MB of manifests < ${MOST_SECONDS} s`, fast.seconds.median, MOST_SECONDS)],
    data: measured,
  };
}
