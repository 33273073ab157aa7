/** Fuzzes every mutant of test/mutants and writes the table in docs/mutants.md: `node scripts/mutants.ts [name …]`. */
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { huntMutant } from "../test/mutants/base/huntMutant.ts";
import type { Mutant } from "../test/mutants/base/mutant.ts";

const FOLDER = "test/mutants";
const SEED = 1;

const wanted = process.argv.slice(2);
const files = readdirSync(FOLDER)
  .filter((file) => /^\d\d-.*\.ts$/.test(file) && !file.endsWith(".test.ts"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

const rows: string[] = [];
const sizes: number[] = [];
const killers = new Map<string, number>();
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
  killers.set(kill.invariant, (killers.get(kill.invariant) ?? 0) + 1);
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

## Who catches how many first

${[...killers]
  .sort(([, one], [, other]) => other - one)
  .map(([invariant, count]) => `- ${invariant}: ${count}`)
  .join("\n")}
`;
if (wanted.length === 0) writeFileSync("docs/mutants.md", page);
process.stdout.write(`${sizes.length} of ${files.length} caught; median ${median} lines\n`);
