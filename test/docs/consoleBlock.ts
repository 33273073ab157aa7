import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT } from "../../src/cli/exitCodes.ts";
import { ROOT } from "./pages.ts";

/** One command of a console block, and what the page says that it prints. */
export interface Exchange {
  readonly command: string;
  readonly output: string;
}

/** A console block's commands: each begins with `$ `, and what it prints follows. */
export function exchangesOf(body: string): Exchange[] {
  const exchanges: { command: string; output: string }[] = [];
  for (const line of body.split("\n").slice(0, -1)) {
    const last = exchanges.at(-1);
    if (line.startsWith("$ ")) exchanges.push({ command: line.slice(2), output: "" });
    else if (last !== undefined) last.output += `${line}\n`;
  }
  return exchanges;
}

/**
 * What `rehearse …` prints when it is run in the project's folder: both streams, as a terminal would mix them.
 *
 * The wall clock's part, which no page can know, is left out.
 */
export function printed(command: string): string {
  const folder = mkdtempSync(join(tmpdir(), "rehearsal-docs-"));
  const file = join(folder, "output");
  const sink = openSync(file, "w");
  try {
    const node = join(ROOT, "node_modules", ".bin", "node");
    const [, ...words] = wordsOf(command);
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
    const { status } = spawnSync(node, [join(ROOT, "src", "cli", "main.ts"), ...words], {
      cwd: ROOT,
      stdio: ["ignore", sink, sink],
      env: { ...env, NO_COLOR: "1" },
    });
    const output = withoutWallClock(readFileSync(file, "utf8"));
    if (status === null || status === EXIT.internal) throw new Error(`${command}: ended with ${status}:\n${output}`);
    return output;
  } finally {
    closeSync(sink);
    rmSync(folder, { recursive: true });
  }
}

/** `269,928 events in 605 ms` becomes `269,928 events in … ms`. */
export function withoutWallClock(text: string): string {
  return text.replaceAll(/ events in [\d.,]+ m?s$/gm, " events in … ms");
}

/** A command line's words, with single and double quotes as a shell has them. */
export function wordsOf(command: string): string[] {
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
}
