import type { RunResult, RunSummary } from "../../metrics/result.ts";

/** How two runs that should be one differ, in words; undefined: not even in their figures. */
export function difference(one: RunResult, other: RunResult, words: readonly [string, string]): string | undefined {
  const [first, second] = words;
  if (one.summary.digest !== other.summary.digest)
    return `digest ${one.summary.digest} ${first}, ${other.summary.digest} ${second}`;
  const figure = differing(one, other, "");
  return figure === undefined
    ? undefined
    : `one history, but ${figure.path} is ${figure.one} ${first}, ${figure.other} ${second}`;
}

/**
 * What another run has otherwise than the watched one, which spares a further run of the same scenario. Only where there is
 * such a thing that run is made: what looking on changes belongs to `same-seed-same-run`.
 */
export function unlikeThis(
  watched: RunResult,
  again: () => RunResult,
  compare: (result: RunResult) => string | undefined,
): string | undefined {
  return compare(watched) === undefined ? undefined : compare(again());
}

/** The first figure of one's services that another run has otherwise; undefined: none. What only the other has is passed over. */
export function otherFigure(one: RunSummary, other: RunSummary): string | undefined {
  for (const [name, service] of Object.entries(one.services)) {
    const figure = differing(service, other.services[name], name);
    if (figure !== undefined) return `${figure.path} is ${figure.one}, and ${figure.other}`;
  }
  return undefined;
}

interface Difference {
  readonly path: string;
  readonly one: string;
  readonly other: string;
}

function differing(one: unknown, other: unknown, path: string): Difference | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return { path, one: String(one), other: String(other) };
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const inner = differing(valueAt(one, key), valueAt(other, key), path === "" ? key : `${path}.${key}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function valueAt(map: object, key: string): unknown {
  return (map as Readonly<Record<string, unknown>>)[key];
}
