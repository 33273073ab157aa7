import type { FailureCause } from "../metrics/result.ts";

/** What each cause means, in a reader's words. */
const CAUSE_WORDS: Readonly<Record<FailureCause, string>> = {
  "no-endpoints": "no container was known to the load balancer",
  "host-down": "sent to a host that did not answer",
  "connection-refused": "sent to a container whose process was gone",
  terminating: "sent to a container that had been told to stop",
  "not-ready": "sent to a container that could not serve yet",
  "queue-full": "sent to a container whose queue was full",
  "cut-off": "the container died while it served the request or let it wait",
  timeout: "no answer came in time",
  "application-error": "the version answered with an error",
};

/** The causes that are there, each once, with their meaning. */
export function meaningsOf(causes: readonly FailureCause[]): string {
  return [...new Set(causes)].map((cause) => `${cause}: ${CAUSE_WORDS[cause]}.`).join(" ");
}

/** What counts as down and as degraded: to stand where the figures do. */
export const DOWN_AND_DEGRADED =
  "Down: no container that a load balancer could choose was able to answer. Degraded: seconds in which at least one request failed.";
