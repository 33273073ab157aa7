import { toMillis } from "../../kernel/time.ts";
import type { Invariant } from "../invariant.ts";

/** Histograms are exact to one percent, so that much is allowed. Asked where every version's service time is constant. */
export const latencyAboveService: Invariant = {
  name: "latency-above-service",
  statement: "No request is answered faster than the network there and back and its service time.",
  appliesTo: "requests",
  start: ({ scenario }) => ({
    atEnd({ summary }) {
      let least = Number.POSITIVE_INFINITY;
      for (const { service } of scenario.images)
        least = Math.min(least, service.kind === "constant" ? service.value : 0);
      for (const { name, routing } of scenario.services) {
        const { mean, p50 } = summary.services[name]?.latencyMs ?? {};
        const floor = toMillis(least + 2 * routing.network);
        const fastest = Math.min(mean ?? floor, p50 ?? floor);
        if (fastest < 0.99 * floor) return `${name}: latency ${fastest} ms, service and network alone take ${floor} ms`;
      }
      return undefined;
    },
  }),
};
