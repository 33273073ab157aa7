import type { NodeInfo } from "./podInfo.ts";

const ZONE_LABELS = [
  ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone"],
] as const;

/**
 * The order in which kube-scheduler looks at nodes: one of each zone in turn, zones and nodes in the order they came, so that a
 * search that stops early has seen every zone. Source: kube-scheduler, node tree of its cache.
 */
export function inZoneOrder(nodes: readonly NodeInfo[]): readonly NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const zone = zones.get(zoneOf(node));
    if (zone === undefined) zones.set(zoneOf(node), [node]);
    else zone.push(node);
  }
  const ordered: NodeInfo[] = [];
  for (let turn = 0; ordered.length < nodes.length; turn++) {
    for (const zone of zones.values()) {
      const node = zone[turn];
      if (node !== undefined) ordered.push(node);
    }
  }
  return ordered;
}

function zoneOf({ labels }: NodeInfo): string {
  for (const [region, zone] of ZONE_LABELS) {
    if (labels.has(region) || labels.has(zone))
      return JSON.stringify([labels.get(region) ?? "", labels.get(zone) ?? ""]);
  }
  return "";
}
