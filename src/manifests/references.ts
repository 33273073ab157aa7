/** What one object says of another: selectors that select, targets that are there, services that a Rollout needs. */

import { nearest, suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import type { Path } from "../scenario/path.ts";
import { type Labels, pairsRequired, type Selector, selectorOf, selects } from "../scheduling/kubernetes/labels.ts";
import { readSelector } from "../scheduling/kubernetes/selectorsFromV1.ts";
import { V1Field } from "../scheduling/kubernetes/v1Fields.ts";
import { analysisFindings } from "./analysisReferences.ts";
import { isMap, mapAt } from "./jsonMap.ts";
import { type ManifestObject, type ManifestReport, pathText } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { rolloutSchema } from "./rolloutSchema.ts";
import { labelsOfPods, type Workload } from "./workload.ts";

/** A Service's selector; undefined where it has none, as one whose endpoints somebody else keeps, or that is a name elsewhere. */
export function serviceSelector({ value }: ManifestObject): Selector | undefined {
  const spec = mapAt(value, "spec");
  if (spec.type === "ExternalName") return undefined;
  const pairs = mapAt(spec, "selector");
  const texts = Object.entries(pairs).map(([key, text]) => [key, String(text)] as const);
  return texts.length === 0 ? undefined : selectorOf(pairsRequired(new Map(texts)));
}

/** A budget's selector. */
export function budgetSelector({ value }: ManifestObject): Selector | undefined {
  return readSelector(new V1Field(mapAt(value, "spec").selector, ""));
}

/** The workloads of the object's namespace that a selector selects. */
export function selectedBy(
  selector: Selector | undefined,
  { namespace }: ManifestObject,
  workloads: readonly Workload[],
): readonly Workload[] {
  return workloads.filter(
    (workload) => workload.object.namespace === namespace && selects(selector, labelsOfPods(workload)),
  );
}

/** The workload that an autoscaler scales; undefined where it is not there. */
export function targetOf({ value, namespace }: ManifestObject, workloads: readonly Workload[]): Workload | undefined {
  const { kind, name } = mapAt(mapAt(value, "spec"), "scaleTargetRef");
  return workloads.find(({ object }) => object.kind === kind && object.name === name && object.namespace === namespace);
}

/** Checks all references of a set. */
export function checkReferences(set: ManifestSet, report: ManifestReport): void {
  const { workloads } = set;
  const extra = experimentLabels(workloads);
  const missing = new Missing(workloads, report);
  for (const service of set.services) {
    const selector = serviceSelector(service);
    if (selector === undefined) continue;
    const isForExperiment = extra.some((labels) => selects(selector, labels));
    if (selectedBy(selector, service, workloads).length === 0 && !isForExperiment) {
      missing.tellSelector(service, selector);
    }
  }
  for (const budget of set.budgets) {
    const selector = budgetSelector(budget);
    if (selectedBy(selector, budget, workloads).length === 0) missing.tellSelector(budget, selector);
  }
  for (const scaler of set.autoscalers) {
    if (targetOf(scaler, workloads) !== undefined) continue;
    const { kind, name } = mapAt(mapAt(scaler.value, "spec"), "scaleTargetRef");
    const names = workloads.filter(({ object }) => object.kind === kind).map(({ object }) => object.name);
    const text = refusal(name, `the name of a ${String(kind)} in these manifests${suggestion(String(name), names)}`);
    missing.tell(scaler, ["spec", "scaleTargetRef", "name"], text);
  }
  const rollouts = workloads.map(({ object }) => object).filter(({ kind }) => kind === "Rollout");
  for (const object of rollouts) checkRollout(object, set, report);
  checkAnalyses(rollouts, set, report);
}

/** A template that several Rollouts use is told of once. */
function checkAnalyses(rollouts: readonly ManifestObject[], set: ManifestSet, report: ManifestReport): void {
  const told = new Set<string>();
  for (const [object, path, text] of rollouts.flatMap((rollout) => analysisFindings(rollout, set))) {
    const problem = `${pathText(object, path)} ${text}`;
    if (!told.has(problem)) report.problem(object, path, text);
    told.add(problem);
  }
}

/** What is missing is a problem, unless the manifests have no workload in that namespace at all: then it is elsewhere. */
class Missing {
  readonly #workloads: readonly Workload[];
  readonly #report: ManifestReport;

  constructor(workloads: readonly Workload[], report: ManifestReport) {
    this.#workloads = workloads;
    this.#report = report;
  }

  tell(object: ManifestObject, path: Path, text: string): void {
    const near = this.#workloads.some((workload) => workload.object.namespace === object.namespace);
    if (near) this.#report.problem(object, path, text);
    else this.#report.warn(object, path, `has no effect: these manifests have no workload in ${object.namespace}`);
  }

  /** Of a selector: pods whose labels have quite other keys are no slip, they are elsewhere. */
  tellSelector(object: ManifestObject, selector: Selector | undefined): void {
    const path = ["spec", "selector"];
    const keys = this.#workloads
      .filter((workload) => workload.object.namespace === object.namespace)
      .flatMap(({ template }) => Object.keys(template.labels));
    const wanted = selector?.requirements.map(({ key }) => key) ?? [];
    const isSlip = wanted.length === 0 || wanted.some((key) => nearest(key, keys) !== undefined);
    const text = "selects no pods: no workload's template in its namespace has such labels";
    if (isSlip) this.tell(object, path, text);
    else this.#report.warn(object, path, `has no effect: ${text}`);
  }
}

/** Labels of pods that only an Argo experiment starts: a Service may be there for them. */
function experimentLabels(workloads: readonly Workload[]): readonly Labels[] {
  return workloads.flatMap(({ object }) => {
    const steps = mapAt(mapAt(mapAt(object.value, "spec"), "strategy"), "canary").steps;
    if (!Array.isArray(steps)) return [];
    return steps.flatMap((step: unknown) => {
      const templates = isMap(step) ? mapAt(step, "experiment").templates : undefined;
      if (!Array.isArray(templates)) return [];
      return templates.filter(isMap).map((one) => {
        const labels = mapAt(mapAt(one, "metadata"), "labels");
        return new Map(Object.entries(labels).map(([key, text]) => [key, String(text)]));
      });
    });
  });
}

/** Argo's blueGreen cannot do without its active Service; every Service that a Rollout names must be there. */
function checkRollout(object: ManifestObject, { services }: ManifestSet, report: ManifestReport): void {
  const { strategy } = rolloutSchema.parse(object.value).spec;
  if (strategy?.blueGreen === undefined && strategy?.canary === undefined) {
    report.problem(object, ["spec", "strategy"], refusal(strategy, "blueGreen or canary"));
    return;
  }
  const names = services.filter(({ namespace }) => namespace === object.namespace).map(({ name }) => name);
  const named: readonly (readonly [Path, string | undefined])[] = [
    [["blueGreen", "activeService"], strategy.blueGreen?.activeService],
    [["blueGreen", "previewService"], strategy.blueGreen?.previewService],
    [["canary", "stableService"], strategy.canary?.stableService],
    [["canary", "canaryService"], strategy.canary?.canaryService],
    [["canary", "pingPong", "pingService"], strategy.canary?.pingPong?.pingService],
    [["canary", "pingPong", "pongService"], strategy.canary?.pingPong?.pongService],
  ];
  for (const [path, name] of named) {
    if (name === undefined || names.includes(name)) continue;
    const hint = suggestion(name, names);
    const text = refusal(name, `the name of a Service in these manifests${hint === "" ? ", and there is none" : hint}`);
    report.problem(object, ["spec", "strategy", ...path], text);
  }
}
