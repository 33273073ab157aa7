import { Engine } from "../../src/kernel/engine.ts";
import { SchedulingCycle, type SchedulingState } from "../../src/scheduling/cycle.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

const queues = new WeakMap<Engine, { state?: SchedulingState }>();
const newest: { queue?: { state?: SchedulingState } } = {};

/** Places what has waited longest first, whatever its priority. A work queue in place of a heap; kube-scheduler's PrioritySort exists because of it. */
export const mutant: Mutant = {
  bug: "places what has waited longest first, whatever its priority",
  real: "A work queue in place of a heap; kube-scheduler's PrioritySort exists because of it.",
  within: 2000,
  patch: () => {
    const mends = [
      replaceMethod(
        Engine.prototype,
        "define",
        (original) =>
          function (this: Engine, name, band, handler) {
            if (name !== "placement") return original.call(this, name, band, handler);
            const queue: { state?: SchedulingState } = {};
            queues.set(this, queue);
            newest.queue = queue;
            return original.call(this, name, band, (a, b) => {
              queue.state?.waiting.sort((one, other) => one - other);
              handler(a, b);
            });
          },
      ),
      replaceMethod(
        SchedulingCycle.prototype,
        "settle",
        (original) =>
          function (this: SchedulingCycle, isTooEarly) {
            if (newest.queue !== undefined) newest.queue.state = this.state;
            original.call(this, isTooEarly);
          },
      ),
    ];
    return () => {
      for (const mend of mends) mend();
    };
  },
};
