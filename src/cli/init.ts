import { existsSync } from "node:fs";
import { starterScenario } from "../scenario/init.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import type { CommonOptions } from "./options.ts";
import { printJson, printText } from "./print.ts";
import { writeWholeFile } from "./wholeFile.ts";

/** `rehearse init`: a commented scenario, on stdout or in a new file. Returns the exit code. */
export async function init(name: string, options: CommonOptions & { readonly out?: string }): Promise<number> {
  const text = starterScenario(name);
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
