/** Measures speed and memory: `node bench/main.ts [--quick] [hold] [containers] [memory] [shell] [fuzz]`; see README.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Effort, SectionResult } from "./section.ts";
import { measureContainers } from "./sections/containers.ts";
import { measureFuzz } from "./sections/fuzz.ts";
import { measureHold } from "./sections/hold.ts";
import { measureMemory } from "./sections/memory.ts";
import { measureReader } from "./sections/reader.ts";
import { measureShell } from "./sections/shell.ts";
import { table } from "./table.ts";

const SECTIONS: ReadonlyMap<string, (effort: Effort) => SectionResult> = new Map([
  ["hold", measureHold],
  ["containers", measureContainers],
  ["memory", measureMemory],
  ["shell", measureShell],
  ["fuzz", measureFuzz],
  ["reader", measureReader],
]);

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !SECTIONS.has(name));
if (unknown === undefined) run(positionals.length > 0 ? positionals : [...SECTIONS.keys()], values.quick);
else {
  console.error(`There is no part "${unknown}" of the bench: choose from ${[...SECTIONS.keys()].join(", ")}.`);
  process.exitCode = 2;
}

function run(names: readonly string[], isQuick: boolean): void {
  const effort: Effort = isQuick ? { warmups: 0, repeats: 1 } : { warmups: 1, repeats: 5 };
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
    // Of the minute before: what else the machine was busy with.
    loadBefore: loadavg()[0] ?? 0,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
  };
  console.log(`Node ${machine.node}, ${machine.platform}, ${machine.cpu}, ${machine.memoryGibibytes} GiB`);
  console.log(`${effort.warmups} warm-up and ${effort.repeats} measured rounds, programs in turns`);
  if (machine.loadBefore > cpus().length / 2)
    console.log(
      `The machine is busy (load ${machine.loadBefore.toFixed(1)} on ${cpus().length} cores): times will be too long.`,
    );
  console.log("");
  const sections: SectionResult[] = [];
  for (const name of names) {
    const section = SECTIONS.get(name)?.(effort);
    if (section === undefined) continue;
    sections.push(section);
    console.log(`${section.title}\n\n${section.text}\n`);
  }
  const targets = sections.flatMap((section) => section.targets);
  const rows = targets.map(({ claim, measured, isMet }) => [claim, measured.toPrecision(3), isMet ? "met" : "MISSED"]);
  console.log(table(["target", "measured", ""], rows));
  const folder = join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${names.join("-")}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ machine, effort, sections: sections.map(({ text: _, ...rest }) => rest) }, null, 2)}\n`,
  );
  console.log("\nAll rounds are in bench/results/.");
}
