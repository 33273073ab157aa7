import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { PluginError, thrownAt } from "../kernel/errors.ts";
import { BUILT_IN, type Catalogue, claimsToBePlugin, withPlugins } from "../simulation/catalogue.ts";
import { UsageError } from "./exitCodes.ts";
import { importModule, placeOfMistake } from "./importModule.ts";

/**
 * The built-in catalogue with every plug-in that these files export.
 *
 * @throws UsageError for a file that is not there, PluginError for one that throws or exports no plug-in.
 */
export async function catalogueWith(files: readonly string[]): Promise<Catalogue> {
  let catalogue = BUILT_IN;
  for (const file of files) {
    const path = resolve(file);
    if (!existsSync(path)) throw new UsageError(`--plugin ${file}: there is no such file. Check the path.`);
    const exported = exportsOf(await load(file, path));
    const found = [...new Set(exported.values())].filter(claimsToBePlugin);
    if (found.length === 0) {
      throw new PluginError(
        `--plugin ${file}: it exports ${inWords(exported)}. Export an object with kind "strategy", "scheduler" or "scheduler-plugin".`,
      );
    }
    try {
      catalogue = withPlugins(catalogue, found);
    } catch (error) {
      throw new PluginError(`--plugin ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return catalogue;
}

async function load(file: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importModule(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const place = thrownAt(error) || placeOfMistake(error, path);
    throw new PluginError(`--plugin ${file}: it could not be loaded: ${reason}${place}`);
  }
}

/** By name. What CommonJS exports as one object arrives as the default export: its values count too. */
function exportsOf(module: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const { default: whole } = module;
  const inner = typeof whole === "object" && whole !== null && !claimsToBePlugin(whole) ? Object.entries(whole) : [];
  // Node names the whole of a CommonJS module a second time.
  return new Map([...inner, ...Object.entries(module)].filter(([name]) => name !== "module.exports"));
}

/** `no plug-in`, or what there is instead: `no plug-in, but careful (a function)`. */
function inWords(exported: ReadonlyMap<string, unknown>): string {
  const others = [...exported].map(([name, value]) => `${name} (a ${value === null ? "null" : typeof value})`);
  return others.length === 0 ? "nothing" : `no plug-in, but ${others.join(", ")}`;
}
