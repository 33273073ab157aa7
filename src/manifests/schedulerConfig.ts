/** A KubeSchedulerConfiguration beside a scenario: its own tree takes the place of the scheduler's settings. */
import { refusal } from "../fields/refusal.ts";
import { KUBERNETES_SCHEDULER } from "../scenario/podTemplateReader.ts";
import { ScenarioError } from "../scenario/scenarioError.ts";
import { readSource, type SourceTree } from "../scenario/sourceTree.ts";
import { CONFIG_HEAD } from "../scheduling/kubernetes/configFromV1.ts";
import { branch, childOf } from "./growTree.ts";
import type { ManifestFile } from "./readManifests.ts";

/** A document, as `readSources` gives it. */
export interface SourceDocument {
  readonly number: number;
  readonly tree: SourceTree;
}

/** The configuration among some documents, if any, and the documents that are none. @throws ScenarioError for a second one. */
export function splitConfig(documents: readonly SourceDocument[]): {
  readonly config: SourceTree | undefined;
  readonly others: readonly SourceDocument[];
} {
  const configs = documents.filter(({ tree }) => textAt(tree, "kind") === CONFIG_HEAD.kind);
  const [first, second] = configs;
  if (second !== undefined) {
    const message = `found a second ${CONFIG_HEAD.kind}, expected one`;
    throw new ScenarioError([{ ...second.tree.place, path: `document ${second.number}`, message }]);
  }
  const others = documents.filter((document) => !configs.includes(document));
  if (first !== undefined) checkHead(first.tree);
  return { config: first?.tree, others };
}

/** The configuration that a file holds. @throws ScenarioError for a file that holds something else. */
export function configTree({ file, text }: ManifestFile): SourceTree {
  const tree = readSource(text, file);
  checkHead(tree);
  return tree;
}

function checkHead(tree: SourceTree): void {
  for (const [key, expected] of Object.entries(CONFIG_HEAD)) {
    const found = textAt(tree, key);
    if (found === expected) continue;
    const { place } = childOf(tree, key) ?? tree;
    throw new ScenarioError([{ ...place, path: key, message: refusal(found, expected) }]);
  }
}

function textAt(tree: SourceTree, key: string): unknown {
  const child = childOf(tree, key);
  return child?.kind === "scalar" ? child.value : undefined;
}

/** The scheduler `kubernetes` with that configuration, as a scenario writes it. */
export function schedulerWith(config: SourceTree): SourceTree {
  return branch(config.place, { [KUBERNETES_SCHEDULER]: config });
}

/** Puts a configuration in the place of the scenario's scheduler. */
export function putScheduler(scenario: SourceTree, config: SourceTree): void {
  const cluster = childOf(scenario, "cluster");
  if (cluster?.kind !== "map") return;
  cluster.entries.set("scheduler", { keyPlace: config.place, tree: schedulerWith(config) });
}

/** Puts the file that `scheduler: { kubernetes: { config: FILE } }` names in the place of these settings. */
export function resolveConfigFile(
  scenario: SourceTree,
  read: (file: string, place: SourceTree["place"]) => string,
): void {
  const scheduler = childOf(childOf(scenario, "cluster"), "scheduler");
  const isNamed = textAt(scheduler ?? scenario, "name") === KUBERNETES_SCHEDULER;
  const settings = isNamed ? scheduler : childOf(scheduler, KUBERNETES_SCHEDULER);
  const file = childOf(settings, "config");
  if (settings?.kind !== "map" || file === undefined) return;
  const others = [...settings.entries.keys()].filter((key) => key !== "config" && key !== "name");
  const path = file.kind === "scalar" && typeof file.value === "string" ? file.value : "";
  if (path === "" || others.length > 0) {
    const message =
      path === ""
        ? "expected the path of a file, such as kube-scheduler.yaml"
        : `found ${others.join(", ")} beside config, expected the file to say it all`;
    throw new ScenarioError([{ ...file.place, path: "cluster.scheduler.kubernetes.config", message }]);
  }
  putScheduler(scenario, configTree({ file: path, text: read(path, file.place) }));
}
