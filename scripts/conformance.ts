/** Runs the conformance cases and writes what passed to docs/conformance.md: `node scripts/conformance.ts [--folder F] [--print]`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ConformanceCase, conformanceCases } from "../test/conformance/conformanceCases.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    folder: { type: "string", default: join(root, "test", "conformance", "cases") },
    print: { type: "boolean", default: false },
  },
});

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** How many of those passed or failed we chose ourselves. */
  own: number;
}

function passes(one: ConformanceCase): boolean {
  try {
    return one.run().length === 0;
  } catch {
    // An unknown function or plugin: a case known and not passed.
    return false;
  }
}

/** Whether we chose the case from the tables ourselves: those given to us stand in the other folders. */
function isOwn({ file }: ConformanceCase): boolean {
  return file.startsWith("own/");
}

function tallies(cases: readonly ConformanceCase[]): ReadonlyMap<string, Tally> {
  const bySubject = new Map<string, Tally>();
  for (const one of cases) {
    const tally = bySubject.get(one.subject) ?? { passed: 0, failed: 0, skipped: 0, own: 0 };
    bySubject.set(one.subject, tally);
    if (one.skip === undefined && isOwn(one)) tally.own++;
    if (one.skip !== undefined) tally.skipped++;
    else if (passes(one)) tally.passed++;
    else tally.failed++;
  }
  return bySubject;
}

function tableOf(title: string, cases: readonly ConformanceCase[]): string {
  const rows = [...tallies(cases)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([subject, { passed, failed, skipped, own }]) => {
      const known = passed + failed;
      return `| ${subject} | ${passed} | ${known} | ${known - own} + ${own} | ${skipped} |`;
    });
  const head = [`| ${title} | passed | known | given + own | not run |`, "| --- | ---: | ---: | ---: | ---: |"];
  return [...head, ...rows].join("\n");
}

const cases = conformanceCases(values.folder);
const inFolder = (folder: string) =>
  cases.filter(({ file }) => file.startsWith(`${folder}/`) || file.startsWith(`own/${folder}/`));
const scheduler = inFolder("kube-scheduler");
const others = cases.filter((one) => !scheduler.includes(one));
const counted = cases.filter(({ skip }) => skip === undefined);
const passed = counted.filter(passes).length;
const text = `# Conformance

Made by \`node scripts/conformance.ts\`; do not edit.

The cases under \`test/conformance/cases\` are inputs and expected outputs out of the real systems' own test tables, kept as facts with
their sources. Each runs through the code that the simulator runs. ${passed} of ${counted.length} pass.

"Given + own": the collection this project was given, and what we chose from the same tables since (\`test/conformance/cases/own\`).

"Not run" are rows that a newer release contradicts, or that cannot be told as data; each says why in its file.

## Scheduler

kube-scheduler: the tables of release 1.23, with the rows that revisions up to 2026 changed or added taken from those. Where they differ,
the simulator follows the later ones.

${tableOf("plugin", scheduler)}

## Controllers and rollouts

Kubernetes: deployment, scaling and disruption tables of a recent commit; autoscaler behaviour of about 1.23, replica calculator of about
1.19. Argo Rollouts: the commits named in the files.

${tableOf("function", others)}
`;
if (values.print) console.log(text);
else writeFileSync(join(root, "docs", "conformance.md"), text);
console.log(`${passed} of ${counted.length} cases pass.`);
process.exitCode = passed === counted.length ? 0 : 1;
