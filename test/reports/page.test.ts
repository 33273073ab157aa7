import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../src/metrics/result.ts";
import { comparisonPage } from "../../src/reports/comparisonPage.ts";
import { escapeHtml, escapeJson } from "../../src/reports/escapeHtml.ts";
import { table } from "../../src/reports/page.ts";
import { runPage } from "../../src/reports/runPage.ts";
import { inventedComparison } from "./inventedComparison.ts";
import { hurtRun } from "./inventedRun.ts";

/** Of everything in it that a plug-in can word, only the reason. */
const WAIT = { containers: 1, of: 5, open: true, startS: 0, endS: 9, longestS: 9, hosts: 3, reasons: [], behind: 0 };

/** A run in which every text that a scenario can give is `name`. */
function named(name: string): RunResult {
  const run = hurtRun({
    name,
    services: [name],
    versions: [`${name}1`, `${name}2`],
    failing: [{ from: 300, to: 341, perSecond: 9, cause: "host-down", root: name }],
    outages: [{ startS: 301, endS: 304, root: name }],
    rollout: { strategy: name, from: name, to: name, steps: [{ atS: 120, note: name }] },
    marks: [{ atS: 1, kind: "deploy", service: name, label: name }],
    waits: [{ ...WAIT, reasons: [`1 ${name}`] }],
  });
  run.summary.warnings.push(name);
  run.summary.hosts.byHost = { [name]: { downS: 1, outages: 1 } };
  return run;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "!", "-", "script", "=", " ", "\n", "\u2028") }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("</script><script>alert(1)</script>", '" onload="x', "<!--", "]]>", "__proto__", "&lt;", "\u202e"),
);

describe("report pages", () => {
  test("a name adds no mark-up: a page has as many angle brackets and quotes as with a plain name", () => {
    const plain = runPage(named("plain"), [], {});
    fc.assert(
      fc.property(hostile, (name) => {
        const page = runPage(named(name), [], {});
        for (const character of ["<", ">"]) expect(count(page, character)).toBe(count(plain, character));
        const visible = (html: string): string => html.slice(0, html.lastIndexOf("<script"));
        expect(count(visible(page), '"')).toBe(count(visible(plain), '"'));
      }),
      { numRuns: 200 },
    );
  });

  test("the same holds for the names of strategies and services in a comparison", () => {
    const plain = comparisonPage(inventedComparison(), [], {});
    fc.assert(
      fc.property(hostile, (name) => {
        const comparison = inventedComparison();
        comparison.scenario = name;
        for (const strategy of comparison.strategies) strategy.name = strategy.name === "recreate" ? "recreate" : name;
        const page = comparisonPage(comparison, [], {});
        for (const character of ["<", ">"]) expect(count(page, character)).toBe(count(plain, character));
      }),
      { numRuns: 100 },
    );
  });

  test("the data in the page is the summary itself", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const run = named(name);
        const page = runPage(run, [], {});
        const start = page.indexOf('<script type="application/json" id="data">') + 42;
        const data = page.slice(start, page.indexOf("</script>", start));
        expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(run.summary)));
      }),
      { numRuns: 100 },
    );
  });

  test("a page allows nothing to be loaded or run", () => {
    const page = runPage(named("plain"), [], {});
    expect(page).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'`);
    expect(page).not.toMatch(
      /<script(?! type="application\/json")|<link|<img|<iframe|@import|\son\w+=|(?:src|href)=/iu,
    );
  });
});

describe("escaping", () => {
  test("text between tags has no character with a meaning left", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'\p{Cc}\u202e]|&(?!(?:amp|lt|gt|quot|#39);)/u);
      }),
    );
  });

  test("JSON stays the same value and cannot close its element", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(escapeJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(escapeJson(value)).not.toContain("<");
      }),
    );
  });

  test("explain what counts as down, what the causes mean, and where in the file a root is", () => {
    const run = runPage(hurtRun(), [], {});
    expect(run).toContain("Down: no container that a load balancer could choose was able to answer.");
    const compared = comparisonPage(inventedComparison(1), [], {});
    expect(compared).toContain("Down: no container");
    expect(compared).toContain("no-endpoints: no container was known to the load balancer.");
    expect(compared).toContain('the deploy of shop:v2 at 2m</td><td class="t" dir="auto">timeline[0]</td>');
    expect(run).toContain("host-down: sent to a host that did not answer.");
    expect(run).not.toContain("timeout: ");
    expect(run).toContain('the crash of host-3 at 5m</td><td class="t" dir="auto">timeline[1]</td>');
  });

  test("set numbers, times and intervals flush right, and words that begin with a number left", () => {
    const cells = ["240,113", "0.17 %", "12 min 30 s", "5m1.5s", "−75.8 (−79.47 to −72.13, unclear)", "1 killed", "–"];
    const html = table({ header: ["Name", ...cells], rows: [["a", ...cells]] });
    const right = [...html.matchAll(/<td class="n" dir="auto">([^<]*)<\/td>/gu)].map(([, text]) => text);
    expect(right).toEqual(cells.slice(0, 5));
  });
});
