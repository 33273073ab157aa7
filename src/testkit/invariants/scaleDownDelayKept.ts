import type { Service } from "../../cluster/services.ts";
import type { Scenario } from "../../cluster/spec.ts";
import { parseDuration } from "../../fields/duration.ts";
import { formatDuration, type Micros } from "../../kernel/time.ts";
import type { Invariant } from "../invariant.ts";

/**
 * Argo Rollouts, scaleDownDelaySeconds: balancers learn late, so that the replaced containers stay for a while
 * (argo-rollouts #478). Asked of services with one release and nothing else that changes sizes.
 */
export const scaleDownDelayKept: Invariant = {
  name: "scale-down-delay-kept",
  statement: "Containers of a release that has lost the traffic stay as long as the setting scaleDownDelay says.",
  appliesTo: "rollout",
  start({ scenario, world: { cluster } }) {
    const delays = delaysOf(scenario);
    const lost = new Map<number, Micros>();
    const sizes = new Map(cluster.state.releases.map(({ id, desired }) => [id, desired]));
    return {
      onFact(fact, now) {
        if (fact.kind === "receiving-changed") noteLosses(fact.service, now, lost);
        if (fact.kind !== "desired-changed") return undefined;
        const { id, desired, image } = fact.release;
        const before = sizes.get(id) ?? 0;
        sizes.set(id, desired);
        const delay = delays.get(fact.service.spec.name) ?? 0;
        const waited = now - (lost.get(id) ?? 0);
        if (!lost.has(id) || desired >= before || id !== fact.service.stable || waited >= delay) return undefined;
        return `${image.name} goes to ${desired} containers ${formatDuration(waited)} after its last traffic, ${formatDuration(delay)} were asked for`;
      },
    };
  },
};

/** Since when each release has been without traffic. */
function noteLosses({ receiving, releases }: Service, now: Micros, lost: Map<number, Micros>): void {
  for (const { id } of releases) {
    if (receiving === undefined || receiving.includes(id)) lost.delete(id);
    else if (!lost.has(id)) lost.set(id, now);
  }
}

/** By service: the delay that was written down. Where traffic is shared out, or sizes change otherwise, nothing is said. */
function delaysOf({ services, timeline }: Scenario): ReadonlyMap<string, Micros> {
  const delays = new Map<string, Micros>();
  for (const { name, strategy, autoscale } of services) {
    const acts = timeline.filter(({ action }) => "service" in action && action.service === name);
    const others = acts.some(
      ({ action }) => action.kind !== "traffic" && action.kind !== "deploy" && action.kind !== "kill",
    );
    const { scaleDownDelay, trafficRouting } = strategy.settings;
    const written = typeof scaleDownDelay === "string" ? parseDuration(scaleDownDelay) : undefined;
    if (written?.ok !== true || others || trafficRouting !== undefined || autoscale !== undefined) continue;
    if (acts.filter(({ action }) => action.kind === "deploy").length === 1) delays.set(name, written.value);
  }
  return delays;
}
