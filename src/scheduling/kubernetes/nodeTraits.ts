import type { NodeInfo } from "./podInfo.ts";

/** What is true of the nodes together: plugins that could reject or rank none of them are left out at once. */
export interface NodeTraits {
  readonly hasUnschedulable: boolean;
  /** Taints that keep pods away. */
  readonly hasHardTaints: boolean;
  /** Taints that pods would rather avoid. */
  readonly hasSoftTaints: boolean;
  readonly nodesWithImage: ReadonlyMap<string, number>;
}

/** Finds the traits of a set of nodes. */
export function traitsOf(nodes: readonly NodeInfo[]): NodeTraits {
  const nodesWithImage = new Map<string, number>();
  for (const { images } of nodes)
    for (const image of images.keys()) nodesWithImage.set(image, (nodesWithImage.get(image) ?? 0) + 1);
  const hasTaint = (isSoft: boolean) =>
    nodes.some(({ taints }) => taints.some(({ effect }) => (effect === "PreferNoSchedule") === isSoft));
  return {
    hasUnschedulable: nodes.some(({ isUnschedulable }) => isUnschedulable),
    hasHardTaints: hasTaint(false),
    hasSoftTaints: hasTaint(true),
    nodesWithImage,
  };
}
