import { expect, test } from "vitest";
import { withHostsTogether } from "../../src/metrics/marks.ts";
import type { EventMark } from "../../src/metrics/result.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { crashHost, scenario, timeline } from "../support/scenarioBuilder.ts";

test("a lost zone is one mark, a few hosts are named, and nothing else is put together", () => {
  const zone = { kind: "crash" as const, what: "zone" as const, name: "zone-a", for: 20_000_000 };
  const marks = simulate(
    scenario({ timeline: timeline([60, zone], [120, crashHost("host-1", 5)], [120, crashHost("host-2", 5)]) }),
  ).series.marks;
  expect(marks.map(({ atS, label }) => `${atS} ${label}`)).toEqual([
    "60 5 hosts down",
    "80 5 hosts up",
    "120 host-1 down",
    "120 host-2 down",
    "125 host-1 up",
    "125 host-2 up",
  ]);
});

test("registry and control plane keep their names, however often they fall together", () => {
  const mark = (label: string): EventMark => ({ atS: 1, kind: "failure", service: null, label });
  const marks = ["registry down", "control plane down", "host-1 down"].map(mark);
  expect(withHostsTogether(marks)).toEqual(marks);
});
