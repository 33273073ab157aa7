import { formatProblem } from "../scenario/scenarioError.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { mistakesInExpect } from "./expectMistakes.ts";
import { scenarioFrom } from "./input.ts";
import type { CommonOptions } from "./options.ts";
import { catalogueWith } from "./plugins.ts";
import { printJson, printText } from "./print.ts";

interface Finding {
  readonly file: string;
  readonly valid: boolean;
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
}

/** `rehearse validate`: checks every file, and goes on after one that is wrong. Returns the exit code. */
export async function validate(files: readonly string[], options: CommonOptions): Promise<number> {
  const catalogue = await catalogueWith(options.plugin ?? []);
  const findings: Finding[] = [];
  for (const file of files) findings.push(await check(file, catalogue, options));
  for (const { file, valid, warnings, problems } of findings) {
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    // Those of manifests name their place, and with it the file.
    for (const warning of warnings) {
      printText(warning.startsWith(file) ? `warning: ${warning}` : `${file}: warning: ${warning}`, options);
    }
    if (valid) printText(`${file}: valid`, options);
  }
  if (options.json === true) printJson(findings);
  return findings.every(({ valid }) => valid) ? EXIT.done : EXIT.input;
}

async function check(path: string, catalogue: Catalogue, options: CommonOptions): Promise<Finding> {
  const file = path === "-" ? "stdin" : path;
  try {
    const read = await scenarioFrom(path, catalogue, options);
    const { warnings } = read;
    const problems = mistakesInExpect(read).map(formatProblem);
    return { file, valid: problems.length === 0, warnings, problems };
  } catch (error) {
    if (!(error instanceof Error) || (error.name !== "ScenarioError" && !(error instanceof UsageError))) throw error;
    return { file, valid: false, warnings: [], problems: [error.message] };
  }
}
