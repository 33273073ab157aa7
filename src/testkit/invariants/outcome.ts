import type { RunResult, RunSummary } from "../../metrics/result.ts";

/** How two runs that should be one differ, in words; undefined: not even in their figures. */
export function difference(one: RunResult, other: RunResult, words: readonly [string, string]): string | undefined {
  const [first, second] = words;
  if (one.summary.digest !== other.summary.digest)
    return `digest ${one.summary.digest} ${first}, ${other.summary.digest} ${second}`;
  const figure = differing(one, other);
  return figure && `one history, but ${placeOf(figure)} is ${figure.one} ${first}, ${figure.other} ${second}`;
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
    const figure = differing(service, other.services[name]);
    if (figure !== undefined) return `${[name, placeOf(figure)].join(".")} is ${figure.one}, and ${figure.other}`;
  }
  return undefined;
}

interface Difference {
  /** Innermost key first, so that only what differs is ever named. */
  readonly path: readonly string[];
  readonly one: string;
  readonly other: string;
}

function differing(one: unknown, other: unknown): Difference | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return { path: [], one: String(one), other: String(other) };
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    for (let place = 0; place < one.length; place++) {
      const inner = differing(one[place], other[place]);
      if (inner !== undefined) return { ...inner, path: [...inner.path, String(place)] };
    }
    return undefined;
  }
  for (const key in one) {
    const inner = differing(valueAt(one, key), valueAt(other, key));
    if (inner !== undefined) return { ...inner, path: [...inner.path, key] };
  }
  for (const key in other) {
    if (!(key in one) && valueAt(other, key) !== undefined)
      return { path: [key], one: "undefined", other: String(valueAt(other, key)) };
  }
  return undefined;
}

function valueAt(map: object, key: string): unknown {
  return (map as Readonly<Record<string, unknown>>)[key];
}

function placeOf({ path }: Difference): string {
  return path.toReversed().join(".");
}
