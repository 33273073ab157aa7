import type { Scenario } from "../../cluster/spec.ts";
import type { Invariant } from "../invariant.ts";
import { otherFigure, unlikeThis } from "./outcome.ts";

/** Streams are drawn by name, so that what is not used draws nothing. */
export const unusedChangesNothing: Invariant = {
  name: "unused-changes-nothing",
  statement:
    "An image that nobody runs, a service without containers or requests, and an entry after the end change nothing.",
  appliesTo: "engine",
  needsRuns: true,
  start: ({ scenario, ties }, rerun) => ({
    atEnd(result) {
      const more = withUnused(scenario);
      if (more === undefined) return undefined;
      const { digest } = rerun(more).summary;
      // A service that is empty is still looked at: its own events are one thing, what the others do is the other. Where the
      // order of simultaneous events is drawn, or counted, its own take part, and move it for all.
      // Half of the seeds are enough for that: it costs a run of its own.
      const beside = ties === undefined && scenario.seed % 2 === 1 ? rerun(withEmptyService(more)).summary : undefined;
      return unlikeThis(
        result,
        () => rerun(scenario),
        ({ summary }) => {
          if (summary.digest !== digest) return `digest ${summary.digest}, with the unused ${digest}`;
          const other = beside && otherFigure(summary, beside);
          return other && `with an empty service beside it ${other}`;
        },
      );
    },
  }),
};

function withUnused(scenario: Scenario): Scenario | undefined {
  const [image] = scenario.images;
  const [service] = scenario.services;
  if (image === undefined || service === undefined) return undefined;
  const late = {
    index: scenario.timeline.length,
    at: scenario.duration + 1,
    every: undefined,
    action: { kind: "kill" as const, service: service.name, count: 1 },
  };
  return {
    ...scenario,
    images: [...scenario.images, { ...image, name: "unused:v1" }],
    timeline: [...scenario.timeline, late],
  };
}

function withEmptyService(scenario: Scenario): Scenario {
  const [service] = scenario.services;
  if (service === undefined) return scenario;
  const traffic = { ...service.traffic, arrivals: { kind: "none" as const } };
  const empty = { ...service, name: "empty", replicas: 0, traffic, autoscale: undefined, pod: undefined };
  return { ...scenario, services: [...scenario.services, empty] };
}
