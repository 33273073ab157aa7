import type { ImageSpec, Scenario, ServiceSpec, TimelineAction } from "../../cluster/spec.ts";
import { type Distribution, samplerOf } from "../../kernel/distributions.ts";
import { PluginError } from "../../kernel/errors.ts";
import { SECOND } from "../../kernel/time.ts";

/** The same scenario with only those entries of its timeline. */
export function keeping(scenario: Scenario, keeps: (action: TimelineAction) => boolean): Scenario {
  return { ...scenario, timeline: scenario.timeline.filter(({ action }) => keeps(action)) };
}

/** A distribution without chance: its median, in whole µs. */
export function withoutChance(distribution: Distribution): Distribution {
  return { kind: "constant", value: samplerOf(distribution)(0.5) };
}

/** Requests a second at the most; undefined where their number is not given beforehand. */
export function mostPerSecond({ traffic: { arrivals } }: ServiceSpec): number | undefined {
  switch (arrivals.kind) {
    case "constant":
    case "poisson":
      return arrivals.perSecond;
    case "bursts":
      return arrivals.peakPerSecond;
    default:
      return undefined;
  }
}

/** Where the mean of an exponential time lies, 1 − 1/e; a constant one is the same anywhere. */
const MEAN_QUANTILE = 0.632;

/** True where a service has twice the slots that its requests need: no queue can build up that feeds itself. */
export function hasTimeToSpare(service: ServiceSpec, images: readonly ImageSpec[]): boolean {
  const image = images.find(({ name }) => name === service.image);
  const perSecond = mostPerSecond(service);
  if (image === undefined || perSecond === undefined || !image.ready || image.crash !== undefined) return false;
  // Who is killed for being busy, or hangs, makes others busier.
  if (image.hang !== undefined || service.liveness !== undefined || service.startupProbe !== undefined) return false;
  return (2 * perSecond * samplerOf(image.service)(MEAN_QUANTILE)) / SECOND <= service.replicas * service.slots;
}

/** Of a law between other scenarios than the one at hand: where a plug-in misbehaves in those, the law says nothing. */
export function unlessRefused(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof PluginError) return undefined;
    throw error;
  }
}
