/** Where pods may go. Source: Kubernetes, pkg/apis/core/validation/validation.go, validateAffinity and its neighbours (v1.34). */

import type { JsonMap } from "../../cluster/podTemplate.ts";
import { isMap, mapAt } from "../jsonMap.ts";
import { eachOf, type Finding, fitting, found, needed, oneOf, oneOfGiven, textsIn, within } from "./finding.ts";
import { SOME_TEXT } from "./handlers.ts";
import { labelValues, selectorFindings, valueFindings } from "./labels.ts";
import { DNS_LABEL, DNS_SUBDOMAIN, LABEL_VALUE, QUALIFIED_NAME } from "./names.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const MOST_WEIGHT = 100;
export const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Everything of a pod's spec that says where it may go. */
export function placingFindings(spec: JsonMap): Finding[] {
  return [
    ...within(spec, "affinity", (affinity) => [
      ...within(affinity, "nodeAffinity", nodeAffinity),
      ...within(affinity, "podAffinity", podAffinity),
      ...within(affinity, "podAntiAffinity", podAffinity),
    ]),
    ...eachOf(spec, "tolerations", tolerationFindings),
    ...spreadFindings(spec),
  ];
}

function nodeAffinity(affinity: JsonMap): Finding[] {
  return [
    ...within(affinity, REQUIRED, (selector) => {
      const { nodeSelectorTerms: terms } = selector;
      const isEmpty = terms === undefined || (Array.isArray(terms) && terms.length === 0);
      if (isEmpty) return [found(["nodeSelectorTerms"], terms, "at least one term")];
      return eachOf(selector, "nodeSelectorTerms", (term) => termFindings(term, true));
    }),
    ...eachOf(affinity, PREFERRED, (term) => [
      ...weightFindings(term),
      ...within(term, "preference", (preference) => termFindings(preference, false)),
    ]),
  ];
}

/** Only a required term's values must be possible ones. */
function termFindings(term: JsonMap, isRequired: boolean): Finding[] {
  return [
    ...eachOf(term, "matchExpressions", (requirement) => [
      ...needed(requirement, "key", QUALIFIED_NAME),
      ...valueFindings(requirement),
      ...singleValue(requirement, ["Gt", "Lt"]),
      ...(isRequired ? labelValues(requirement) : []),
    ]),
    ...eachOf(term, "matchFields", (requirement) => [
      ...oneOf(requirement, "operator", ["In", "NotIn"]),
      ...needed(requirement, "key", { fits: (key) => key === "metadata.name", expected: "metadata.name" }),
      ...singleValue(requirement, ["In", "NotIn"]),
      ...namesIn(requirement, "values", DNS_SUBDOMAIN),
    ]),
  ];
}

function singleValue({ operator, values }: JsonMap, operators: readonly string[]): Finding[] {
  if (typeof operator !== "string" || !operators.includes(operator)) return [];
  return Array.isArray(values) && values.length === 1
    ? []
    : [found(["values"], values, `exactly one value for ${operator}`)];
}

function namesIn(map: JsonMap, key: string, form: typeof DNS_LABEL): Finding[] {
  const wrong = textsIn(map[key]).filter(({ text }) => !form.fits(text));
  return wrong.map(({ i, text }) => found([key, i], text, form.expected));
}

function weightFindings({ weight }: JsonMap): Finding[] {
  const isFine = typeof weight === "number" && weight >= 1 && weight <= MOST_WEIGHT;
  return isFine ? [] : [found(["weight"], weight, `a whole number from 1 to ${MOST_WEIGHT}`)];
}

function podAffinity(affinity: JsonMap): Finding[] {
  return [
    ...eachOf(affinity, REQUIRED, podTerm),
    ...eachOf(affinity, PREFERRED, (term) => [...weightFindings(term), ...within(term, "podAffinityTerm", podTerm)]),
  ];
}

