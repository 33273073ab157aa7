import type { Comparison } from "../experiments/comparison.ts";
import type { RunResult } from "../metrics/result.ts";

/**
 * A run as people read it: an image is called by the last part of its name (`shop:v2` for `registry.example/team/shop:v2`)
 * wherever no other image of the run ends alike. Files for machines keep the whole names.
 */
export function runWithBriefImages(result: RunResult): RunResult {
  return renamed(result, briefNames(imagesOf(result)));
}

/** The same for a comparison, whose runs share their images. */
export function comparisonWithBriefImages(comparison: Comparison): Comparison {
  const images = comparison.strategies.flatMap(({ firstRun }) => imagesOf(firstRun));
  return renamed(comparison, briefNames(images));
}

function imagesOf({ summary, series }: RunResult): string[] {
  return [
    ...Object.values(summary.services).flatMap(({ requests, rollouts }) => [
      ...Object.keys(requests.byVersion),
      ...rollouts.flatMap(({ from, to }) => [from, to]),
    ]),
    ...Object.values(series.containers).flatMap((steps) => steps.map(({ version }) => version)),
    ...series.lanes.map(({ version }) => version),
  ];
}

/** Long name → short name, longest first, so that no name is replaced inside another. */
function briefNames(images: readonly string[]): readonly (readonly [string, string])[] {
  const distinct = [...new Set(images)];
  const ends = distinct.map(lastPart);
  return distinct
    .map((image, at) => [image, ends[at] ?? image] as const)
    .filter(([image, end]) => image !== end && end !== "" && ends.filter((other) => other === end).length === 1)
    .sort(([one], [other]) => other.length - one.length);
}

/** What follows the last slash; a digest has none. */
function lastPart(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

/** A copy of plain data with all names replaced, in texts and in keys; lists of numbers are shared. */
function renamed<Value>(value: Value, names: readonly (readonly [string, string])[]): Value {
  if (names.length === 0) return value;
  const text = (whole: string): string =>
    names.reduce((so, [name, brief]) => (so.includes(name) ? so.replaceAll(name, brief) : so), whole);
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return text(part);
    if (typeof part !== "object" || part === null) return part;
    if (Array.isArray(part)) {
      const [first] = part;
      return typeof first === "string" || (typeof first === "object" && first !== null) ? part.map(walk) : part;
    }
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [text(key), walk(item)]));
  };
  return walk(value) as Value;
}
