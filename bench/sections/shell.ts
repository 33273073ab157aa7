import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { below, type Effort, type SectionResult, type Target } from "../section.ts";
import { shown, table } from "../table.ts";
import { spreadOf, wallSecondsOf } from "../turns.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** As installed from the package where it is built, else from the source. */
const ENTRIES = [join(ROOT, "dist", "cli", "main.js"), join(ROOT, "src", "cli", "main.ts")];
const COURSE = join(ROOT, "scenarios", "course", "04-release-compared.yaml");
const OUT = "OUT";
const COMMANDS: readonly { readonly name: string; readonly arguments: readonly string[]; readonly limitS: number }[] = [
  { name: "rehearse --help", arguments: ["--help"], limitS: 0.15 },
  {
    name: "the course's comparison, report included",
    arguments: ["compare", COURSE, "--strategies", "recreate,rolling,blue-green", "--quiet", "--out", OUT],
    limitS: 4,
  },
];

/** What a person at the shell waits for; the targets are the built command's, where there is one. */
export function measureShell(effort: Effort): SectionResult {
  const rows: string[][] = [];
  const notes: string[] = [];
  const targets: Target[] = [];
  const data: Record<string, readonly number[]> = {};
  const entries = ENTRIES.filter((entry) => existsSync(entry));
  if (entries.length < ENTRIES.length) notes.push("The built command is skipped: npm run build makes it.");
  for (const entry of entries) {
    for (const command of COMMANDS) {
      const name = `${command.name} (${entry.endsWith(".ts") ? "source" : "built"})`;
      const seconds = timesOf(entry, command.arguments, effort);
      if (typeof seconds === "string") {
        notes.push(`${name} failed: ${seconds}`);
        targets.push({ claim: `${name} works`, measured: Number.NaN, isMet: false });
        continue;
      }
      const spread = spreadOf(seconds);
      rows.push([name, shown(spread, 3)]);
      if (entry === entries[0]) targets.push(below(`${name} < ${command.limitS} s`, spread.median, command.limitS));
      data[name] = seconds;
    }
  }
  const text = [table(["command", "s: median (min to max)"], rows), ...notes].join("\n");
  return { title: "At the shell", text, targets, data };
}

function timesOf(entry: string, rest: readonly string[], effort: Effort): number[] | string {
  const times: number[] = [];
  const out = mkdtempSync(join(tmpdir(), "bench-report-"));
  try {
    for (let round = 0; round < effort.warmups + effort.repeats; round++) {
      const filled = rest.map((argument) => (argument === OUT ? out : argument));
      const seconds = wallSecondsOf({ name: "", command: process.execPath, arguments: [entry, ...filled] });
      if (typeof seconds === "string") return seconds;
      if (round >= effort.warmups) times.push(seconds);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return times;
}