function podTerm(term: JsonMap): Finding[] {
  const mismatched = textsIn(term.mismatchLabelKeys);
  const both = textsIn(term.matchLabelKeys).filter(({ text }) => mismatched.some((other) => other.text === text));
  return [
    ...needed(term, "topologyKey", QUALIFIED_NAME),
    ...within(term, "labelSelector", selectorFindings),
    ...within(term, "namespaceSelector", selectorFindings),
    ...namesIn(term, "namespaces", DNS_LABEL),
    ...["matchLabelKeys", "mismatchLabelKeys"].flatMap((key) => keyFindings(term, key)),
    ...doubleKeys(term),
    ...both.map(({ i, text }) => found(["matchLabelKeys", i], text, "a key that is not among mismatchLabelKeys")),
  ];
}

/** Keys whose values are taken from the pod: they narrow a selector, and so need one, which asks nothing of them itself. */
function keyFindings(owner: JsonMap, key: string): Finding[] {
  const keys = owner[key];
  if (!Array.isArray(keys) || keys.length === 0) return [];
  if (!isMap(owner.labelSelector)) return [found([key], keys, "a labelSelector beside it, which it narrows")];
  return namesIn(owner, key, QUALIFIED_NAME);
}

/**
 * The server adds an expression for each of these keys to the selector of a pod that is made: an own label beside it is refused then.
 * An expression is not, since it may be the server's, in a pod that a cluster prints.
 */
function doubleKeys(owner: JsonMap): Finding[] {
  const asked = mapAt(mapAt(owner, "labelSelector"), "matchLabels");
  const double = textsIn(owner.matchLabelKeys).filter(({ text }) => Object.hasOwn(asked, text));
  return double.map(({ i, text }) => found(["matchLabelKeys", i], text, "a key that the labelSelector does not name"));
}

function tolerationFindings(toleration: JsonMap): Finding[] {
  const { key = "", operator = "Equal", value = "", effect = "", tolerationSeconds } = toleration;
  const findings = [
    ...fitting(toleration, "key", QUALIFIED_NAME),
    ...oneOf(toleration, "operator", ["Equal", "Exists"]),
    ...oneOf(toleration, "effect", EFFECTS),
  ];
  if (key === "" && operator !== "Exists") {
    findings.push(found(["operator"], toleration.operator, "Exists where there is no key"));
  }
  if (operator === "Exists" && value !== "") findings.push(found(["value"], value, "none for the operator Exists"));
  if (operator !== "Exists") findings.push(...fitting(toleration, "value", LABEL_VALUE));
  if (tolerationSeconds !== undefined && effect !== "NoExecute") {
    findings.push(found(["effect"], toleration.effect, "NoExecute beside tolerationSeconds"));
  }
  return findings;
}

function spreadFindings(spec: JsonMap): Finding[] {
  const seen = new Set<string>();
  return eachOf(spec, "topologySpreadConstraints", (constraint) => {
    const { maxSkew, minDomains, topologyKey, whenUnsatisfiable } = constraint;
    const findings = [
      ...needed(constraint, "topologyKey", SOME_TEXT),
      ...within(constraint, "labelSelector", selectorFindings),
      ...keyFindings(constraint, "matchLabelKeys"),
      ...doubleKeys(constraint),
      ...["nodeAffinityPolicy", "nodeTaintsPolicy"].flatMap((key) => oneOfGiven(constraint, key, ["Honor", "Ignore"])),
    ];
    if (typeof maxSkew !== "number" || maxSkew < 1) findings.push(found(["maxSkew"], maxSkew, "a whole number from 1"));
    if (minDomains !== undefined && whenUnsatisfiable !== "DoNotSchedule") {
      findings.push(found(["minDomains"], minDomains, "it with whenUnsatisfiable: DoNotSchedule only"));
    }
    const pair = `${String(topologyKey)} ${String(whenUnsatisfiable)}`;
    if (seen.has(pair)) {
      const text = `found a second constraint of ${String(topologyKey)} with ${String(whenUnsatisfiable)}, expected one of each`;
      findings.push([["topologyKey"], text]);
    }
    seen.add(pair);
    return findings;
  });
}
