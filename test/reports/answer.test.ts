import { describe, expect, test } from "vitest";
import { answer } from "../../src/reports/answer.ts";
import { inventedComparison } from "./inventedComparison.ts";
import { hurtRun, type Invention, inventedRun } from "./inventedRun.ts";

describe("the answer of a run", () => {
  test("names the loss, its share, its largest cause and root, the downtime and the release", () => {
    expect(answer(hurtRun())).toBe(
      "shop lost 393 of 239,884 requests (0.16 %), 369 of them host-down after the crash of host-3 at 5m, " +
        "and was down for 2.7 s; its rolling release of shop:v2 took 61.2 s.",
    );
  });

  test("says so where nothing was lost", () => {
    expect(answer(inventedRun({ rollout: undefined }))).toBe("shop answered all 239,884 requests and was never down.");
  });

  test("claims no availability where there was no traffic", () => {
    const quiet = answer(inventedRun({ perSecond: 0, rollout: undefined }));
    expect(quiet).toBe("shop answered no request and was never down.");
  });

  test("does not hide downtime that no request met", () => {
    const outages = [{ startS: 100, endS: 104, root: "timeline[0]" }];
    expect(answer(inventedRun({ rollout: undefined, outages }))).toContain("was down for 4 s");
  });

  test.each([
    [{ outcome: "stuck", endS: 720 }, "got stuck at 12m"],
    [{ outcome: "stuck", endS: null }, "got stuck"],
    [{ outcome: "aborted", endS: 150 }, "was aborted after 30 s"],
    [{ outcome: "rolled-back", endS: 150 }, "was rolled back after 30 s"],
    [{ outcome: "in-progress", endS: null }, "was still under way at the end"],
    [{ outcome: "superseded", endS: 150 }, "was overtaken by the next"],
    [{ reason: "rollback", endS: 150 }, "its rollback to shop:v2 took 30 s"],
  ] satisfies [Invention["rollout"], string][])("of a release with %j says that it %s", (rollout, expected) => {
    expect(answer(inventedRun({ rollout }))).toContain(expected);
  });

  test("of a release that waits says what for", () => {
    const run = inventedRun({ rollout: { outcome: "in-progress", endS: null } });
    run.summary.services.shop?.rollouts[0]?.steps.push({ atS: 130, note: "holds at partition 1" });
    expect(answer(run)).toContain("was still under way at the end (its last step: holds at partition 1)");
  });

  test("with many services tells the worst and counts the rest", () => {
    const run = inventedRun({ services: ["a", "b", "c", "d", "e"], rollout: undefined });
    const hurt = hurtRun().summary.services.shop;
    if (hurt !== undefined) run.summary.services.d = hurt;
    expect(answer(run)).toMatch(/^1 of 5 services were hurt: d lost 393 .*; the other 4 lost none\.$/u);
  });

  test("is about nothing where nothing ran", () => {
    expect(answer(inventedRun({ services: [] }))).toContain("No service ran");
  });
});

describe("the answer of a comparison", () => {
  test("names the strategy that lost least, what it cost, and the one that lost most", () => {
    expect(answer(inventedComparison(1))).toBe(
      "blue-green lost 0 of 239,884 requests and peaked at 10 containers; recreate lost 5,700 and was down for 14.2 s.",
    );
  });

  test("says how many seeds a mean is over", () => {
    expect(answer(inventedComparison(30))).toContain("on average over 30 seeds");
  });

  test("does not claim a difference whose interval holds zero", () => {
    const comparison = inventedComparison(30);
    for (const { name, versusBaseline } of comparison.strategies) {
      if (name === "blue-green") {
        versusBaseline["services.shop.requests.failed"] = { meanDifference: -5_700, ci95: [-12_000, 600] };
      }
    }
    expect(answer(comparison)).toContain("(the difference in requests may be chance)");
  });

  test("tells containers apart where none lost anything", () => {
    const comparison = inventedComparison(1);
    for (const { metrics } of comparison.strategies) {
      metrics["services.shop.requests.failed"] = { mean: 0, ci95: null, n: 1 };
      metrics["services.shop.downtime.totalS"] = { mean: 0, ci95: null, n: 1 };
    }
    expect(answer(comparison)).toBe(
      "None of the 3 strategies lost a request or was ever down; recreate peaked at 5 containers, blue-green at 10.",
    );
  });

  test("of one alone compares nothing", () => {
    const comparison = inventedComparison(1);
    comparison.strategies.splice(1);
    expect(answer(comparison)).toBe(
      "recreate lost 5,700 of 239,884 requests, was down for 14.2 s and peaked at 5 containers.",
    );
  });
});
