import { type ReadOptions, type ReadResult, readScenarioTree } from "../scenario/readScenario.ts";
import { formatProblem, ScenarioError } from "../scenario/scenarioError.ts";
import { type Place, readSource, readSources, type SourceTree } from "../scenario/sourceTree.ts";
import { childOf } from "./growTree.ts";
import { importManifests } from "./importManifests.ts";
import { type ManifestJudge, ManifestReport } from "./manifestObject.ts";
import { readManifestSet } from "./readManifestSet.ts";
import { type ManifestFile, objectsOf, refuse } from "./readManifests.ts";
import { configTree, putScheduler, resolveConfigFile, splitConfig } from "./schedulerConfig.ts";

/** As for a scenario; `judge` sees every Kubernetes object that is simulated. */
export interface ReadFileOptions extends ReadOptions {
  readonly judge?: ManifestJudge | undefined;
  /** A KubeSchedulerConfiguration that counts in place of the scheduler that the file names. */
  readonly schedulerConfig?: ManifestFile | undefined;
}

type Documents = ReturnType<typeof readSources>;

/**
 * Reads what a user gives to be simulated: a scenario, a scenario with `manifests:`, or bare Kubernetes manifests, for which hosts,
 * requests and a release are assumed and said.
 *
 * @throws ScenarioError with every problem found. Whatever the text, nothing else is thrown.
 */
export function readScenarioFile(text: string, options: ReadFileOptions): ReadResult {
  if (isBare(text)) return readBare(text, options);
  const tree = readSource(text, options.file);
  if (tree.kind === "scalar" && tree.value === null) {
    const message =
      "found nothing (the file is empty, or has comments only), expected a scenario or Kubernetes objects";
    throw new ScenarioError([{ file: options.file, line: 1, column: 1, path: "", message }]);
  }
  const manifests = childOf(tree, "manifests");
  if (manifests === undefined) {
    if (tree.kind === "map") tree.entries.delete("manifests");
    return withConfigs(tree, options);
  }
  return imported(documentsOf(manifests, options), tree, options);
}

function withConfigs(tree: SourceTree, options: ReadFileOptions): ReadResult {
  if (options.schedulerConfig !== undefined) putScheduler(tree, configTree(options.schedulerConfig));
  else resolveConfigFile(tree, (file, place) => textOf(file, place, options.readFile, "cluster.scheduler"));
  return readScenarioTree(tree, options);
}

/** Every Kubernetes object has an apiVersion at the top; no scenario has. */
function isBare(text: string): boolean {
  // Comments and a `---` may stand before the brace.
  if (/^(?:\s*(?:#[^\n]*\n|---\s))*\s*\{/.test(text))
    return /["']?apiVersion["']?\s*:/.test(text) && hasApiVersion(text);
  return /^(?:---\s+)?["']?apiVersion["']?\s*:/m.test(text) && !/^(?:cluster|services|manifests)\s*:/m.test(text);
}

/** Of a text in braces, where the eye sees no top. */
function hasApiVersion(text: string): boolean {
  try {
    const [first] = readSources(text, "");
    return first !== undefined && childOf(first.tree, "apiVersion") !== undefined;
  } catch {
    return false;
  }
}

function readBare(text: string, options: ReadFileOptions): ReadResult {
  return imported(readSources(text, options.file), undefined, options);
}

function imported(documents: Documents, own: SourceTree | undefined, options: ReadFileOptions): ReadResult {
  const report = new ManifestReport(options.judge);
  const { config, others } = splitConfig(documents);
  const objects = objectsOf(others, report);
  // What is broken is left out: without this, all that refers to it would be told to be wrong as well.
  refuse(report.problems);
  const set = readManifestSet(objects, report);
  const place = own?.place ?? { file: options.file, line: 1, column: 1 };
  if (own === undefined && set.workloads.length === 0 && report.problems.length === 0) {
    report.problems.push({
      ...place,
      path: "",
      message: "found no workload, expected a Deployment or another one to run",
    });
  }
  refuse(report.problems);
  const tree = importManifests({ set, report, catalog: options.catalog, own, place, config });
  refuse(report.problems);
  const read = withConfigs(tree, options);
  return { ...read, warnings: [...report.warnings.map(formatProblem), ...read.warnings] };
}

/** The documents of all files that a scenario names. */
function documentsOf(manifests: SourceTree, { readFile }: ReadOptions): Documents {
  const items = manifests.kind === "list" ? manifests.items : [manifests];
  return items.flatMap((item) => {
    if (item.kind !== "scalar" || typeof item.value !== "string" || item.value === "") {
      throw new ScenarioError([
        { ...item.place, path: "manifests", message: "expected a list of files, such as [app.yaml]" },
      ]);
    }
    return readSources(textOf(item.value, item.place, readFile, "manifests"), item.value);
  });
}

function textOf(path: string, place: Place, readFile: ReadOptions["readFile"], key: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError([{ ...place, path: key, message: `${path} cannot be read: ${reason}` }]);
  }
}
