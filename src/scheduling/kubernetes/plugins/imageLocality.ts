import { MAX_NODE_SCORE, type Plugin } from "../plugin.ts";

const MEBI = 1024 * 1024;
/** Less than this in all is no gain worth having. Source: kube-scheduler, ImageLocality. */
const LEAST_BYTES = 23 * MEBI;
/** More than this for each container counts no further. Source: kube-scheduler, ImageLocality. */
const MOST_BYTES_PER_CONTAINER = 1000 * MEBI;

/**
 * ImageLocality: nodes that have the pod's images score higher, by size, and by how many nodes have each (so that pods do not all
 * pile up on the few nodes that happen to have an image).
 */
export const imageLocality: Plugin = {
  name: "ImageLocality",
  isFilterLocal: true,
  isScoreLocal: true,
  score({ spec }, cache) {
    const { nodes, traits } = cache;
    const most = MOST_BYTES_PER_CONTAINER * spec.images.length;
    const wanted = spec.images
      .map((image) => ({ image, share: (traits.nodesWithImage.get(image) ?? 0) / nodes.length }))
      .filter(({ share }) => share > 0);
    if (wanted.length === 0) return undefined;
    return {
      score(node) {
        const images = nodes[node]?.images;
        const bytes = wanted.reduce((sum, { image, share }) => sum + Math.trunc((images?.get(image) ?? 0) * share), 0);
        const counted = Math.min(Math.max(bytes, LEAST_BYTES), most);
        return Math.trunc((MAX_NODE_SCORE * (counted - LEAST_BYTES)) / (most - LEAST_BYTES));
      },
    };
  },
};
