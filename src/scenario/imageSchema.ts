import { z } from "zod";
import type { MemorySpec } from "../cluster/spec.ts";
import { type DistributionForm, distributionForm, parseDistributionForm } from "../fields/distribution.ts";
import { trueOrFalse } from "../fields/number.ts";
import { share, size } from "../fields/quantity.ts";
import { accepted, type Parsed, textField } from "../fields/refusal.ts";

function parseCrash(given: string): Parsed<DistributionForm | undefined> {
  return given.trim() === "never" ? accepted(undefined) : parseDistributionForm(given);
}

/** A version of the code: how it behaves. */
export const imageSchema = z
  .strictObject({
    size: size.prefault("100MiB").describe("Size of the image: what a pull must carry."),
    startup: distributionForm
      .prefault("2s")
      .describe("Time from the start of a container until its process can answer the readiness probe."),
    service: distributionForm.prefault("exponential(20ms)").describe("Service time of one request."),
    errors: share.prefault(0).describe("Share of requests that are answered with an error."),
    crash: textField("never, or a distribution such as exponential(6h)", parseCrash)
      .meta({ title: "distribution", description: "Time from a start to the next crash; or never." })
      .prefault("never"),
    hang: textField("never, or a distribution such as exponential(6h)", parseCrash)
      .meta({
        title: "distribution",
        description: "Time from a start until the process hangs, alive and answering nobody; or never.",
      })
      .prefault("never"),
    memory: z
      .strictObject({
        base: size.describe("What an idle container uses."),
        perRequest: size.prefault("0B").describe("What each request adds while it is served."),
      })
      .transform(({ base, perRequest }): MemorySpec => ({ baseBytes: base, perRequestBytes: perRequest }))
      .optional()
      .describe(
        "Memory in use, which autoscalers look at; left out: half of what the service reserves when idle, all of it with every slot in use.",
      ),
    ready: trueOrFalse.default(true).describe("False: the container starts, but never gets ready."),
  })
  .prefault({})
  .describe("A version of the code: how it behaves.");

/** An image as read. */
export type ImageForm = z.output<typeof imageSchema>;
