import { describe, expect, test } from "vitest";
import { MINUTE } from "../../src/kernel/time.ts";
import type { HostView, Scheduler } from "../../src/scheduling/framework.ts";
import { BUILT_IN, withPlugins } from "../../src/simulation/catalogue.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import { hostNamesDoNotMatter } from "../../src/testkit/invariants/hostNamesDoNotMatter.ts";
import { hosts, image, scenario, service } from "../support/scenarioBuilder.ts";

type Rank = (host: HostView) => number | string;

/** Takes the open host that is the least by that. */
function leastBy(rank: Rank): Scheduler {
  return {
    kind: "scheduler",
    name: "mine",
    describe: "takes the least",
    place(_request, { hosts: seen }) {
      const [least] = seen.filter(({ freeMillicores }) => freeMillicores >= 500).sort(by(rank));
      return least === undefined
        ? { kind: "unschedulable", refusals: [] }
        : { kind: "fits", host: least.id, scores: [] };
    },
  };
}

function by(rank: Rank) {
  return (one: HostView, other: HostView) => {
    const [first, second] = [rank(one), rank(other)];
    return first < second ? -1 : Number(first > second);
  };
}

/** What the invariant says of a scheduler that places five containers on so many hosts. */
function said(scheduler: Scheduler, many: number): string | undefined {
  const cluster = { ...scenario().cluster, hosts: hosts(many), scheduler: { name: "mine", settings: {} } };
  const services = [service({ replicas: 5, traffic: { ...service().traffic, arrivals: { kind: "none" } } })];
  return checkScenario(scenario({ duration: MINUTE, cluster, services, images: [image("shop:v1")] }), {
    catalogue: withPlugins(BUILT_IN, [scheduler]),
    invariants: [hostNamesDoNotMatter],
    story: false,
  })?.message;
}

const firstNumber = ({ spec }: HostView) => Number(/\d+/.exec(spec.name)?.[0] ?? 0);
const lastDigit = ({ spec }: HostView) => Number(spec.name.at(-1));

describe("host-names-do-not-matter", () => {
  test.each<{ reads: string; rank: Rank }>([
    { reads: "the first number", rank: firstNumber },
    { reads: "the first number, the greatest first", rank: (host) => -firstNumber(host) },
    { reads: "the last digit, the greatest first", rank: (host) => -lastDigit(host) },
    { reads: "odd and even", rank: (host) => lastDigit(host) % 2 },
    { reads: "the prefix", rank: ({ spec, id }) => (spec.name.startsWith("host") ? id : -id) },
    { reads: "the length", rank: ({ spec, id }) => (spec.name.length > 6 ? -id : id) },
  ])("is broken by who reads $reads out of a name, with two hosts as with five", ({ rank }) => {
    expect(said(leastBy(rank), 2)).toMatch(/ renamed /);
    expect(said(leastBy(rank), 5)).toMatch(/ renamed /);
  });

  test.each<{ uses: string; rank: Rank }>([
    { uses: "the names' order", rank: ({ spec }) => spec.name },
    { uses: "the hosts' order", rank: ({ id }) => id },
    { uses: "what is free", rank: ({ freeMillicores }) => -freeMillicores },
  ])("holds where a scheduler uses $uses only", ({ rank }) => {
    for (const many of [1, 2, 5]) expect(said(leastBy(rank), many)).toBeUndefined();
  });
});
