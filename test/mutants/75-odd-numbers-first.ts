import type { HostView } from "../../src/scheduling/framework.ts";
import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

function isOdd({ spec: { name } }: HostView): boolean {
  return /[13579]$/.test(name);
}

/** Prefers hosts whose names end in an odd digit. Home-made sharding by a host's number, as where odd racks are one power feed. */
export const mutant: Mutant = {
  bug: "prefers hosts whose names end in an odd digit",
  real: "Home-made sharding by a host's number, as where odd racks are one power feed.",
  within: 2000,
  plugin: schedulerWith({
    choose: (hosts) => hosts.find(isOdd) ?? hosts[0],
  }),
};
