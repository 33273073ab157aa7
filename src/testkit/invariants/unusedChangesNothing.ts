import type { Invariant } from "../invariant.ts";

/** Streams are drawn by name, so that what is not used draws nothing. */
export const unusedChangesNothing: Invariant = {
  name: "unused-changes-nothing",
  statement: "An image that nobody runs and an entry after the end change nothing.",
  appliesTo: "engine",
  needsRuns: true,
  start: ({ scenario }, rerun) => ({
    atEnd({ summary }) {
      const [image] = scenario.images;
      const [service] = scenario.services;
      if (image === undefined || service === undefined) return undefined;
      const late = {
        index: scenario.timeline.length,
        at: scenario.duration + 1,
        every: undefined,
        action: { kind: "kill" as const, service: service.name, count: 1 },
      };
      const again = rerun({
        ...scenario,
        images: [...scenario.images, { ...image, name: "unused:v1" }],
        timeline: [...scenario.timeline, late],
      }).summary;
      return again.digest === summary.digest ? undefined : `digest ${summary.digest}, with the unused ${again.digest}`;
    },
  }),
};
