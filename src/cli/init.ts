import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { starterScenario } from "../scenario/init.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import type { CommonOptions } from "./options.ts";
import { printJson, printText } from "./print.ts";
import { writeWholeFile } from "./wholeFile.ts";

/** `rehearse init`: a commented scenario, on stdout or in a new file. Returns the exit code. */
export async function init(name: string, options: CommonOptions & { readonly out?: string }): Promise<number> {
  const text = starterScenario(name, schemaSeenFrom(options.out === undefined ? "." : dirname(options.out)));
  if (options.out === undefined) {
    if (options.json === true) printJson({ name, scenario: text });
    else process.stdout.write(text);
    return EXIT.done;
  }
  if (existsSync(options.out)) {
    throw new UsageError(`${options.out}: it exists already, and would be lost. Choose another name with --out.`);
  }
  writeWholeFile(options.out, text, "--out");
  if (options.json === true) printJson({ name, file: options.out });
  else printText(`${options.out}: written. Try: rehearse run ${quoted(options.out)}`, options);
  return EXIT.done;
}

const SCHEMA = new URL("../../schema/scenario.schema.json", import.meta.url);

/**
 * Where an editor finds this package's schema from a file in `folder`: by a path as long as both are in one project, which then
 * works on other machines too; else by URL, and where the path has blanks, at which editors stop reading.
 */
function schemaSeenFrom(folder: string): string | undefined {
  const file = fileURLToPath(SCHEMA);
  if (!existsSync(file)) return undefined;
  const here = `${process.cwd()}${sep}`;
  const path = relative(resolve(folder), file).split(sep).join("/");
  const isNear = file.startsWith(here) && `${resolve(folder)}${sep}`.startsWith(here) && !/\s/u.test(path);
  if (!isNear) return SCHEMA.href;
  return path.startsWith(".") ? path : `./${path}`;
}
