import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { counted, refusal } from "../fields/refusal.ts";
import { parsePart } from "../scenario/issues.ts";
import { untouchedValue } from "../scenario/jsonTree.ts";
import type { Path } from "../scenario/path.ts";
import { formatProblem, type Problem, ScenarioError } from "../scenario/scenarioError.ts";
import { readSources, type SourceTree } from "../scenario/sourceTree.ts";
import { answeringContainer, podPartsOf } from "./answeringContainer.ts";
import { ApiRules, ownFindings } from "./apiRules/apiRules.ts";
import { isMap } from "./jsonMap.ts";
import { Flawless, likenessOf } from "./likeness.ts";
import { judgeKind } from "./manifestKinds.ts";
import { type ManifestObject, ManifestReport, manifestValue } from "./manifestObject.ts";
import { asDefaulted } from "./serverDefaults.ts";
import { UnsimulatedFields } from "./unsimulated.ts";

/** The objects of some manifests, each checked against its kind's schema, and what of them is not simulated. */
export interface Manifests {
  readonly objects: readonly ManifestObject[];
  /** One line each, with file, line and document. */
  readonly warnings: readonly string[];
}

/** One file of manifests. */
export interface ManifestFile {
  /** As the user named it. */
  readonly file: string;
  readonly text: string;
}

/**
 * Reads a text of Kubernetes objects: YAML of any number of documents, or JSON, Lists included.
 *
 * @throws ScenarioError with every problem found, each with file, line and document.
 */
export function readManifests(text: string, { file }: { readonly file: string }): Manifests {
  const report = new ManifestReport();
  const objects = readObjects([{ file, text }], report);
  refuse(report.problems);
  return { objects, warnings: report.warnings.map(formatProblem) };
}

/** Throws where there is any problem: of each path the first that was found, file by file in their order. @throws ScenarioError */
export function refuse(all: readonly Problem[]): void {
  if (all.length === 0) return;
  const places = new Set<string>();
  const problems = all.filter(({ file, line, column, path, message }) => {
    const place = JSON.stringify([file, line, column, path, path.includes(", ") ? "" : message]);
    if (places.has(place)) return false;
    places.add(place);
    return true;
  });
  const files = [...new Set(problems.map(({ file }) => file))];
  const inOrder = [...problems].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
  throw new ScenarioError(inOrder);
}

/** What `kubectl get` prints of 5,000 nodes and 50,000 pods fits. */
const MANIFEST_LIMITS = { characters: 100_000_000, values: 5_000_000 };

const NOTHING = "found nothing, expected Kubernetes objects, each with apiVersion, kind and metadata";

/**
 * The objects of several files; what is wrong and what is not simulated goes to the report.
 *
 * @throws ScenarioError for a text that is no YAML at all.
 */
export function readObjects(files: readonly ManifestFile[], report: ManifestReport): readonly ManifestObject[] {
  const documents = readDocuments(files);
  refuseNothing(documents, files, report);
  return objectsOf(documents, report);
}

/** Files without any object are a mistake, as for kubectl apply. */
export function refuseNothing(
  documents: readonly unknown[],
  [first]: readonly ManifestFile[],
  report: ManifestReport,
): void {
  if (documents.length > 0 || first === undefined) return;
  report.problems.push({ file: first.file, line: 1, column: 1, path: "", message: NOTHING });
}

/** The documents of several files, each up to what a cluster of thousands of nodes prints. @throws ScenarioError */
export function readDocuments(
  files: readonly ManifestFile[],
): readonly { readonly number: number; readonly tree: SourceTree }[] {
  return files.flatMap(({ file, text }) => readSources(text, file, MANIFEST_LIMITS));
}

/** As `readObjects`, of documents that are trees already. */
export function objectsOf(
  documents: readonly { readonly number: number; readonly tree: SourceTree }[],
  report: ManifestReport,
): readonly ManifestObject[] {
  const context = { report, made: new MadeNames() };
  const all = documents.flatMap(({ number, tree }) => listed(tree, number, context));
  const fields = new UnsimulatedFields();
  const others = new Map<string, ManifestObject[]>();
  const rules = new ApiRules();
  const flawless = new Flawless();
  const services = all.filter(({ kind, apiVersion }) => kind === "Service" && apiVersion === "v1");
  const judging = { report, fields, others, services, rules, flawless };
  const simulated = all.filter((object) => isSimulated(object, judging));
  for (const objects of others.values()) tellOthers(objects, report);
  fields.tell(report);
  refuseDoubles(all, report);
  return simulated;
}

