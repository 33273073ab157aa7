import { existsSync, renameSync, writeFileSync } from "node:fs";
import { starterScenario } from "../scenario/init.ts";
import { EXIT, UsageError } from "./exitCodes.ts";
import type { CommonOptions } from "./options.ts";
import { printJson, printText } from "./print.ts";

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
  const fresh = `${options.out}.new-${process.pid}`;
  try {
    writeFileSync(fresh, text, { flag: "wx" });
    renameSync(fresh, options.out);
  } catch (error) {
    throw new UsageError(
      `${options.out}: it cannot be written (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  if (options.json === true) printJson({ name, file: options.out });
  else printText(`${options.out}: written. Try: rehearse run ${options.out}`, options);
  return EXIT.done;
}
