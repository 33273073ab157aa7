import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { PluginError } from "../kernel/errors.ts";
import { BUILT_IN, type Catalogue, claimsToBePlugin, withPlugins } from "../simulation/catalogue.ts";
import { UsageError } from "./exitCodes.ts";

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
    const found = Object.values(await load(file, path)).filter(claimsToBePlugin);
    if (found.length === 0) {
      throw new PluginError(
        `--plugin ${file}: it exports no plug-in. Export an object with kind "strategy", "scheduler" or "scheduler-plugin".`,
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

async function load(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PluginError(`--plugin ${file}: it could not be loaded: ${reason}`);
  }
}
