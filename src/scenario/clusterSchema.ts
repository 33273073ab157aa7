import { z } from "zod";
import type { Taint, TaintEffect } from "../cluster/spec.ts";
import { duration, positiveDuration } from "../fields/duration.ts";
import { choice, wholeNumber } from "../fields/number.ts";
import { bandwidth, positiveCpu, positiveSize } from "../fields/quantity.ts";
import { accepted, type Parsed, refused, textField } from "../fields/refusal.ts";
import { name, plugin, text, textsByName } from "./names.ts";

/** No scenario has more hosts, nor more containers, than this. */
export const MOST_THINGS = 100_000;

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const satisfies readonly TaintEffect[];
const TAINT = "a taint such as dedicated=db:NoSchedule";

function parseTaint(given: string): Parsed<Taint> {
  const [, key, value = "", effect] = /^([^=:\s]+)(?:=([^:\s]*))?:(\w+)$/.exec(given.trim()) ?? [];
  const known = EFFECTS.find((other) => other === effect);
  if (key === undefined || known === undefined) return refused(`${TAINT}; its effect is one of ${EFFECTS.join(", ")}`);
  return accepted({ key, value, effect: known });
}

const taint = z
  .union([
    textField(TAINT, parseTaint).meta({ title: "taint" }),
    z.strictObject({
      key: text.describe("Name of the taint."),
      value: text.prefault("").describe("Its value."),
      effect: choice(EFFECTS).describe("What it does to containers that do not tolerate it."),
    }),
  ])
  .describe("A taint, as Kubernetes has them: key=value:NoSchedule, or a map of key, value and effect.");

/** One group of equal hosts. */
export const hostGroupSchema = z
  .strictObject({
    name: name.prefault("host").describe("Name of the host; with a count above 1 the hosts are name-1, name-2, …"),
    count: wholeNumber({ from: 1, to: MOST_THINGS }).default(1).describe("How many hosts of this kind there are."),
    cpu: positiveCpu.describe("Processor cores of each host."),
    memory: positiveSize.describe("Memory of each host."),
    zone: name.optional().describe("The zone of all of them; without it, and without zones, zone-a."),
    zones: z.array(name).min(1).optional().describe("Zones that the hosts are dealt to in turn, in place of zone."),
    labels: textsByName.prefault({}).describe("Kubernetes labels, which a service's nodeSelector looks for."),
    taints: z.array(taint).prefault([]).describe("Taints, which keep away containers that do not tolerate them."),
    pods: wholeNumber({ from: 1, to: MOST_THINGS })
      .default(110)
      .describe("Most containers that a host holds (Kubernetes: 110)."),
    allocatable: textsByName
      .optional()
      .describe(
        "What else each host has, by Kubernetes' resource names, as { nvidia.com/gpu: 1 }; acts with scheduler: kubernetes. Of ephemeral-storage there is 100Gi unless it is named.",
      ),
    bandwidth: bandwidth
      .prefault("100MiB/s")
      .describe("Bandwidth for pulling images; the pulls under way on a host share it."),
  })
  .describe("A group of equal hosts.");

const lifecycleSchema = z
  .strictObject({
    heartbeat: positiveDuration.prefault("10s").describe("How often a host renews its lease (Kubernetes: 10s)."),
    monitorPeriod: positiveDuration
      .prefault("5s")
      .describe("How often the controller looks at the leases (Kubernetes' node-monitor-period: 5s)."),
    unreachableAfter: positiveDuration
      .prefault("50s")
      .describe(
        "Without a renewal for this long a host is marked unreachable, and its containers leave the endpoints " +
          "(Kubernetes' node-monitor-grace-period: 50s, 40s in older versions).",
      ),
    evictAfter: duration
      .prefault("300s")
      .describe("This long after that its containers are replaced elsewhere (Kubernetes' default toleration: 300s)."),
  })
  .prefault({})
  .describe("How the control plane learns of lost hosts.");

const controlSchema = z
  .strictObject({
    reaction: duration.prefault("50ms").describe("Delay between a change and the controller that reacts to it."),
    scheduling: duration.prefault("5ms").describe("Time that one placement takes; placements come one after another."),
  })
  .prefault({})
  .describe("Delays of the control plane.");

/** The hosts and the control plane. */
export const clusterSchema = z
  .strictObject({
    hosts: z.array(hostGroupSchema).min(1).describe("The hosts, in groups of equal ones."),
    lifecycle: lifecycleSchema,
    control: controlSchema,
    scheduler: plugin.prefault("default").describe("The scheduler: a name, or a name with its own settings."),
  })
  .describe("The hosts and the control plane.");

/** A group of hosts as read. */
export type HostGroup = z.output<typeof hostGroupSchema>;
