import { type Plugin, resolvable } from "../plugin.ts";
import type { HostPort } from "../podInfo.ts";

const EVERY_ADDRESS = "0.0.0.0";
const TAKEN = resolvable("node(s) didn't have free ports for the requested pod ports");

/** NodePorts: no two pods of a node take the same host port. */
export const nodePorts: Plugin = {
  name: "NodePorts",
  isFilterLocal: true,
  isScoreLocal: false,
  filter({ spec }, cache) {
    const wanted = spec.hostPorts;
    if (wanted.length === 0) return undefined;
    return {
      passes: (node) => !cache.portsOn(node).some((taken) => wanted.some((port) => clash(taken, port))),
      rejection: () => TAKEN,
    };
  },
};

function clash(one: HostPort, other: HostPort): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false;
  return one.ip === other.ip || one.ip === EVERY_ADDRESS || other.ip === EVERY_ADDRESS;
}