/** One warning for all the objects of a file that are of kinds that are not simulated. */
function tellOthers(objects: readonly ManifestObject[], report: ManifestReport): void {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [first, ...more] = objects;
  if (first === undefined) return;
  if (counts.size === 1) {
    const rest = more.length === 0 ? "" : `, nor ${counted(more.length, "more object")} of that kind`;
    report.warn(first, [], `the kind ${first.kind} is not simulated${rest}`);
    return;
  }
  const kinds = [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`));
  const message = `the kinds ${kinds.join(", ")} are not simulated`;
  report.warnings.push({ ...first.tree.place, path: "", message });
}

interface Judging {
  readonly rules: ApiRules;
  readonly report: ManifestReport;
  readonly fields: UnsimulatedFields;
  /** Objects of kinds that are not simulated, by file. */
  readonly others: Map<string, ManifestObject[]>;
  readonly services: readonly ManifestObject[];
  readonly flawless: Flawless;
}

function isSimulated(object: ManifestObject, { report, fields, others, services, rules, flawless }: Judging): boolean {
  const verdict = judgeKind(object.kind, object.apiVersion);
  if (verdict.kind === "wrong") {
    report.problem(object, [verdict.of], verdict.message);
    return false;
  }
  if (verdict.kind === "not-simulated") {
    const { file } = object.tree.place;
    const ofFile = others.get(file);
    if (ofFile === undefined) others.set(file, [object]);
    else ofFile.push(object);
    return false;
  }
  const pods = podPartsOf(object);
  const answering = pods === undefined ? 0 : answeringContainer(pods, services);
  const likeness = likenessOf(object);
  if (answering === 0 && flawless.has(likeness)) {
    for (const [path, message] of ownFindings(object)) report.problem(object, path, message);
    return true;
  }
  const before = report.problems.length;
  const { schema } = verdict;
  const checked = report.collect(object, (findings) => {
    const form = parsePart(schema, object.value, { path: [], findings });
    const refused = findings.problems.map(({ path }) => path);
    const others = report.judge?.(object) ?? [];
    for (const { path, message } of [...rules.findings(object).map(asIssue), ...others]) {
      if (!refused.some((other) => isAlong(path, other))) findings.problem(path, message);
    }
    return form;
  });
  const remarks = fields.note(object, { purpose: report.purpose, answering });
  if (answering === 0 && remarks === 0 && report.problems.length === before) flawless.add(likeness);
  return checked !== undefined;
}

function asIssue([path, message]: readonly [Path, string]) {
  return { path, message };
}

/** Of what stands above or below something that the schema refused, more would only be said in other words. */
function isAlong(path: Path, refused: Path): boolean {
  return path.slice(0, refused.length).every((step, i) => step === refused[i]);
}

interface Listing {
  readonly report: ManifestReport;
  readonly made: MadeNames;
}

/** Names for objects that say only how theirs begins; the API server adds five characters of chance, here they are counted. */
class MadeNames {
  #count = 0;

  /** Undefined where nothing says how it begins. */
  nameFor(beginning: JsonValue | undefined): string | undefined {
    if (typeof beginning !== "string" || beginning === "") return undefined;
    this.#count += 1;
    return `${beginning}${String(this.#count).padStart(5, "0")}`;
  }
}

/** One object, or the items of a List; without a kind, a version or a name it is a problem, and left out. */
function listed(tree: SourceTree, document: number, context: Listing): ManifestObject[] {
  const { report, made } = context;
  const refused = (message: string): ManifestObject[] => {
    report.problems.push({ ...tree.place, path: `document ${document}`, message });
    return [];
  };
  if (tree.kind !== "map") {
    return refused(refusal(manifestValue(tree), "a Kubernetes object, with apiVersion, kind and metadata"));
  }
  const kind = textUnder(tree, "kind");
  const apiVersion = textUnder(tree, "apiVersion");
  if (typeof kind !== "string" || kind === "") return refused(`kind: ${refusal(kind, "a kind, such as Deployment")}`);
  if (typeof apiVersion !== "string" || apiVersion === "") {
    return refused(`apiVersion: ${refusal(apiVersion, "an API version, such as apps/v1")}`);
  }
  const items = kind.endsWith("List") ? tree.entries.get("items")?.tree : undefined;
  // The values of a long list are made item by item, never all at once.
  if (items?.kind === "list") return items.items.flatMap((item) => listed(item, document, context));
  const whole = manifestValue(tree);
  if (!isMap(whole)) return [];
  const value = asDefaulted(kind, whole);
  const metadata = isMap(value.metadata) ? value.metadata : {};
  const { namespace = "default" } = metadata;
  const name = metadata.name ?? made.nameFor(metadata.generateName);
  if (typeof name !== "string" || name === "") return refused(`metadata.name: ${refusal(name, "a name")}`);
  if (typeof namespace !== "string") return refused(`metadata.namespace: ${refusal(namespace, "a name")}`);
  return [{ kind, apiVersion, namespace: namespace || "default", name, tree, value, document }];
}

/** What stands under a key; of nothing, undefined. */
function textUnder(tree: Extract<SourceTree, { kind: "map" }>, key: string): unknown {
  // Looked into, a tree of JSON is taken apart: its plain value says the same for nothing.
  const ready = untouchedValue(tree);
  if (ready !== undefined) return (Object.hasOwn(ready, key) ? (ready as JsonMap)[key] : undefined) ?? undefined;
  const child = tree.entries.get(key)?.tree;
  const value = child === undefined ? undefined : manifestValue(child);
  return value ?? undefined;
}

function refuseDoubles(objects: readonly ManifestObject[], report: ManifestReport): void {
  const first = new Map<string, ManifestObject>();
  for (const object of objects) {
    if (judgeKind(object.kind, object.apiVersion).kind !== "simulated") continue;
    const key = `${object.kind} ${object.namespace}/${object.name}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, object);
      continue;
    }
    const { file, line } = other.tree.place;
    report.problem(
      object,
      ["metadata", "name"],
      `found a second ${object.kind} of this name, expected another name (the first is at ${file}:${line})`,
    );
  }
}
