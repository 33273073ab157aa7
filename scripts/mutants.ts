/** Fuzzes every mutant of test/mutants and writes the table in docs/mutants.md: `node scripts/mutants.ts [name …]`. */
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { INVARIANTS } from "../src/testkit/invariants.ts";
import { huntMutant } from "../test/mutants/base/huntMutant.ts";
import { killersOf } from "../test/mutants/base/killersOf.ts";
import type { Mutant } from "../test/mutants/base/mutant.ts";

const FOLDER = "test/mutants";
const SEED = 1;
/** Of each mutant, in which every invariant is asked alone. */
const SCENARIOS = 120;

const wanted = process.argv.slice(2);
const files = readdirSync(FOLDER)
  .filter((file) => /^\d\d-.*\.ts$/.test(file) && !file.endsWith(".test.ts"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

const rows: string[] = [];
const sizes: number[] = [];
/** By invariant: the mutants that no other one kills, and how many it kills in all. */
const alone = new Map<string, string[]>();
const inAll = new Map<string, number>();
for (const file of files) {
  const { mutant } = (await import(pathToFileURL(join(FOLDER, file)).href)) as { mutant: Mutant };
  const kill = huntMutant(mutant, SEED);
  const name = `[${basename(file, ".ts")}](../${FOLDER}/${file})`;
  if (kill === undefined) {
    rows.push(`| ${name} | ${mutant.bug} | survived | ${mutant.within} | – |`);
    process.stdout.write(`SURVIVED ${file}: ${mutant.within} runs\n`);
    process.exitCode = 1;
    continue;
  }
  sizes.push(kill.lines);
  // A misdeed is not asked for, and ends the run by itself: it is no rival. What the hunt found counts too.
  const found = [kill.invariant, ...killersOf(mutant, SEED, SCENARIOS).keys()];
  const killers = [...new Set(found)].filter((one) => INVARIANTS.some((invariant) => invariant.name === one));
  for (const one of killers) inAll.set(one, (inAll.get(one) ?? 0) + 1);
  const [only, ...others] = killers;
  if (only !== undefined && others.length === 0) alone.set(only, [...(alone.get(only) ?? []), file.slice(0, 2)]);
  rows.push(`| ${name} | ${mutant.bug} | ${kill.invariant} | ${kill.runs} | ${kill.lines} |`);
  process.stdout.write(`${file}: ${kill.invariant} after ${kill.runs} runs, ${kill.lines} lines: ${kill.message}\n`);
}

const median = [...sizes].sort((one, other) => one - other)[Math.floor(sizes.length / 2)] ?? 0;
const page = `# Mutants

Does \`rehearse fuzz\` find bugs? Each of these is one small, realistic bug in a scheduler, a strategy or one of the simulator's own
parts, one a file. \`node scripts/mutants.ts\` fuzzes each at seed ${SEED} and writes this table: ${sizes.length} of ${files.length} are caught, and
the smallest scenario found has a median of ${median} lines of YAML. Each file says where such a bug was real.

| mutant | the bug | caught by | runs | lines |
|---|---|---|---:|---:|
${rows.join("\n")}

## What each invariant is good for

Every invariant asked alone, of the same ${SCENARIOS} scenarios of each mutant (those that need further runs of every third). An invariant
that kills nothing that others do not kill too earns nothing: its row then has a dash.

| invariant | mutants that it kills | that only it kills |
|---|---:|---|
${INVARIANTS.map(({ name }) => `| ${name} | ${inAll.get(name) ?? 0} | ${alone.get(name)?.join(", ") ?? "–"} |`).join("\n")}
`;
if (wanted.length === 0) writeFileSync("docs/mutants.md", page);
process.stdout.write(`${sizes.length} of ${files.length} caught; median ${median} lines\n`);
