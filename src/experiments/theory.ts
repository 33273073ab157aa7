/**
 * Exact results of queueing and reliability theory: what the simulator is held against.
 *
 * Rates and times are in any one unit of time; a wait comes out in that unit. All recursions add and multiply positive numbers
 * only, so they stay exact to rounding at any size.
 */
import ln from "@stdlib/math-base-special-ln";
import pow from "@stdlib/math-base-special-pow";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { assert } from "../kernel/errors.ts";

/** A station in its steady state. */
export interface Queue {
  /** Share of the servers' time that is busy, 0…1. */
  readonly utilisation: number;
  /** Probability that an arrival has to wait. */
  readonly waitProbability: number;
  /** Mean time in the queue, over all customers that are served. */
  readonly meanWait: number;
}

/** Arrivals and services of a station, per unit of time; `serviceRate` is one server's. */
export interface Rates {
  readonly arrivalRate: number;
  readonly serviceRate: number;
}

/** First two moments of a service time. */
export interface Moments {
  readonly mean: number;
  /** The mean of the square. */
  readonly secondMoment: number;
}

/**
 * M/M/1: mean wait ρ ÷ (μ − λ).
 *
 * Source: Kleinrock, "Queueing Systems", volume 1, section 3.2.
 */
export function mm1({ arrivalRate, serviceRate }: Rates): Queue {
  const utilisation = arrivalRate / serviceRate;
  assertStable(utilisation);
  return { utilisation, waitProbability: utilisation, meanWait: utilisation / (serviceRate - arrivalRate) };
}

/**
 * M/M/c: probability of waiting by Erlang C, mean wait C ÷ (cμ − λ).
 *
 * Source: Kleinrock, "Queueing Systems", volume 1, section 3.5.
 */
export function mmc({ arrivalRate, serviceRate }: Rates, servers: number): Queue {
  const utilisation = arrivalRate / (servers * serviceRate);
  assertStable(utilisation);
  const waitProbability = erlangC(servers, arrivalRate / serviceRate);
  return { utilisation, waitProbability, meanWait: waitProbability / (servers * serviceRate - arrivalRate) };
}

/**
 * M/G/1, first come first served: mean wait λ E[S²] ÷ 2(1 − ρ).
 *
 * Source: Pollaczek and Khinchine; Kleinrock, "Queueing Systems", volume 1, section 5.7.
 */
export function mg1(arrivalRate: number, service: Moments): Queue {
  const utilisation = arrivalRate * service.mean;
  assertStable(utilisation);
  const meanWait = (arrivalRate * service.secondMoment) / (2 * (1 - utilisation));
  return { utilisation, waitProbability: utilisation, meanWait };
}

/** A station that turns arrivals away when it is full. */
export interface LossQueue {
  /** Probability that an arrival is turned away. */
  readonly loss: number;
  readonly utilisation: number;
  /** Mean time in the queue of those let in. */
  readonly meanWait: number;
}

/**
 * M/M/c/K: `servers` servers and room for `capacity` customers in all, the served ones included; at any load.
 *
 * The birth-and-death chain's probabilities, summed as they are. With one server it is M/M/1/K, with capacity = servers Erlang's
 * loss system. Source: Kleinrock, "Queueing Systems", volume 1, sections 3.6 to 3.8.
 */
export function mmck({ arrivalRate, serviceRate }: Rates, servers: number, capacity: number): LossQueue {
  assert(capacity >= servers && servers >= 1, "a station has a server, and room for those it serves");
  let weight = 1;
  let total = 1;
  let waiting = 0;
  let busy = 0;
  for (let customers = 1; customers <= capacity; customers++) {
    weight *= arrivalRate / (Math.min(customers, servers) * serviceRate);
    total += weight;
    busy += weight * Math.min(customers, servers);
    waiting += weight * Math.max(0, customers - servers);
  }
  const loss = weight / total;
  // Little's law over those let in.
  const meanWait = waiting / total / (arrivalRate * (1 - loss));
  return { loss, utilisation: busy / total / servers, meanWait };
}

