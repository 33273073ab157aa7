/** Scenarios that theory has exact answers for, and those answers. Every other effect of the model is turned off in them. */
import type { Distribution } from "../kernel/distributions.ts";
import { HOUR, MILLISECOND, SECOND } from "../kernel/time.ts";
import type { RunSummary, ServiceSummary } from "../metrics/result.ts";
import { laboratory, STATION } from "./laboratory.ts";
import {
  availability,
  constantMoments,
  erlangB,
  kOfN,
  lognormalMoments,
  type Moments,
  machineRepair,
  mg1,
  mm1,
  mmc,
  mmck,
  uniformMoments,
} from "./theory.ts";
import type { TheoryCase } from "./theoryTrial.ts";

/** How long each replication is, as a factor: 1 for a full validation. */
export interface TheorySize {
  readonly scale: number;
}

/** Every law that the simulator is held to, as a scenario, an exact answer, and where to look in the results. */
export function theoryCases(size: TheorySize): readonly TheoryCase[] {
  return [
    ...singleServerCases(size),
    ...generalServiceCases(size),
    ...severalServerCases(size),
    ...lossCases(size),
    closedCase(size),
    ...renewalCases(size),
  ];
}

const perSecond = (meanMs: number) => 1000 / meanMs;
const exponential = (meanMs: number): Distribution => ({ kind: "exponential", mean: meanMs * MILLISECOND });
const poisson = (rate: number) => ({ kind: "poisson", perSecond: rate }) as const;
const UNBOUNDED = 1_000_000;

function singleServerCases({ scale }: TheorySize): TheoryCase[] {
  const arrivalRate = 80;
  const exact = mm1({ arrivalRate, serviceRate: perSecond(10) });
  const scenario = laboratory({
    length: 1500 * scale * SECOND,
    arrivals: poisson(arrivalRate),
    service: exponential(10),
    slots: 1,
    queue: UNBOUNDED,
  });
  return [
    { law: "M/M/1, load 0.8", quantity: "mean wait, ms", exact: 1000 * exact.meanWait, scenario, measure: meanWaitMs },
    { law: "M/M/1, load 0.8", quantity: "utilisation", exact: exact.utilisation, scenario, measure: utilisation },
  ];
}

function generalServiceCases({ scale }: TheorySize): TheoryCase[] {
  const arrivalRate = 70;
  const kinds: readonly { law: string; service: Distribution; moments: Moments }[] = [
    {
      law: "M/D/1, load 0.7",
      service: { kind: "constant", value: 10 * MILLISECOND },
      moments: constantMoments(0.01),
    },
    {
      law: "M/U/1, load 0.7",
      service: { kind: "uniform", min: 0, max: 20 * MILLISECOND },
      moments: uniformMoments(0, 0.02),
    },
    {
      law: "M/G/1, lognormal",
      service: { kind: "lognormal", median: 7 * MILLISECOND, p95: 25 * MILLISECOND },
      moments: lognormalMoments(0.007, 0.025),
    },
  ];
  return kinds.map(({ law, service, moments }) => ({
    law,
    quantity: "mean wait, ms",
    exact: 1000 * mg1(arrivalRate, moments).meanWait,
    scenario: laboratory({
      length: 1500 * scale * SECOND,
      arrivals: poisson(arrivalRate),
      service,
      slots: 1,
      queue: UNBOUNDED,
    }),
    measure: meanWaitMs,
  }));
}

function severalServerCases({ scale }: TheorySize): TheoryCase[] {
  return [
    { servers: 2, arrivalRate: 160 },
    { servers: 8, arrivalRate: 700 },
  ].map(({ servers, arrivalRate }) => ({
    law: `M/M/${servers}, load ${arrivalRate / servers / 100}`,
    quantity: "mean wait, ms",
    exact: 1000 * mmc({ arrivalRate, serviceRate: perSecond(10) }, servers).meanWait,
    scenario: laboratory({
      length: 600 * scale * SECOND,
      arrivals: poisson(arrivalRate),
      service: exponential(10),
      slots: servers,
      queue: UNBOUNDED,
    }),
    measure: meanWaitMs,
  }));
}

