import { z } from "zod";
import { arrivals } from "../fields/arrivals.ts";
import { distributionForm } from "../fields/distribution.ts";
import { positiveDuration } from "../fields/duration.ts";
import { trueOrFalse, wholeNumber } from "../fields/number.ts";
import { share } from "../fields/quantity.ts";

const MOST_RETRIES = 100;

const phase = z.strictObject({
  for: positiveDuration.describe("How long the phase lasts."),
  arrivals: arrivals.describe("Arrivals in this phase; its own time begins at 0. Not users(…)."),
});

const retries = z
  .union([
    wholeNumber({ from: 0, to: MOST_RETRIES }).meta({ title: "whole number" }),
    z.strictObject({
      max: wholeNumber({ from: 0, to: MOST_RETRIES }).default(1).describe("Most retries of one request."),
      backoff: distributionForm.prefault("exponential(100ms)").describe("Wait before each retry."),
      budget: share.prefault("100%").describe("Retries stay below this share of the requests; 100%: no budget."),
    }),
  ])
  .transform((given) => {
    const defaults = { backoff: { kind: "exponential", mean: 100_000 } as const, budget: 1 };
    return typeof given === "number" ? { max: given, ...defaults } : given;
  });

/** The requests that come to a service, and how patient their clients are. */
export const trafficSchema = z
  .strictObject({
    arrivals: z
      .union([arrivals, z.array(phase).min(1)])
      .prefault("none")
      .describe("How requests arrive: a process, or a list of phases that follow each other."),
    timeout: positiveDuration.prefault("15s").describe("How long a client waits for one attempt."),
    retries: retries
      .prefault(0)
      .describe("Retries of a failed attempt: how many at most, or a map of max, backoff and budget."),
    cancel: trueOrFalse.default(false).describe("True: a container drops a request whose client has left."),
  })
  .prefault({})
  .describe("The requests that come to the service. Without it none come.");

/** Traffic as read. */
export type TrafficForm = z.output<typeof trafficSchema>;