/**
 * Erlang B: the share of calls lost by `servers` servers without a queue, at `offered` erlangs; B(c) = aB(c−1) ÷ (c + aB(c−1)).
 *
 * It holds for any service time of that mean. Source: Erlang 1917; Cooper, "Introduction to Queueing Theory", section 3.3.
 */
export function erlangB(servers: number, offered: number): number {
  let blocking = 1;
  for (let count = 1; count <= servers; count++) blocking = (offered * blocking) / (count + offered * blocking);
  return blocking;
}

/**
 * Erlang C: the probability of waiting for one of `servers` servers at `offered` erlangs, offered < servers.
 *
 * C = B ÷ (1 − ρ(1 − B)). Source: Cooper, "Introduction to Queueing Theory", section 3.4.
 */
export function erlangC(servers: number, offered: number): number {
  const utilisation = offered / servers;
  assertStable(utilisation);
  const blocking = erlangB(servers, offered);
  return blocking / (1 - utilisation * (1 - blocking));
}

/** The machine-repair model in its steady state. */
export interface ClosedQueue {
  /** Customers served per unit of time. */
  readonly throughput: number;
  readonly meanWait: number;
  readonly utilisation: number;
}

/**
 * M/M/c//N: `customers` who think, ask, wait and are served (or machines that run, fail, wait and are mended).
 *
 * Source: Kleinrock, "Queueing Systems", volume 1, section 3.9 (the finite-population chain), with Little's law.
 */
export function machineRepair(
  rates: { readonly thinkRate: number; readonly serviceRate: number },
  servers: number,
  customers: number,
): ClosedQueue {
  let weight = 1;
  let total = 1;
  let served = 0;
  let waiting = 0;
  for (let present = 1; present <= customers; present++) {
    const busy = Math.min(present, servers);
    weight *= ((customers - present + 1) * rates.thinkRate) / (busy * rates.serviceRate);
    total += weight;
    served += weight * busy;
    waiting += weight * (present - busy);
  }
  const throughput = (served / total) * rates.serviceRate;
  return { throughput, meanWait: waiting / total / throughput, utilisation: served / total / servers };
}

/**
 * Alternating renewal: the long-run share of time up, MTBF ÷ (MTBF + MTTR), whatever the distributions.
 *
 * Source: Ross, "Introduction to Probability Models", the alternating renewal process.
 */
export function availability(meanUp: number, meanDown: number): number {
  return meanUp / (meanUp + meanDown);
}

/**
 * The probability that at least `needed` of independent parts work, part i with probability `parts[i]`.
 *
 * Adds one part after another to the distribution of how many work. Source: Barlow and Proschan, "Statistical Theory of
 * Reliability", k-out-of-n structures.
 */
export function kOfN(needed: number, parts: readonly number[]): number {
  let working = [1];
  for (const up of parts) {
    const next: number[] = new Array(working.length + 1).fill(0);
    working.forEach((probability, count) => {
      next[count] = (next[count] ?? 0) + probability * (1 - up);
      next[count + 1] = (next[count + 1] ?? 0) + probability * up;
    });
    working = next;
  }
  let enough = 0;
  for (const probability of working.slice(Math.max(0, needed))) enough += probability;
  return enough;
}

/** Moments of a fixed time. */
export function constantMoments(value: number): Moments {
  return { mean: value, secondMoment: value * value };
}

/** Moments of a uniform time. */
export function uniformMoments(min: number, max: number): Moments {
  return { mean: (min + max) / 2, secondMoment: (min * min + min * max + max * max) / 3 };
}

/** Moments of an exponential time. */
export function exponentialMoments(mean: number): Moments {
  return { mean, secondMoment: 2 * mean * mean };
}

/** Moments of a lognormal time, by its median m and 95 % quantile: m·e^(σ²/2) and m²·e^(2σ²). */
export function lognormalMoments(median: number, p95: number): Moments {
  const sigma = ln(p95 / median) / normalQuantile(0.95, 0, 1);
  const variance = sigma * sigma;
  return { mean: median * pow(Math.E, variance / 2), secondMoment: median * median * pow(Math.E, 2 * variance) };
}

function assertStable(utilisation: number): void {
  assert(utilisation >= 0 && utilisation < 1, "a queue without bound has less work than its servers can do");
}
