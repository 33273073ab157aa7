/** The scenario file: the one source of its types, its validation, its JSON Schema and its reference page. */
import { z } from "zod";
import { duration, positiveDuration } from "../fields/duration.ts";
import { wholeNumber } from "../fields/number.ts";
import { accepted, refused, textField } from "../fields/refusal.ts";
import { clusterSchema } from "./clusterSchema.ts";
import { hazardSchema } from "./hazardSchema.ts";
import { imageSchema } from "./imageSchema.ts";
import { sourcesByName } from "./metricSources.ts";
import { text } from "./names.ts";
import { sharedBudget } from "./policySchema.ts";
import { serviceSchema } from "./serviceSchema.ts";
import { timelineEntrySchema } from "./timelineSchema.ts";

const TITLE =
  'a name of at most 100 characters, none of them / \\ : * ? " < > |, nor a dot or hyphen in front, such as five-on-five';

/** It names the folder of the reports, so it must not lead out of there. */
const title = textField(TITLE, (given) => {
  return /^[^\p{C}/\\:*?"<>|.\s-][^\p{C}/\\:*?"<>|]{0,99}$/u.test(given) ? accepted(given) : refused(TITLE);
}).meta({ title: "name" });

/** The whole file. */
export const scenarioSchema = z
  .strictObject({
    $schema: text.optional().describe("Where an editor finds the JSON Schema; ignored."),
    name: title.optional().describe("Name of the scenario, and of its report folder; without it, the file's name."),
    description: text.prefault("").describe("What it shows."),
    seed: wholeNumber({ from: 0, to: Number.MAX_SAFE_INTEGER })
      .default(1)
      .describe("The seed of all chance: the same seed gives the same result. --seed wins."),
    duration: positiveDuration.describe("How long is simulated."),
    warmup: duration.prefault("0s").describe("What happens before is not measured."),
    cluster: clusterSchema,
    images: z.record(z.string(), imageSchema).prefault({}).describe("The versions of the code by name, as shop:v1."),
    services: z.record(z.string(), serviceSchema).prefault({}).describe("The services by name."),
    budgets: z
      .array(sharedBudget)
      .optional()
      .describe("Disruption budgets over several services (a PodDisruptionBudget that selects several workloads)."),
    manifests: z
      .array(text)
      .optional()
      .describe(
        "Files of Kubernetes manifests, whose hosts, services and images come in; what stands in this file is laid over them.",
      ),
    metrics: sourcesByName,
    expect: z
      .array(text)
      .prefault([])
      .describe("Checks on the results, as services.shop.requests.failed == 0; one that breaks makes the exit code 1."),
    timeline: z.array(timelineEntrySchema).prefault([]).describe("What happens, and when."),
    hazards: z.array(hazardSchema).prefault([]).describe("What happens by chance."),
  })
  .describe("A scenario of Rehearsal.");
