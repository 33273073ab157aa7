import type { Invariant } from "../invariant.ts";
import { closesOnPurpose, obeysAbort, releasesOf } from "./knobs.ts";

/** A new release gets the traffic when it can take it; going back to an old one is as careful. */
export const trafficOnlyToReady: Invariant = {
  name: "traffic-only-to-ready",
  statement: "No plan moves traffic, or a share of it, to releases without a ready container while others have some.",
  appliesTo: "rollout",
  onPlan(planning) {
    const { view, plan } = planning;
    if (closesOnPurpose(planning) || obeysAbort(planning) || view.replicas === 0) return undefined;
    const releases = releasesOf(view);
    const ready = (among: typeof releases) => among.reduce((sum, one) => sum + one.ready, 0);
    const before = releases.filter(({ receiving }) => receiving);
    if (Array.isArray(plan.receiving) && plan.receiving.length > 0) {
      const { receiving } = plan;
      const after = releases.filter(({ id }) => receiving.includes(id));
      if (ready(after) === 0 && ready(before) > 0) {
        return `all traffic goes to ${after.map(({ image }) => image).join(", ")}, of which no container is ready`;
      }
    }
    if (plan.weights === undefined || plan.weights === "none") return undefined;
    const earlier = planning.before?.plan.weights;
    for (const { release, percent } of plan.weights) {
      const target = releases.find(({ id }) => id === release);
      const former = Array.isArray(earlier) ? (earlier.find((one) => one.release === release)?.percent ?? 0) : 0;
      // What was ready when it got its share may have crashed since: only a growing share is a mistake.
      if (percent > former && target?.ready === 0 && ready(releases) > 0) {
        return `${percent} % of the traffic goes to ${target.image}, of which no container is ready`;
      }
    }
    return undefined;
  },
};
