import type { Invariant } from "../invariant.ts";

/** Kubernetes, deployment_util.go, DeploymentComplete. */
export const completedIsTrue: Invariant = {
  name: "completed-is-true",
  statement: "A rollout is called completed only when as many new containers are available as are wanted.",
  appliesTo: "rollout",
  onPlan({ view: { next, replicas }, plan }) {
    if (plan.outcome !== "completed" || next.available >= replicas) return undefined;
    return `completed with ${next.available} of ${replicas} of ${next.image} available`;
  },
};
