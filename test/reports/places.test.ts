import { describe, expect, test } from "vitest";
import type { PlaceWaitSummary } from "../../src/metrics/result.ts";
import { comparedPlaceLines, placeLines } from "../../src/reports/places.ts";
import { runPage } from "../../src/reports/runPage.ts";
import { runText } from "../../src/reports/terminal.ts";
import { inventedComparison } from "./inventedComparison.ts";
import { inventedRun } from "./inventedRun.ts";

const open: PlaceWaitSummary = {
  containers: 2,
  of: 5,
  open: true,
  startS: 0,
  endS: 600,
  longestS: 600,
  hosts: 3,
  reasons: ["3 Insufficient cpu"],
  behind: 0,
};
const ended: PlaceWaitSummary = { ...open, containers: 1, open: false, startS: 60, endS: 102, longestS: 42 };

const linesOf = (...waits: PlaceWaitSummary[]) => placeLines(inventedRun({ waits }).summary);
const why = "0/3 nodes are available: 3 Insufficient cpu. Mend: ask for less cpu, or add hosts that fit.";

describe("lines about containers without a place", () => {
  test("are none where nobody waited", () => {
    expect(linesOf()).toEqual([]);
  });

  test("say how many never found one, since when, why, and how to mend it", () => {
    expect(linesOf(open)).toEqual([`shop: 2 of 5 containers never found a place (since 0s): ${why}`]);
  });

  test("say how long others waited, and of one reason in one line", () => {
    expect(linesOf(ended)).toEqual([`shop: 1 container waited 42 s for a place (since 1m): ${why}`]);
    const several = { ...ended, containers: 4, hosts: 2, reasons: ["2 Insufficient cpu"] };
    expect(linesOf(open, several)).toEqual([
      `shop: 2 of 5 containers never found a place (since 0s), 4 more waited up to 42 s: ${why}`,
    ]);
  });

  test("tell another reason in a line of its own, those that still wait first, whichever service they are of", () => {
    const other = { ...ended, reasons: ["3 Insufficient memory"] };
    const { summary } = inventedRun({ services: ["shop", "cart"], waits: [other] });
    for (const [name, { containers }] of Object.entries(summary.services))
      if (name === "cart") containers.waits = [open, other];
    const lines = placeLines(summary);
    expect(lines.map((line) => line.slice(0, 24))).toEqual([
      "cart: 2 of 5 containers ",
      "shop: 1 container waited",
      "cart: 1 container waited",
    ]);
  });

  test("say who waits behind them", () => {
    expect(linesOf({ ...open, containers: 1, of: 3, behind: 2 })).toEqual([
      `shop: 1 of 3 containers never found a place (since 0s), 2 more wait behind: ${why}`,
    ]);
  });

  test("say where no scheduler tried", () => {
    expect(linesOf({ ...open, hosts: null, reasons: [] })).toEqual([
      "shop: 2 of 5 containers never found a place (since 0s): no scheduler tried. " +
        "Mend: check schedulerName and schedulingGates, and that the control plane was up.",
    ]);
  });

  test.each([
    [["3 Insufficient memory"], "Mend: ask for less memory, or add hosts that fit."],
    [["1 Insufficient cpu", "2 Insufficient cpu"], "Mend: ask for less cpu, or add hosts that fit."],
    [["3 Too many pods"], "Mend: allow more pods per host, or add hosts that fit."],
    [["3 host(s) were unreachable"], "Mend: bring the unreachable hosts back, or add hosts that fit."],
    [["3 node(s) were unschedulable"], "Mend: uncordon hosts, or add hosts that fit."],
    [["3 node(s) had untolerated taint(s)"], "Mend: tolerate or remove the taint, or add hosts that fit."],
    [["3 host(s) didn't match the node selector"], "Mend: give a host the labels asked for, or add hosts that fit."],
    [["3 node(s) didn't match pod anti-affinity rules"], "Mend: loosen the anti-affinity, or add hosts that fit."],
    [["3 node(s) didn't match pod affinity rules"], "Mend: run what its affinity asks for."],
    [["3 host(s) didn't match the required spread"], "Mend: loosen the spread, or add hosts that fit."],
    [
      ["3 node(s) didn't have free ports for the requested pod ports"],
      "Mend: free the host port, or add hosts that fit.",
    ],
    // A DaemonSet's container is meant for one host.
    [["1 Insufficient cpu"], "Mend: ask for less cpu."],
  ])("mend %j", (reasons, mend) => {
    const [line] = linesOf({ ...open, reasons });
    expect(line?.slice(line.indexOf("Mend"))).toBe(mend);
  });

  test("of a plug-in's own reasons say what it said, at most so much of it", () => {
    const [line] = linesOf({ ...open, reasons: ["3 too far from the sea"] });
    expect(line).toBe(
      "shop: 2 of 5 containers never found a place (since 0s): 0/3 nodes are available: 3 too far from the sea.",
    );
    expect(linesOf({ ...open, reasons: [] })[0]).toMatch(/: 0\/3 nodes are available\.$/u);
    expect(linesOf({ ...open, reasons: [`1 ${"x".repeat(9000)}`] })[0]?.length).toBeLessThan(400);
  });

  test("name the strategy in a comparison where not all have them alike, and leave out waits that ended", () => {
    const comparison = inventedComparison();
    const [first, ...others] = comparison.strategies;
    const put = (strategy: typeof first, waits: PlaceWaitSummary[]) => {
      const services = Object.values(strategy?.firstRun.summary.services ?? {});
      for (const service of services) service.containers.waits = structuredClone(waits);
    };
    put(first, [open, { ...ended, reasons: ["3 Too many pods"] }]);
    const line = `shop: 2 of 5 containers never found a place (since 0s): ${why}`;
    expect(comparedPlaceLines(comparison)).toEqual([`${first?.name}: ${line}`]);
    for (const other of others) put(other, [open]);
    expect(comparedPlaceLines(comparison)).toEqual([line]);
  });
});

describe("a report of containers without a place", () => {
  test("tells of them right below the answer, on the terminal and on the page", () => {
    const run = inventedRun({ waits: [open] });
    const [told = ""] = placeLines(run.summary);
    expect(runText(run, { colour: false, width: 300 }).split("\n")[1]).toBe(told);
    expect(runPage(run, [], {})).toMatch(/<p class="answer".*\n<p class="note" dir="auto">shop: 2 of 5 containers/u);
  });

  test("says how many it left out", () => {
    const waits = Array.from({ length: 30 }, (_, at) => ({ ...open, reasons: [`3 reason ${at}`] }));
    const text = runText(inventedRun({ waits }), { colour: false, width: 300 });
    expect(text.match(/never found/gu)).toHaveLength(6);
    expect(text).toContain("and 24 more that waited for a place");
    const page = runPage(inventedRun({ waits }), [], {});
    expect(page.match(/<p class="note"/gu)).toHaveLength(21);
    expect(page.includes("10 more are in summary.json beside this page.")).toBe(true);
  });
});
