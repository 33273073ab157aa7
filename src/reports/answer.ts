import type { Comparison } from "../experiments/comparison.ts";
import type { RolloutSummary, RunResult, ServiceSummary } from "../metrics/result.ts";
import { comparisonAnswer } from "./comparisonAnswer.ts";
import { formatCount, formatMoment, formatSeconds, formatShare, plural } from "./numbers.ts";
import { shorten } from "./printable.ts";
import { rootInWords } from "./rootWords.ts";

/** With more services than this only the worst are told one by one. */
const TOLD_IN_FULL = 3;
/** A sentence stays a sentence, however long the names in it. */
const NAME_LENGTH = 60;

/** The first line of every report: one honest sentence on what happened, or on how the strategies differ. */
export function answer(outcome: RunResult | Comparison): string {
  return "strategies" in outcome ? comparisonAnswer(outcome) : runAnswer(outcome);
}

function runAnswer(result: RunResult): string {
  const services = Object.entries(result.summary.services).map(([name, service]) => ({ name, service }));
  if (services.length === 0) return "No service ran, so there is nothing to report.";
  if (services.length <= TOLD_IN_FULL) {
    const brief = services.length > 1;
    return `${services.map(({ name, service }) => serviceClause(name, service, brief)).join("; ")}.`;
  }
  return manyServices(services);
}

function manyServices(services: readonly { name: string; service: ServiceSummary }[]): string {
  const hurt = services
    .filter(({ service }) => service.requests.failed > 0 || service.downtime.totalS > 0)
    .sort(
      (a, b) =>
        b.service.requests.failed - a.service.requests.failed || b.service.downtime.totalS - a.service.downtime.totalS,
    );
  const rest = services.length - hurt.length;
  const answered = services.reduce((sum, { service }) => sum + service.requests.succeeded, 0);
  if (hurt.length === 0) {
    return `All ${services.length} services answered every request (${formatCount(answered)}) and none was ever down.`;
  }
  const told = hurt.slice(0, TOLD_IN_FULL).map(({ name, service }) => serviceClause(name, service, true));
  const others = rest > 0 ? `; the other ${rest} lost none` : "";
  return `${hurt.length} of ${services.length} services were hurt: ${told.join("; ")}${others}.`;
}

/** What one service's users met, and what became of its last release; `brief` leaves out a release that went well. */
function serviceClause(name: string, service: ServiceSummary, brief = false): string {
  const { requests, downtime } = service;
  const ended = requests.succeeded + requests.failed;
  const label = shorten(name, NAME_LENGTH);
  const rollout = rolloutClause(service, brief);
  const down = downtime.totalS > 0 ? `was down for ${formatSeconds(downtime.totalS)}` : "was never down";
  if (ended === 0) {
    const open = requests.inFlight > 0 ? ` (${formatCount(requests.inFlight)} still in flight at the end)` : "";
    return `${label} answered no request${open} and ${down}${rollout}`;
  }
  if (requests.failed === 0) {
    const all = ended === 1 ? "its only request" : `all ${formatCount(ended)} requests`;
    return `${label} answered ${all} and ${down}${rollout}`;
  }
  const lost = `lost ${formatCount(requests.failed)} of ${plural(ended, "request")} (${formatShare(requests.failed / ended)})`;
  return `${label} ${lost}${reasonClause(service)} and ${down}${rollout}`;
}

/** The largest group of failures by cause and root, which need not be all of them. */
function reasonClause(service: ServiceSummary): string {
  const [top] = service.requests.failures;
  if (top === undefined) return "";
  const { failed } = service.requests;
  const which = top.count < failed ? `${formatCount(top.count)} of them` : failed === 1 ? "it" : "all of them";
  return `, ${which} ${top.cause} after ${shorten(rootInWords(top.root), 2 * NAME_LENGTH)},`;
}

function rolloutClause(service: ServiceSummary, brief: boolean): string {
  const last = service.rollouts.at(-1);
  if (last === undefined || (brief && last.outcome === "completed")) return "";
  return `; ${rolloutPhrase(last)}`;
}

function rolloutPhrase(rollout: RolloutSummary): string {
  const to = shorten(rollout.to, NAME_LENGTH);
  const what =
    rollout.reason === "rollback"
      ? `its rollback to ${to}`
      : `its ${shorten(rollout.strategy, NAME_LENGTH)} release of ${to}`;
  const took = rollout.endS === null ? "" : formatSeconds(rollout.endS - rollout.startS);
  switch (rollout.outcome) {
    case "completed":
      return took === "" ? `${what} completed` : `${what} took ${took}`;
    case "rolled-back":
      return `${what} was rolled back${took === "" ? "" : ` after ${took}`}`;
    case "aborted":
      return `${what} was aborted${took === "" ? "" : ` after ${took}`}`;
    case "stuck":
      return `${what} got stuck${rollout.endS === null ? "" : ` at ${formatMoment(rollout.endS)}`}`;
    case "superseded":
      return `${what} was overtaken by the next`;
    case "in-progress": {
      // What it waits for says whether anybody need worry: a partition holds for as long as it is wanted to.
      const last = rollout.steps.at(-1)?.note;
      return `${what} was still under way at the end${last === undefined ? "" : ` (its last step: ${last})`}`;
    }
  }
}
