import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Imports a user's file, whichever way it is written.
 *
 * `npm init -y` says `"type": "commonjs"`, with which Node refuses an `export` in a `.ts` or `.js` file. Here a file that has one
 * is a module all the same, and so is what it imports by a path of its own.
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      const format = moduleFormatOf(resolved.url);
      return format === undefined ? resolved : { ...resolved, format };
    },
  });
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } finally {
    hooks.deregister();
  }
}

/** Set where a file's own text says that it is a module, and its name leaves it open. */
function moduleFormatOf(url: string): "module" | "module-typescript" | undefined {
  if (!/^file:.*\.[jt]s$/.test(url) || url.includes("/node_modules/")) return undefined;
  if (!/^(export|import)[\s{*"']/m.test(textOf(url))) return undefined;
  return url.endsWith(".ts") ? "module-typescript" : "module";
}

function textOf(url: string): string {
  try {
    return readFileSync(fileURLToPath(url), "utf8");
  } catch {
    // Node says itself, and better, that it is not there.
    return "";
  }
}

/** ` (mine.mjs:3)`: where a file's text is no program, which the error itself does not say; empty where Node cannot tell. */
export function placeOfMistake(error: unknown, path: string): string {
  if (!(error instanceof SyntaxError)) return "";
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8" });
  const line = Number.parseInt(stderr.split(`${path}:`)[1] ?? "", 10);
  return Number.isNaN(line) ? "" : ` (${basename(path)}:${line})`;
}
