import type { SchedulingState } from "../../scheduling/cycle.ts";
import type { Invariant } from "../invariant.ts";

/** kube-scheduler's queue is sorted by priority, then by time (PrioritySort). */
export const higherPriorityFirst: Invariant = {
  name: "higher-priority-first",
  statement: "Of the containers that are ready to be tried, one of the highest priority is placed first.",
  appliesTo: "placement",
  start({ world }) {
    const queue = () => world.parts.find(({ name }) => name === "scheduling")?.get() as SchedulingState;
    return {
      onFact(fact, _now, cluster) {
        if (fact.kind !== "container-phase" || fact.container.phase !== "assigned") return undefined;
        const priorityOf = (id: number) => cluster.service(cluster.container(id).service).spec.priority;
        const { id, name } = fact.container;
        const passed = queue().waiting.find(
          (other) => cluster.container(other).phase === "pending" && priorityOf(other) > priorityOf(id),
        );
        return passed === undefined ? undefined : `${name} is placed before ${cluster.container(passed).name}`;
      },
    };
  },
};
