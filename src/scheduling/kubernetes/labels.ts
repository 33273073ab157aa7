/** Labels, and the selectors that match them. */

/** Label or selector pairs. A map, since a label may be called `constructor`. */
export type Labels = ReadonlyMap<string, string>;

/** One condition on a label. `Gt` and `Lt` exist for node selectors only. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

/** Requirements that must all hold; none of them matches everything. Kubernetes' null selector, matching nothing, is `undefined`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** The same text for the same requirements, in whatever order they were given. */
  readonly key: string;
}

/** Makes a selector of requirements. */
export function selectorOf(requirements: readonly Requirement[]): Selector {
  const texts = requirements.map(({ key, operator, values }) => JSON.stringify([key, operator, [...values].sort()]));
  return { requirements, key: texts.sort().join() };
}

/** The requirements that a plain set of pairs stands for, as a Service's selector has. */
export function pairsRequired(pairs: Labels): Requirement[] {
  return [...pairs].map(([key, value]) => ({ key, operator: "In", values: [value] }));
}

/** Whether the selector matches; `undefined` matches nothing, an empty one everything. */
export function selects(selector: Selector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  for (const requirement of selector.requirements) if (!holds(requirement, labels)) return false;
  return true;
}

/** Whether one requirement holds. A missing label satisfies NotIn and DoesNotExist. Source: Kubernetes, Labels and Selectors page. */
export function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels.get(key);
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default: {
      const left = integer(value);
      const right = integer(values[0]);
      if (left === undefined || right === undefined) return false;
      return operator === "Gt" ? left > right : left < right;
    }
  }
}

const LARGEST = 2n ** 63n - 1n;

/** A 64-bit integer as Go's ParseInt reads it. */
function integer(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return value <= LARGEST && value >= -LARGEST - 1n ? value : undefined;
}

/** One text for one set of labels. */
export function labelsKey(labels: Labels): string {
  if (labels.size === 0) return "";
  const pairs = [...labels].map(([key, value]) => `${key}=${value}`);
  return pairs.length === 1 ? (pairs[0] ?? "") : pairs.sort().join();
}
