/** Labels, annotations and label selectors. Source: Kubernetes, apimachinery/pkg/apis/meta/v1/validation/validation.go (v1.34). */

import type { JsonMap } from "../../cluster/podTemplate.ts";
import { counted } from "../../fields/refusal.ts";
import { isMap } from "../jsonMap.ts";
import { eachOf, type Finding, found, needed, textsIn, under, within } from "./finding.ts";
import { LABEL_VALUE, QUALIFIED_NAME } from "./names.ts";

const MOST_ANNOTATION_BYTES = 256 * 1024;

/** Keys and values of labels, or of what a plain selector asks of them. */
export function labelFindings(labels: JsonMap): Finding[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const findings: Finding[] = [];
    if (!QUALIFIED_NAME.fits(key)) findings.push(found([key], key, QUALIFIED_NAME.expected));
    if (typeof value === "string" && !LABEL_VALUE.fits(value)) findings.push(found([key], value, LABEL_VALUE.expected));
    return findings;
  });
}

/** Keys of annotations, in any case of letters, and how long all of them are. */
export function annotationFindings(annotations: JsonMap): Finding[] {
  const entries = Object.entries(annotations);
  const keys = entries.filter(([key]) => !QUALIFIED_NAME.fits(key.toLowerCase()));
  const size = entries.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0);
  const findings = keys.map(([key]) => found([key], key, QUALIFIED_NAME.expected));
  if (size <= MOST_ANNOTATION_BYTES) return findings;
  const text = `found ${counted(size, "character")} of annotations, expected at most ${MOST_ANNOTATION_BYTES}`;
  return [...findings, [[], text]];
}

/** What of a label selector is refused. */
export function selectorFindings(selector: JsonMap): Finding[] {
  return [
    ...within(selector, "matchLabels", labelFindings),
    ...eachOf(selector, "matchExpressions", (requirement) => [
      ...needed(requirement, "key", QUALIFIED_NAME),
      ...valueFindings(requirement),
      ...labelValues(requirement),
    ]),
  ];
}

/** In and NotIn need values, Exists and DoesNotExist have none. */
export function valueFindings({ operator, values }: JsonMap): Finding[] {
  const count = Array.isArray(values) ? values.length : 0;
  const isListed = operator === "In" || operator === "NotIn";
  if (isListed && count === 0) return [found(["values"], values, `at least one value for ${operator}`)];
  const isBare = operator === "Exists" || operator === "DoesNotExist";
  return isBare && count > 0 ? [found(["values"], values, `no values for ${operator}`)] : [];
}

/** Values that no label can have. */
export function labelValues({ values }: JsonMap): Finding[] {
  const wrong = textsIn(values).filter(({ text }) => !LABEL_VALUE.fits(text));
  return wrong.map(({ i, text }) => found(["values", i], text, LABEL_VALUE.expected));
}

/** A selector that selects everything, where that is not allowed. */
export function emptySelector(spec: JsonMap): Finding[] {
  const { selector } = spec;
  if (!isMap(selector)) return [];
  const { matchLabels, matchExpressions } = selector;
  const some = (isMap(matchLabels) && Object.keys(matchLabels).length > 0) || textsOrMaps(matchExpressions) > 0;
  return some
    ? under(["selector"], selectorFindings(selector))
    : [
        found(
          ["selector"],
          selector,
          "at least one label, such as { matchLabels: { app: web } }: an empty selector would select all pods",
        ),
      ];
}

function textsOrMaps(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
