import type { Invariant } from "../invariant.ts";
import { closed, noRoom, repelled } from "./fits.ts";

/**
 * Preemption, Pod Priority and Preemption page: only lower priorities go, and no more of them than it takes.
 *
 * Whether each victim is needed is only asked where room is all that counts: no pod template, no required spread.
 */
export const preemptionIsMinimal: Invariant = {
  name: "preemption-is-minimal",
  statement: "Preemption takes only containers of lower priority, and none that need not go.",
  appliesTo: "placement",
  onPlacement({ request, snapshot, verdict }) {
    if (verdict.kind !== "preempt") return undefined;
    const host = snapshot.hosts[verdict.host];
    if (host === undefined) return undefined;
    const victims = snapshot.placed(host.id).filter(({ id }) => verdict.victims.includes(id));
    const { priority, pod, spread } = request.service;
    const peer = victims.find(({ service }) => service.priority >= priority);
    if (peer !== undefined) {
      return `${peer.name} of priority ${peer.service.priority} goes for ${request.container} of ${priority}`;
    }
    const why = closed(host) ?? repelled(request, host);
    if (why !== undefined) return `${host.spec.name} is emptied for ${request.container}, but ${why}`;
    if (pod !== undefined || spread.required || snapshot.nominated.size > 0) return undefined;
    const without = (gone: typeof victims) => ({
      ...host,
      freeMillicores: host.freeMillicores + gone.reduce((sum, { service }) => sum + service.cpuMillicores, 0),
      freeBytes: host.freeBytes + gone.reduce((sum, { service }) => sum + service.memoryBytes, 0),
      containers: host.containers.filter((id) => !gone.some((one) => one.id === id)),
    });
    if (noRoom(request, without(victims)) !== undefined) {
      return `${victims.length} go from ${host.spec.name}, and ${request.container} still has no room`;
    }
    const spared = victims.find(
      (one) => noRoom(request, without(victims.filter((other) => other !== one))) === undefined,
    );
    return spared && `${spared.name} goes for ${request.container}, which would fit without that`;
  },
};
