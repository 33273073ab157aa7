import type { ContainerState, StateStep } from "../../metrics/result.ts";
import { hue, INK, TINTS, tint } from "./theme.ts";

/** How a container's state is drawn: serving, on its way up, on its way out, or broken. */
export type ContainerClass = "ready" | "starting" | "stopping" | "broken";

/** One layer of the stack: a version in a class; broken containers of all versions are one layer. */
export interface Layer {
  readonly version: string | undefined;
  readonly class: ContainerClass;
  /** Colour on a light page. */
  readonly colour: string;
}

export interface ContainerSteps {
  readonly layers: readonly Layer[];
  /** Ascending; `counts[i][k]` containers of layer k from `times[i]` up to the next time. */
  readonly times: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

/** Undefined for `gone`: such a container is not drawn. */
export function containerClass(state: ContainerState): ContainerClass | undefined {
  switch (state) {
    case "ready":
      return "ready";
    case "pending":
    case "assigned":
    case "pulling":
    case "starting":
    case "running":
      return "starting";
    case "terminating":
      return "stopping";
    case "unready":
    case "crashed":
    case "backoff":
      return "broken";
    case "gone":
      return undefined;
  }
}

/** The colour, on a light page, of containers of the version with this index in this class. */
export function classColour(versionIndex: number, of: ContainerClass): string {
  return of === "broken" ? INK.broken.light : tint(hue(versionIndex), TINTS[of]).light;
}

/** Steps per version and state as the stack that is drawn, with equal times merged and empty layers left out. */
export function containerSteps(
  steps: readonly StateStep[],
  versions: readonly string[],
  mostTimes: number,
): ContainerSteps {
  const layers = allLayers(versions);
  const index = new Map(layers.map((layer, at) => [layerKey(layer.version, layer.class), at]));
  const perState = new Map<string, number>();
  const current = layers.map(() => 0);
  const times: number[] = [];
  const counts: number[][] = [];
  for (const step of [...steps].sort((a, b) => a.atS - b.atS)) {
    const kind = containerClass(step.state);
    const at = kind && index.get(layerKey(kind === "broken" ? undefined : step.version, kind));
    if (at === undefined) continue;
    const key = JSON.stringify([step.version, step.state]);
    current[at] = (current[at] ?? 0) + step.count - (perState.get(key) ?? 0);
    perState.set(key, step.count);
    if (times.at(-1) === step.atS) {
      counts[counts.length - 1] = [...current];
    } else {
      times.push(step.atS);
      counts.push([...current]);
    }
  }
  return thin(dropEmpty({ layers, times, counts }), mostTimes);
}

function allLayers(versions: readonly string[]): Layer[] {
  const of = (kind: ContainerClass): Layer[] =>
    versions.map((version, index) => ({ version, class: kind, colour: classColour(index, kind) }));
  return [
    ...of("ready"),
    ...of("starting"),
    { version: undefined, class: "broken", colour: INK.broken.light },
    ...of("stopping"),
  ];
}

function layerKey(version: string | undefined, kind: ContainerClass): string {
  return JSON.stringify([version ?? null, kind]);
}

function dropEmpty({ layers, times, counts }: ContainerSteps): ContainerSteps {
  const kept = layers.map((_, at) => at).filter((at) => counts.some((row) => (row[at] ?? 0) > 0));
  return {
    layers: kept.flatMap((at) => layers[at] ?? []),
    times,
    counts: counts.map((row) => kept.map((at) => row[at] ?? 0)),
  };
}

/**
 * At most `most` steps: equal bins with the time-weighted mean in each, because the mean keeps the area, which is what the eye
 * reads off a stack, whereas a sample would lose short steps at random.
 */
function thin(steps: ContainerSteps, most: number): ContainerSteps {
  const { times, counts } = steps;
  const start = times[0] ?? 0;
  const end = times.at(-1) ?? 0;
  if (times.length <= most || end <= start) return steps;
  const width = (end - start) / (most - 1);
  const sums = Array.from({ length: most - 1 }, () => steps.layers.map(() => 0));
  for (let at = 0; at + 1 < times.length; at += 1) {
    spread(sums, counts[at] ?? [], { from: (times[at] ?? 0) - start, to: (times[at + 1] ?? 0) - start, width });
  }
  const means = sums.map((row) => row.map((sum) => Math.round((sum / width) * 1000) / 1000));
  return {
    layers: steps.layers,
    times: [...means.map((_, bin) => start + bin * width), end],
    counts: [...means, counts.at(-1) ?? []],
  };
}

/** Adds `counts` × time to every bin that [from, to) touches. */
function spread(sums: number[][], counts: readonly number[], span: { from: number; to: number; width: number }): void {
  const first = Math.floor(span.from / span.width);
  for (let bin = first; bin < sums.length && bin * span.width < span.to; bin += 1) {
    const row = sums[bin];
    const overlap = Math.min(span.to, (bin + 1) * span.width) - Math.max(span.from, bin * span.width);
    if (row === undefined || overlap <= 0) continue;
    for (let layer = 0; layer < row.length; layer += 1) row[layer] = (row[layer] ?? 0) + (counts[layer] ?? 0) * overlap;
  }
}
