import type { ComparedStrategy, Comparison } from "../experiments/comparison.ts";
import { totalMean } from "./comparisonMetrics.ts";
import { formatCount, formatSeconds } from "./numbers.ts";
import { shorten } from "./printable.ts";

interface Standing {
  readonly name: string;
  readonly strategy: ComparedStrategy;
  readonly failed: number;
  readonly ended: number;
  readonly downS: number;
  readonly peak: number | null;
  /** In some run a release had not completed by the end: what it did not lose, it did not risk. */
  readonly isUnfinished: boolean;
}

/** One sentence on how the strategies differ: the one that lost least, what it cost, and the one that lost most. */
export function comparisonAnswer(comparison: Comparison): string {
  const standings = comparison.strategies.map((strategy) => standing(comparison, strategy)).sort(better);
  const [best, ...others] = standings;
  const worst = others.at(-1);
  if (best === undefined) return "Nothing was compared.";
  const runs = comparison.replications > 1 ? `, on average over ${comparison.replications} seeds` : "";
  if (worst === undefined) return `${lossClause(best)}${aloneClause(best)}${runs}.`;
  if (standings.every((each) => each.ended === 0)) return noTraffic(best, worst, runs);
  const noneLost = standings.every((each) => each.failed === 0 && each.downS === 0);
  if (noneLost && !worst.isUnfinished) return noLosses(standings, comparison.kind, runs);
  if (best.failed === worst.failed && best.downS === worst.downS) {
    const both = standings.length === 2 ? "Both" : `All ${standings.length}`;
    return `${both} ${comparison.kind} lost ${meanCount(best.failed)} of ${meanCount(best.ended)} requests and were ${downPhrase(best)}${runs}.`;
  }
  const tied = standings.filter((each) => each.failed === best.failed && each.downS === best.downS);
  const alike = tied.length > 1 ? ` (as did ${joined(tied.slice(1).map((each) => each.name))})` : "";
  const doubt = within(comparison, best, worst) ? " (the difference in requests may be chance)" : "";
  return `${lossClause(best)}${alike}${peakClause(best)}; ${worstClause(best, worst)}${doubt}${runs}.`;
}

function standing(comparison: Comparison, strategy: ComparedStrategy): Standing {
  const failed = totalMean(comparison, strategy, "requests.failed") ?? 0;
  const ended = failed + (totalMean(comparison, strategy, "requests.succeeded") ?? 0);
  const downS = totalMean(comparison, strategy, "downtime.totalS") ?? 0;
  const peak = totalMean(comparison, strategy, "containers.peak");
  const isUnfinished = comparison.services.some((service) => {
    const completed = strategy.metrics[`services.${service}.rollout.completed`]?.mean;
    return completed !== undefined && completed !== null && completed < 1;
  });
  return { name: shorten(strategy.name, 60), strategy, failed, ended, downS, peak, isUnfinished };
}

/** A mean of counts: its fraction says nothing once the count is large. */
function meanCount(value: number): string {
  return formatCount(value < 10 ? value : Math.round(value));
}

/** Releases that completed first; then fewest failed requests, least downtime, fewest containers, as given (sort is stable). */
function better(a: Standing, b: Standing): number {
  if (a.isUnfinished !== b.isUnfinished) return a.isUnfinished ? 1 : -1;
  return a.failed - b.failed || a.downS - b.downS || (a.peak ?? 0) - (b.peak ?? 0);
}

function lossClause(one: Standing): string {
  if (one.ended === 0) return `${one.name} had no requests and was ${downPhrase(one)}`;
  return `${one.name} lost ${meanCount(one.failed)} of ${meanCount(one.ended)} requests`;
}

function peakClause(one: Standing): string {
  return one.peak === null ? "" : ` and peaked at ${formatCount(one.peak)} containers`;
}

/** Where there is nothing to compare with, downtime is told too. */
function aloneClause(one: Standing): string {
  const peak = one.peak === null ? "" : ` and peaked at ${formatCount(one.peak)} containers`;
  return one.ended === 0 ? peak : `, was ${downPhrase(one)}${peak}`;
}

function worstClause(best: Standing, worst: Standing): string {
  const unfinished = worst.isUnfinished && !best.isUnfinished ? "; its release did not complete" : "";
  return lossesOf(best, worst) + unfinished;
}

function lossesOf(best: Standing, worst: Standing): string {
  const lost = worst.failed > best.failed ? `${worst.name} lost ${meanCount(worst.failed)}` : "";
  const down = worst.downS > best.downS ? `was down for ${formatSeconds(worst.downS)}` : "";
  if (lost !== "" && down !== "") return `${lost} and ${down}`;
  if (lost !== "") return lost;
  if (down !== "") return `${worst.name} ${down}`;
  return `${worst.name} lost ${meanCount(worst.failed)} and was ${downPhrase(worst)}`;
}

function downPhrase(one: Standing): string {
  return one.downS === 0 ? "never down" : `down for ${formatSeconds(one.downS)}`;
}

function noTraffic(best: Standing, worst: Standing, runs: string): string {
  if (best.downS === worst.downS) return `No requests were sent, and every one was ${downPhrase(best)}${runs}.`;
  return `No requests were sent; ${best.name} was ${downPhrase(best)} and ${worst.name} was ${downPhrase(worst)}${runs}.`;
}

function noLosses(standings: readonly Standing[], kind: Comparison["kind"], runs: string): string {
  const both = standings.length === 2 ? `Neither of the 2 ${kind}` : `None of the ${standings.length} ${kind}`;
  const byPeak = [...standings].sort((a, b) => (a.peak ?? 0) - (b.peak ?? 0));
  const [least] = byPeak;
  const most = byPeak.at(-1);
  const peaks =
    least === undefined || most === undefined || least.peak === most.peak
      ? ""
      : `; ${least.name} peaked at ${formatCount(least.peak)} containers, ${most.name} at ${formatCount(most.peak)}`;
  return `${both} lost a request or was ever down${peaks}${runs}.`;
}

/** True where one of the two is the baseline and the paired interval of failed requests holds zero for every service. */
function within(comparison: Comparison, best: Standing, worst: Standing): boolean {
  const other = [best, worst].find((each) => each.strategy.name !== comparison.baseline);
  const paired = [best, worst].some((each) => each.strategy.name === comparison.baseline);
  if (!paired || other === undefined) return false;
  const intervals = comparison.services
    .map((service) => other.strategy.versusBaseline[`services.${service}.requests.failed`]?.ci95)
    .filter((interval) => interval !== undefined && interval !== null);
  return intervals.length > 0 && intervals.every(([low, high]) => low <= 0 && high >= 0);
}

function joined(names: readonly string[]): string {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
