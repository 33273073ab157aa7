import { z } from "zod";
import { duration, positiveDuration } from "../fields/duration.ts";
import { choice, positiveNumber, wholeNumber } from "../fields/number.ts";
import { refusal } from "../fields/refusal.ts";
import { MOST_THINGS } from "./clusterSchema.ts";
import { plugin, reference } from "./names.ts";

const MOST_FACTOR = 1000;
const length = positiveDuration
  .optional()
  .describe("How long it lasts; without it, to the end. May also stand beside the action.");

const outage = z
  .union([choice(["down"]), z.strictObject({ for: length })])
  .transform((given) => (given === "down" ? { for: undefined } : { for: given.for }))
  .optional();

const serviceByName = z
  .union([reference, z.strictObject({ service: reference.describe("The service.") })])
  .transform((given) => (typeof given === "string" ? { service: given } : given))
  .optional();

const hostByName = z
  .union([reference, z.strictObject({ host: reference.describe("The host.") })])
  .transform((given) => (typeof given === "string" ? { host: given } : given))
  .optional();

/** One entry: when, and exactly one action. */
export const timelineEntrySchema = z
  .strictObject({
    at: duration.optional().describe("When it happens, from the start of the run."),
    every: positiveDuration
      .optional()
      .describe("It repeats at this interval; the first time is at, or else one interval in."),
    for: positiveDuration.optional().describe("How long the action lasts."),
    deploy: z
      .strictObject({
        service: reference.describe("The service."),
        image: reference.describe("The new image."),
        strategy: plugin.optional().describe("The strategy of this release; without it, the service's own."),
      })
      .optional()
      .describe("Releases another image."),
    rollback: z
      .union([reference, z.strictObject({ service: reference.describe("The service.") })])
      .transform((given) => (typeof given === "string" ? { service: given } : given))
      .optional()
      .describe("Goes back to the release before: a service's name."),
    promote: z
      .union([
        reference,
        z.strictObject({
          service: reference.describe("The service."),
          full: z.boolean().default(false).describe("Past every step that is left."),
        }),
      ])
      .transform((given) => (typeof given === "string" ? { service: given, full: false } : given))
      .optional()
      .describe("Tells a release that waits for a person to go on: a service's name."),
    abort: serviceByName.describe("Gives a release up, as a person would: the old version stays. A service's name."),
    pause: serviceByName.describe("A release stands still until it is resumed: a service's name."),
    resume: serviceByName.describe("A release that was paused goes on: a service's name."),
    scale: z
      .strictObject({
        service: reference.describe("The service."),
        replicas: wholeNumber({ from: 0, to: MOST_THINGS }).describe("How many containers are wanted from now on."),
      })
      .optional()
      .describe("Changes the number of wanted containers."),
    crash: z
      .strictObject({
        host: reference.optional().describe("The host that crashes,"),
        zone: reference.optional().describe("or the zone, with all its hosts,"),
        container: reference
          .optional()
          .describe("or the container, as shop-3; with for, it crashes again at every start in that time."),
        for: length,
      })
      .optional()
      .describe("A host, all hosts of a zone, or one container dies at once."),
    partition: z
      .strictObject({
        host: reference.describe("The host that is cut off."),
        from: choice(["control-plane", "clients", "both"]).default("both").describe("From whom it is cut off."),
        for: length,
      })
      .optional()
      .describe("A host is cut off; its containers go on."),
    drain: hostByName.describe(
      "A host is cordoned and emptied, as kubectl drain does: evictions respect budgets. A host's name.",
    ),
    cordon: hostByName.describe("No new containers come to a host: a host's name."),
    uncordon: hostByName.describe(
      "A host is open to new containers again; a drain under way is given up: a host's name.",
    ),
    upgrade: z
      .strictObject({
        hosts: z
          .union([z.literal("all"), z.array(reference).min(1)], {
            error: ({ input }) => refusal(input, "all (every host), or a list of hosts, as [host-1, host-2]"),
          })
          .default("all")
          .describe("The hosts, in this order; all: every one."),
        maxUnavailable: wholeNumber({ from: 1, to: MOST_THINGS }).default(1).describe("So many at a time."),
        for: length.describe("How long each host is down; 2m without it. May also stand beside the action."),
      })
      .optional()
      .describe("Hosts are drained, taken down and opened again, in turn."),
    slow: z
      .strictObject({
        host: reference.describe("The host."),
        factor: positiveNumber(MOST_FACTOR).describe("How many times longer service and start-up take."),
        for: length,
      })
      .optional()
      .describe("A host is slow."),
    kill: z
      .strictObject({
        service: reference.describe("The service."),
        count: wholeNumber({ from: 1, to: MOST_THINGS }).default(1).describe("How many of its containers."),
      })
      .optional()
      .describe("Containers of a service, picked at random, die."),
    registry: outage.describe("down: no image can be pulled."),
    "control-plane": outage.describe("down: no controller and no scheduler acts."),
    traffic: z
      .strictObject({
        service: reference.describe("The service."),
        factor: z.number().min(0).max(MOST_FACTOR).describe("How many times the usual arrivals come."),
        for: length,
      })
      .optional()
      .describe("Traffic changes by a factor."),
  })
  .describe("When (at or every), and exactly one action.");

/** A timeline entry as read. */
export type TimelineForm = z.output<typeof timelineEntrySchema>;

/** Every action's key, in the order of the reference. */
export const ACTIONS = [
  "deploy",
  "rollback",
  "promote",
  "abort",
  "pause",
  "resume",
  "scale",
  "crash",
  "partition",
  "drain",
  "cordon",
  "uncordon",
  "upgrade",
  "slow",
  "kill",
  "registry",
  "control-plane",
  "traffic",
] as const satisfies readonly (keyof TimelineForm)[];
