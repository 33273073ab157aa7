/** Label selectors, node selectors and affinity terms out of v1 objects. */
import { type Labels, pairsRequired, type Requirement, type Selector, selectorOf } from "./labels.ts";
import type { AffinityTerm, NodeSelectorTerm, PreferredNodeTerm, WeightedTerm } from "./podInfo.ts";
import type { V1Field } from "./v1Fields.ts";

const MOST_WEIGHT = 100;
const LABEL_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"] as const;
const NODE_OPERATORS = [...LABEL_OPERATORS, "Gt", "Lt"] as const;

/** A map of texts: labels, annotations, a node selector. */
export function readLabels(field: V1Field): Labels {
  return new Map(field.entries().map(([key, item]) => [key, item.text() ?? ""]));
}

/** A label selector; `undefined`, which matches nothing, if absent. */
export function readSelector(field: V1Field): Selector | undefined {
  if (field.isAbsent) return undefined;
  const expressions = field.at("matchExpressions").items().map(readLabelRequirement);
  return selectorOf([...pairsRequired(readLabels(field.at("matchLabels"))), ...expressions]);
}

function readLabelRequirement(field: V1Field): Requirement {
  return readRequirement(field, LABEL_OPERATORS);
}

function readRequirement(field: V1Field, operators: readonly Requirement["operator"][]): Requirement {
  const operator = field.at("operator").choice(operators);
  if (operator === undefined) throw field.at("operator").refused(`one of ${operators.join(", ")}`);
  const values = field
    .at("values")
    .items()
    .map((item) => item.text() ?? "");
  if ((operator === "In" || operator === "NotIn") && values.length === 0)
    throw field.at("values").refused(`at least one value for ${operator}`);
  return { key: field.at("key").requiredText(), operator, values };
}

/** A list of alternatives of a node selector. */
export function readNodeTerms(field: V1Field): readonly NodeSelectorTerm[] {
  return field.items().map(readNodeTerm);
}

function readNodeTerm(field: V1Field): NodeSelectorTerm {
  return {
    expressions: field
      .at("matchExpressions")
      .items()
      .map((item) => readRequirement(item, NODE_OPERATORS)),
    fields: field.at("matchFields").items().map(readLabelRequirement),
  };
}

/** Required node affinity; `undefined` if there is none. */
export function readRequiredNodeTerms(nodeAffinity: V1Field): readonly NodeSelectorTerm[] | undefined {
  const required = nodeAffinity.at("requiredDuringSchedulingIgnoredDuringExecution");
  return required.isAbsent ? undefined : readNodeTerms(required.at("nodeSelectorTerms"));
}

/** Preferred node affinity. */
export function readPreferredNodeTerms(nodeAffinity: V1Field): readonly PreferredNodeTerm[] {
  return nodeAffinity
    .at("preferredDuringSchedulingIgnoredDuringExecution")
    .items()
    .map((item) => ({ weight: readWeight(item), term: readNodeTerm(item.at("preference")) }));
}

function readWeight(field: V1Field): number {
  return field.at("weight").whole(0, MOST_WEIGHT) ?? 0;
}

/** The pod whose terms are read: a term without namespaces means its own. */
export interface TermOwner {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Required terms of pod affinity or anti-affinity. */
export function readRequiredTerms(affinity: V1Field, owner: TermOwner): readonly AffinityTerm[] {
  return affinity
    .at("requiredDuringSchedulingIgnoredDuringExecution")
    .items()
    .map((item) => readTerm(item, owner));
}

/** Preferred terms, their weights times `sign`. */
export function readPreferredTerms(affinity: V1Field, owner: TermOwner, sign: 1 | -1): readonly WeightedTerm[] {
  return affinity
    .at("preferredDuringSchedulingIgnoredDuringExecution")
    .items()
    .map((item) => ({ weight: sign * readWeight(item), term: readTerm(item.at("podAffinityTerm"), owner) }));
}

function readTerm(field: V1Field, owner: TermOwner): AffinityTerm {
  const named = field
    .at("namespaces")
    .items()
    .map((item) => item.requiredText());
  const namespaceSelector = readSelector(field.at("namespaceSelector"));
  const namespaces = named.length === 0 && namespaceSelector === undefined ? [owner.namespace] : named;
  const selector = withMatchedKeys(readSelector(field.at("labelSelector")), field, owner.labels);
  return {
    topologyKey: field.at("topologyKey").text() ?? "",
    selector,
    namespaces: new Set(namespaces),
    namespaceSelector,
    key: JSON.stringify([selector?.key ?? null, [...namespaces].sort(), namespaceSelector?.key ?? null]),
  };
}

/** The API server writes matchLabelKeys and mismatchLabelKeys into the selector when a pod is made. */
function withMatchedKeys(selector: Selector | undefined, field: V1Field, labels: Labels): Selector | undefined {
  if (selector === undefined) return undefined;
  const more = [
    ...keysRequired(readKeys(field.at("matchLabelKeys")), labels, "In"),
    ...keysRequired(readKeys(field.at("mismatchLabelKeys")), labels, "NotIn"),
  ];
  return more.length === 0 ? selector : selectorOf([...selector.requirements, ...more]);
}

/** A list of label keys. */
export function readKeys(field: V1Field): readonly string[] {
  return field.items().map((item) => item.requiredText());
}

/** For each of the keys that the pod has, the requirement to have (or not to have) the same value. */
export function keysRequired(keys: readonly string[], labels: Labels, operator: "In" | "NotIn"): Requirement[] {
  return keys.flatMap((key) => {
    const value = labels.get(key);
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
}
