import { expect, test } from "vitest";
import { renderSvg } from "../../../src/reports/charts/renderChart.ts";
import type { RequestBins } from "../../../src/reports/charts/requestBins.ts";
import { failurePanel, type TimeFrame } from "../../../src/reports/charts/timePanels.ts";

const FRAME: TimeFrame = {
  window: { fromS: 0, toS: 4 },
  warmupS: 0,
  width: 300,
  events: { events: [], rows: 0, unlabelled: 0 },
  legends: true,
  axes: true,
  ticks: 4,
};

function failing(perSecond: readonly number[]): RequestBins {
  const nothing = perSecond.map(() => null);
  const requests = { arrived: perSecond, succeeded: perSecond.map(() => 0), failed: perSecond };
  const latencies = { p50: nothing, p95: nothing, p99: nothing };
  return {
    binS: 1,
    count: perSecond.length,
    ...requests,
    byVersion: {},
    byCause: { "no-endpoints": perSecond },
    ...latencies,
  };
}

test.each([
  { rates: [3000, 2500, 0, 1], ticks: ["0", "1k", "2k", "3k"] },
  { rates: [0.008, 0, 0.002, 0], ticks: ["0", "0.002", "0.004", "0.006", "0.008"] },
])("rates up to $rates.0 a second have the ticks $ticks", async ({ rates, ticks }) => {
  const svg = await renderSvg({ ...failurePanel(FRAME, failing(rates), { height: 100 }) });
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  for (const tick of ticks) expect(texts).toContain(tick);
  expect(texts).not.toContain("0k");
});
