import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BUILT_IN, readScenario, simulate, withPlugins } from "rehearsal";
import { rackAware } from "./rackAware.ts";

/** Failed requests of each service of a scenario, for each of some seeds. */
export function failedRequests(file: string, seeds: readonly number[]): Record<string, number>[] {
  const catalogue = withPlugins(BUILT_IN, [rackAware]);
  const readBeside = (path: string) => readFileSync(resolve(dirname(file), path));
  const { scenario } = readScenario(readFileSync(file, "utf8"), { file, catalog: catalogue, readFile: readBeside });
  return seeds.map((seed) => {
    const { services } = simulate(scenario, { seed, catalogue }).summary;
    return Object.fromEntries(Object.entries(services).map(([name, { requests }]) => [name, requests.failed]));
  });
}
