import { stripVTControlCharacters } from "node:util";
import { EXIT } from "./exitCodes.ts";

/**
 * Tells the user what went wrong, on stderr, and returns the exit code. Users' mistakes never show a stack; a fault of ours
 * does, with the command that repeats it.
 */
export function reportFailure(failure: unknown, argv: readonly string[]): number {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const message = printable(error.message);
  switch (error.name) {
    case "ScenarioError":
    case "UsageError":
    case "ComparisonError":
    case "CheckError":
      process.stderr.write(`${message}\n`);
      return EXIT.input;
    case "PluginError":
      process.stderr.write(`${message}\n${repeatLine(argv)}`);
      return EXIT.plugin;
    case "Interrupted":
      process.stderr.write(`${message}\n`);
      return EXIT.interrupted;
    default:
      process.stderr.write(
        `This is a fault of rehearse itself, not of your scenario. Please report it with what follows.\n` +
          `${repeatLine(argv)}${error.stack ?? message}\n`,
      );
      return EXIT.internal;
  }
}

function repeatLine(argv: readonly string[]): string {
  return `To repeat it: rehearse ${argv.map(quoted).join(" ")}\n`;
}

/** One argument as a shell would take it. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** Names in a message may come from anywhere: nothing in them may drive the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}
