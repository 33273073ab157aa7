import type { Invariant } from "../invariant.ts";

/** Asked only on request: faults take requests with them, and some strategies close the service on purpose. */
export const noRequestLost: Invariant = {
  name: "no-request-lost",
  statement: "At the end no request has failed.",
  appliesTo: "requests",
  start: () => ({
    atEnd({ summary }) {
      for (const [name, { requests }] of Object.entries(summary.services)) {
        const { failed, arrived } = requests;
        if (failed > 0) return `${name}: ${failed} of ${arrived} requests failed`;
      }
      return undefined;
    },
  }),
};