function lossCases({ scale }: TheorySize): TheoryCase[] {
  const serviceRate = perSecond(10);
  const station = (part: { arrivalRate: number; service: Distribution; slots: number; queue: number }) =>
    laboratory({
      length: 400 * scale * SECOND,
      arrivals: poisson(part.arrivalRate),
      service: part.service,
      slots: part.slots,
      queue: part.queue,
    });
  const crowded = station({ arrivalRate: 120, service: exponential(10), slots: 1, queue: 4 });
  const crowdedExact = mmck({ arrivalRate: 120, serviceRate }, 1, 5);
  const wide = station({ arrivalRate: 290, service: exponential(10), slots: 3, queue: 5 });
  const wideExact = mmck({ arrivalRate: 290, serviceRate }, 3, 8);
  const lines = station({ arrivalRate: 600, service: exponential(10), slots: 8, queue: 0 });
  const fixed = station({
    arrivalRate: 600,
    service: { kind: "constant", value: 10 * MILLISECOND },
    slots: 8,
    queue: 0,
  });
  const lost = { quantity: "share lost", measure: lossShare };
  return [
    { law: "M/M/1/5, load 1.2", ...lost, exact: crowdedExact.loss, scenario: crowded },
    {
      law: "M/M/1/5, load 1.2",
      quantity: "mean wait, ms",
      exact: 1000 * crowdedExact.meanWait,
      scenario: crowded,
      measure: meanWaitMs,
    },
    { law: "M/M/3/8, load 0.97", ...lost, exact: wideExact.loss, scenario: wide },
    { law: "Erlang B, 8 lines", ...lost, exact: erlangB(8, 6), scenario: lines },
    { law: "Erlang B, fixed times", ...lost, exact: erlangB(8, 6), scenario: fixed },
  ];
}

function closedCase({ scale }: TheorySize): TheoryCase {
  const users = 30;
  const exact = machineRepair({ thinkRate: 1, serviceRate: perSecond(100) }, 2, users);
  return {
    law: "machine repair, 2 of 30",
    quantity: "throughput, /s",
    exact: exact.throughput,
    scenario: laboratory({
      length: 2000 * scale * SECOND,
      arrivals: { kind: "users", count: users, think: exponential(1000) },
      service: exponential(100),
      slots: 2,
      queue: UNBOUNDED,
    }),
    measure: (summary) => station(summary).requests.succeeded / summary.measuredS,
  };
}

function renewalCases({ scale }: TheorySize): TheoryCase[] {
  const up: Distribution = { kind: "exponential", mean: 4 * HOUR };
  const down: Distribution = { kind: "exponential", mean: HOUR };
  const length = 2000 * scale * HOUR;
  const withHosts = (hosts: number, every: Distribution, forHowLong: Distribution) =>
    laboratory({
      length,
      hosts,
      hazards: [{ kind: "renewal", index: 0, what: "hosts", only: [], every, for: forHowLong }],
    });
  return [
    {
      law: "alternating renewal",
      quantity: "share up",
      exact: availability(4, 1),
      scenario: withHosts(1, up, down),
      measure: (summary) => 1 - summary.hosts.downS / summary.measuredS,
    },
    {
      law: "renewal, not memoryless",
      quantity: "share up",
      exact: availability(4, 1),
      scenario: withHosts(1, { kind: "gamma", mean: 4 * HOUR, cv: 0.5 }, { kind: "uniform", min: 0, max: 2 * HOUR }),
      measure: (summary) => 1 - summary.hosts.downS / summary.measuredS,
    },
    ...[2, 3].map((hosts) => ({
      law: `1 of ${hosts} hosts`,
      quantity: "time availability",
      exact: kOfN(
        1,
        Array.from({ length: hosts }, () => availability(4, 1)),
      ),
      scenario: withHosts(hosts, up, down),
      measure: (summary: RunSummary) => station(summary).availability.time,
    })),
  ];
}

function station(summary: RunSummary): ServiceSummary {
  const service = summary.services[STATION];
  if (service === undefined) throw new RangeError(`the results have no service "${STATION}"`);
  return service;
}

function meanWaitMs(summary: RunSummary): number {
  return station(summary).waitMs.mean ?? Number.NaN;
}

function utilisation(summary: RunSummary): number {
  return station(summary).utilisation;
}

function lossShare(summary: RunSummary): number {
  const { arrived, failed } = station(summary).requests;
  return failed / arrived;
}
