import type { Labels } from "../scheduling/kubernetes/labels.ts";
import type { ManifestObject } from "./manifestObject.ts";
import type { Workload } from "./workload.ts";

/** The objects of one cluster, by what they are for. */
export interface ManifestSet {
  readonly workloads: readonly Workload[];
  readonly services: readonly ManifestObject[];
  readonly budgets: readonly ManifestObject[];
  readonly autoscalers: readonly ManifestObject[];
  readonly nodes: readonly ManifestObject[];
  readonly analyses: readonly ManifestObject[];
  /** Labels of the namespaces that have an object of their own. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly priorities: Priorities;
}

/** What priority classes say. */
export interface Priorities {
  readonly byName: ReadonlyMap<string, number>;
  /** Of a pod that names no class; undefined: 0. */
  readonly byDefault: number | undefined;
  /** Classes whose pods take no room from others, by name; `""` for that of a pod that names none. */
  readonly neverPreempting: ReadonlySet<string>;
}
