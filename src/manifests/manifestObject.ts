import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { unreachable } from "../kernel/errors.ts";
import { untouchedValue } from "../scenario/jsonTree.ts";
import { formatPath, type Path } from "../scenario/path.ts";
import { type Finding, Findings, type Problem } from "../scenario/scenarioError.ts";
import { type Place, placeAt, type SourceTree } from "../scenario/sourceTree.ts";
import type { Purpose } from "./fields/judgeFields.ts";

/** One Kubernetes object of a manifest, and where it stands. */
export interface ManifestObject {
  readonly kind: string;
  readonly apiVersion: string;
  /** `default` where the manifest gives none; objects of the whole cluster have it too, and it means nothing there. */
  readonly namespace: string;
  readonly name: string;
  readonly tree: SourceTree;
  /** The tree as plain data; keys with nothing under them are left out, as the API server does, and empty words (`serverDefaults.ts`). */
  readonly value: JsonMap;
  /** The document of the file that it stands in, counted from 1. */
  readonly document: number;
}

/** Where something inside an object stands; the nearest thing above it where it is not there. */
export function placeOf(object: ManifestObject, path: Path, isKey = false): Place {
  return placeAt(object.tree, path, isKey);
}

/** `document 2, Deployment shop/web, spec.replicas`: the namespace stands there only if it is not `default`. */
export function pathText({ document, kind, namespace, name }: ManifestObject, path: Path): string {
  const full = namespace === "default" ? name : `${namespace}/${name}`;
  const head = `document ${document}, ${kind} ${full}`.trimEnd();
  return path.length === 0 ? head : `${head}, ${formatPath(path)}`;
}

/** The manifest's value at a path as plain data; undefined where there is none. */
export function manifestValue(tree: SourceTree): JsonValue {
  const ready = untouchedValue(tree);
  if (ready !== undefined) return withoutNulls(ready as JsonMap | readonly JsonValue[]);
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(manifestValue);
    case "map": {
      const pairs = [...tree.entries].map(([key, entry]) => [key, manifestValue(entry.tree)] as const);
      return Object.fromEntries(pairs.filter(([, value]) => value !== null));
    }
    default:
      return unreachable(tree);
  }
}

function withoutNulls(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || !hasNull(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const pairs = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(pairs.map(([key, item]) => [key, withoutNulls(item as JsonValue)]));
}

function hasNull(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((item: JsonValue) => item === null || hasNull(item));
}

/** What may be wrong with an object, place by place. Injected: the official schemas are large, and few files need them. */
export type ManifestJudge = (object: ManifestObject) => readonly { readonly path: Path; readonly message: string }[];

/** Gathers what is wrong with manifests, and what is only worth a warning, each with its file, document and line. */
export class ManifestReport {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  /** Looks at an object beyond what is simulated of it, such as the official schema of its kind. */
  readonly judge: ManifestJudge | undefined;
  /** What the manifests are read for: some fields act only where pods are placed without a clock. */
  readonly purpose: Purpose;

  constructor(judge?: ManifestJudge, purpose: Purpose = "running") {
    this.judge = judge;
    this.purpose = purpose;
  }

  /** A problem with the value at `path` of an object, or with its last key. */
  problem(object: ManifestObject, path: Path, message: string, isKey = false): void {
    this.problems.push({ ...placeOf(object, path, isKey), path: pathText(object, path), message });
  }

  warn(object: ManifestObject, path: Path, message: string): void {
    this.warnings.push({ ...placeOf(object, path, true), path: pathText(object, path), message });
  }

  /** Runs what finds problems by path, and gives each its place. */
  collect<Result>(object: ManifestObject, find: (findings: Findings) => Result): Result {
    const findings = new Findings();
    const result = find(findings);
    for (const finding of findings.problems) this.problems.push(withPlace(object, finding));
    for (const finding of findings.warnings) this.warnings.push(withPlace(object, finding));
    return result;
  }
}

function withPlace(object: ManifestObject, { path, message, isKey }: Finding): Problem {
  return { ...placeOf(object, path, isKey), path: pathText(object, path), message };
}
