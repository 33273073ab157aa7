import type { Invariant } from "../invariant.ts";

/** docs/model.md, "Every failed request has a cause and a root". */
export const causesAddUp: Invariant = {
  name: "causes-add-up",
  statement: "Failures by cause and root add up to the failed requests, and every root is known.",
  appliesTo: "requests",
  start: () => ({
    atEnd({ summary }) {
      for (const [name, { requests }] of Object.entries(summary.services)) {
        const named = requests.failures.reduce((sum, { count }) => sum + count, 0);
        if (named !== requests.failed)
          return `${name}: ${named} failures have a cause, ${requests.failed} requests failed`;
        const attempts = Object.values(requests.failedAttempts).reduce((sum, count) => sum + count, 0);
        if (attempts < requests.failed)
          return `${name}: ${requests.failed} requests failed in ${attempts} failed attempts`;
        const lost = requests.failures.find(({ root }) => root === "" || root === "unknown");
        if (lost !== undefined) return `${name}: ${lost.count} failures (${lost.cause}) have no root`;
      }
      return undefined;
    },
  }),
};
