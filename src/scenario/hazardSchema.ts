import { z } from "zod";
import { distributionForm } from "../fields/distribution.ts";
import { choice } from "../fields/number.ts";
import { reference, text } from "./names.ts";

const upTime = distributionForm.describe("Time between failures: how long it stays up.");
const downTime = distributionForm.describe("Time to repair: how long it stays down.");
const only = z.array(reference).prefault([]);

const outages = z
  .strictObject({
    trace: text.describe("A CSV file (or .csv.gz), one outage per row, relative to the scenario's file."),
    host: text.describe("Its column with the host."),
    from: text.describe("Its column with the beginning: ISO 8601 or plain seconds."),
    to: text.describe("Its column with the end; an empty cell: never."),
    prefix: text.prefault("").describe("Put before each host of the file: with node- its 12 is the host node-12."),
    start: z
      .union([text, z.number()])
      .transform(String)
      .optional()
      .describe("What is time 0 of the file; without it, its first row."),
    unknown: choice(["error", "skip"])
      .default("error")
      .describe("What to do with hosts that the cluster does not have."),
  })
  .describe("Outages as they were recorded; overlapping ones of a host are one.");

/** One hazard: exactly one of hosts, zones and containers. */
export const hazardSchema = z
  .strictObject({
    hosts: z
      .union([
        z
          .strictObject({
            every: upTime,
            for: downTime,
            only: only.describe("Only these hosts; empty: each host of the cluster."),
          })
          .describe("Failures by chance, each host by itself."),
        outages,
      ])
      .optional()
      .describe("Each host fails and comes back by chance; or outages as they happened, from a file."),
    zones: z
      .strictObject({
        every: upTime,
        for: downTime,
        only: only.describe("Only these zones; empty: each zone."),
      })
      .optional()
      .describe("All hosts of a zone fail at once, by chance."),
    containers: z
      .strictObject({
        every: upTime,
        only: only.describe("Only containers of these services; empty: all."),
      })
      .optional()
      .describe("Containers crash by chance, and are restarted."),
  })
  .describe("What fails by chance: exactly one of hosts, zones and containers.");

/** A hazard as read. */
export type HazardForm = z.output<typeof hazardSchema>;
