import type { HostSpec, Scenario, ServiceSpec } from "../../cluster/spec.ts";
import type { Invariant } from "../invariant.ts";
import { otherFigure, unlikeThis } from "./outcome.ts";

/** What a file gives as a list or a map without meaning an order by it. Entries of one instant do have one: the file's. */
export const orderDoesNotMatter: Invariant = {
  name: "order-does-not-matter",
  statement:
    "Labels, taints, tolerations and the timeline's entries of different times give the same figures in another order.",
  appliesTo: "metamorphic",
  needsRuns: true,
  start: ({ scenario }, rerun) => ({
    atEnd(result) {
      const times = scenario.timeline.map(({ at }) => at);
      const isApart = new Set(times).size === times.length;
      const turned = {
        ...turnedParts(scenario),
        timeline: isApart ? scenario.timeline.toReversed() : scenario.timeline,
      };
      const other = rerun(turned).summary;
      return unlikeThis(
        result,
        () => rerun(scenario),
        ({ summary }) => otherFigure(summary, other),
      );
    },
  }),
};

function turnedParts(scenario: Scenario): Scenario {
  return {
    ...scenario,
    cluster: { ...scenario.cluster, hosts: scenario.cluster.hosts.map(turnedHost) },
    services: scenario.services.map(turnedService),
  };
}

function turnedHost(host: HostSpec): HostSpec {
  return { ...host, labels: turnedMap({ spare: "1", ...host.labels }), taints: host.taints.toReversed() };
}

function turnedService(service: ServiceSpec): ServiceSpec {
  const never = { key: "spare", operator: "Exists" as const, value: undefined, effect: undefined };
  return {
    ...service,
    nodeSelector: turnedMap(service.nodeSelector),
    tolerations: [never, ...service.tolerations.toReversed()],
  };
}

function turnedMap(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).reverse());
}
