import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PluginError } from "../../src/kernel/errors.ts";
import { composedScheduler, profileSettings } from "../../src/scheduling/composed.ts";
import type { Scheduler, SchedulerPlugin } from "../../src/scheduling/framework.ts";
import { profileScheduler } from "../../src/scheduling/profile.ts";
import { SCHEDULER_PLUGINS, SCHEDULERS } from "../../src/scheduling/schedulers.ts";
import { hostView, request, snapshot } from "./builders.ts";

function scheduler(name: string): Scheduler {
  const found = SCHEDULERS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no scheduler ${name}`);
  return found;
}

/** Where a container goes, by host id; the reasons where it goes nowhere. */
function placed(by: Scheduler, ...rest: Parameters<typeof snapshot>): number | readonly string[] {
  const verdict = by.place(request(), snapshot(...rest), () => 0);
  return verdict.kind === "fits" ? verdict.host : verdict.refusals.map(({ host, reason }) => `${host}: ${reason}`);
}

const used = (...freeMillicores: number[]) => freeMillicores.map((free, id) => hostView(id, { freeMillicores: free }));

describe("built-in schedulers", () => {
  test.each([
    { name: "default", free: [1000, 4000, 2000], counts: [], host: 1 },
    { name: "default", free: [1000, 4000, 2000], counts: [0, 1, 1], host: 0 },
    { name: "bin-pack", free: [4000, 1000, 2000], counts: [0, 9, 0], host: 1 },
    { name: "bin-pack", free: [4000, 100, 2000], counts: [], host: 2 },
    { name: "first-fit", free: [100, 500, 4000], counts: [0, 9, 0], host: 1 },
  ])("$name with $free millicores free and $counts of the service there takes host $host", (row) => {
    expect(placed(scheduler(row.name), used(...row.free), row.counts)).toBe(row.host);
  });

  test("each says of every host why it will not do", () => {
    const hosts = [hostView(0, { cordoned: true }), hostView(1, { freeMillicores: 0 })];
    for (const one of SCHEDULERS) {
      expect(placed(one, hosts)).toEqual(["host-1: host(s) were unschedulable", "host-2: Insufficient cpu"]);
    }
  });

  test("each holds a required spread, whatever it prefers", () => {
    const asked = request({ spread: { over: "host", required: true } });
    for (const one of SCHEDULERS) {
      const verdict = one.place(asked, snapshot(used(4000, 600, 4000), [1, 1, 0]), () => 0);
      expect(verdict).toMatchObject({ kind: "fits", host: 2 });
    }
  });

  test("each settles ties by the stream it is given, but first-fit takes the first", () => {
    const at = (one: Scheduler, uniform: number) => {
      const verdict = one.place(request(), snapshot(used(4000, 4000, 4000, 4000)), () => uniform);
      return verdict.kind === "fits" ? verdict.host : undefined;
    };
    for (const one of SCHEDULERS) {
      const expected = one.name === "first-fit" ? [0, 0, 0] : [0, 2, 3];
      expect([0, 0.5, 0.999].map((uniform) => at(one, uniform))).toEqual(expected);
    }
  });

  test("random takes every host that fits about equally often", () => {
    let draws = 0;
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 400; i++) {
      const verdict = scheduler("random").place(
        request(),
        snapshot(used(4000, 100, 4000, 600)),
        () => (draws++ % 100) / 100,
      );
      if (verdict.kind === "fits") counts[verdict.host] = (counts[verdict.host] ?? 0) + 1;
    }
    expect(counts).toEqual([136, 0, 132, 132]);
  });

  test("the scores of a verdict add up to its totals, and the chosen host has the best", () => {
    const frees = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(frees, fc.array(fc.nat(3), { maxLength: 8 }), (free, counts) => {
        const verdict = scheduler("default").place(request(), snapshot(used(...free), counts), () => 0.3);
        if (verdict.kind !== "fits") {
          expect(Math.max(...free)).toBeLessThan(500);
          return;
        }
        const chosen = verdict.scores.find((row) => row.host === verdict.host);
        for (const { byPlugin, total } of verdict.scores) {
          const { taints = 0, spread = 0, "least-allocated": least = 0 } = byPlugin;
          expect(total).toBe(3 * taints + 2 * spread + least);
          expect(total).toBeLessThanOrEqual(chosen?.total ?? Number.NaN);
        }
        expect(verdict.scores).toHaveLength(free.filter((each) => each >= 500).length);
      }),
    );
  });
});

describe("a profile that users compose", () => {
  const read = (settings: unknown) => profileSettings(SCHEDULER_PLUGINS).safeParse(settings);

  test("weighs the plugins that it names", () => {
    const compose = (plugins: Record<string, number>) =>
      composedScheduler({ plugins, ties: "first" }, SCHEDULER_PLUGINS);
    expect(placed(compose({ "least-allocated": 1 }), used(2000, 4000, 500))).toBe(1);
    expect(placed(compose({ "most-allocated": 1 }), used(2000, 4000, 500))).toBe(2);
    expect(placed(compose({ "most-allocated": 1, spread: 2 }), used(2000, 4000, 500), [0, 1, 1])).toBe(0);
    expect(placed(compose({ "most-allocated": 0 }), used(2000, 4000, 500))).toBe(0);
  });

  test("insists on room and on open hosts even when it names nothing", () => {
    const compose = composedScheduler({ plugins: {}, ties: "first" }, SCHEDULER_PLUGINS);
    expect(placed(compose, used(100, 4000))).toBe(1);
    expect(placed(compose, [hostView(0, { cordoned: true })])).toEqual(["host-1: host(s) were unschedulable"]);
    const own = composedScheduler({ plugins: {}, ties: "first" }, []);
    expect(placed(own, used(100, 4000))).toBe(1);
  });

  test("settles ties as it says", () => {
    const compose = (ties: "first" | "random") => composedScheduler({ plugins: {}, ties }, SCHEDULER_PLUGINS);
    const at = (one: Scheduler) => one.place(request(), snapshot(used(4000, 4000)), () => 0.9);
    expect(at(compose("first"))).toMatchObject({ host: 0 });
    expect(at(compose("random"))).toMatchObject({ host: 1 });
  });

  test("has defaults: no plugins of its own, ties by chance", () => {
    expect(read({}).data).toEqual({ plugins: {}, ties: "random" });
  });

  test.each([
    {
      given: { plugins: { sprad: 1 } },
      says: /no scheduler plugin "sprad" \(did you mean spread\?\).*host-ready, node/,
    },
    { given: { plugins: { spread: -1 } }, says: />=0/ },
    { given: { plugins: { spread: Number.NaN } }, says: /NaN/ },
    { given: { ties: "last" }, says: /"random"\|"first"/ },
    { given: { plugin: {} }, says: /plugin/ },
  ])("refuses $given", ({ given, says }) => {
    expect(read(given).error?.issues[0]?.message).toMatch(says);
  });
});

describe("a plugin that breaks its interface", () => {
  const ask = (part: Partial<SchedulerPlugin>) => () =>
    profileScheduler({
      name: "mine",
      describe: "",
      plugins: [{ plugin: { kind: "scheduler-plugin", name: "odd", describe: "", ...part }, weight: 1 }],
    }).place(request(), snapshot(used(4000)), () => 0);
  const fail = () => {
    throw new TypeError("oops");
  };

  test.each([
    { part: { prepare: fail }, says: 'scheduler plugin "odd": prepare threw: oops' },
    { part: { filter: fail }, says: 'scheduler plugin "odd": filter threw: oops' },
    { part: { score: fail }, says: 'scheduler plugin "odd": score threw: oops' },
    { part: { score: () => Number.NaN }, says: "score answered NaN for host-1, expected a finite number" },
    { part: { score: () => Number.POSITIVE_INFINITY }, says: "score answered Infinity for host-1" },
    { part: { score: () => "9" as unknown as number }, says: 'score answered "9" for host-1' },
    { part: { filter: () => true as unknown as string }, says: "filter answered true for host-1, expected undefined" },
  ])("is named: $says", ({ part, says }) => {
    expect(ask(part)).toThrow(PluginError);
    expect(ask(part)).toThrow(says);
  });
});
