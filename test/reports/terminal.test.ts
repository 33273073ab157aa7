import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sparkline } from "../../src/reports/sparkline.ts";
import { comparisonText, runText } from "../../src/reports/terminal.ts";
import { cellWidth, terminalTable, wrapText } from "../../src/reports/terminalTable.ts";
import { inventedComparison } from "./inventedComparison.ts";
import { hurtRun } from "./inventedRun.ts";

const anyName = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("\u001b[31mred\u001b[0m", "a\nb", "\u202egnol", "サービス".repeat(20), "x".repeat(300)),
);

/** Of everything in it that a plug-in can word, only the reason. */
const WAIT = { containers: 1, of: 5, open: true, startS: 0, endS: 9, longestS: 9, hosts: 3, reasons: [], behind: 0 };

describe("runText", () => {
  test("begins with the answer and keeps the causes", () => {
    const text = runText(hurtRun(), { colour: false, width: 200 });
    expect(text.split("\n")[0]).toContain("shop lost 393 of 239,884 requests (0.16 %)");
    expect(text).toMatch(/369 {2}host-down {2,}the crash of host-3 at 5m \(timeline\[1\]\)/u);
    expect(text).toContain("█");
  });

  test("writes no control character but line breaks without colour, and fits the width, whatever the names", () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 40, max: 140 }), (name, width) => {
        const run = hurtRun({
          services: [name],
          versions: [`${name}1`, `${name}2`],
          failing: [{ from: 300, to: 341, perSecond: 9, cause: "host-down", root: name }],
          outages: [{ startS: 301, endS: 304, root: name }],
          rollout: { strategy: name },
          waits: [{ ...WAIT, reasons: [`1 ${name}`] }],
        });
        run.summary.warnings.push(name);
        const text = runText(run, { colour: false, width });
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
        expect(Math.max(...text.split("\n").map(cellWidth))).toBeLessThanOrEqual(width);
      }),
      { numRuns: 60 },
    );
  });

  test("colours only where asked", () => {
    expect(runText(hurtRun(), { colour: true, width: 100 })).toContain("\u001b[");
  });
});

describe("comparisonText", () => {
  test("has a row for every strategy, and every line fits the width", () => {
    const text = comparisonText(inventedComparison(30), { colour: false, width: 60 });
    for (const name of ["recreate", "rolling", "blue-green"])
      expect(text).toMatch(new RegExp(`^${name} {2,}\\S`, "mu"));
    expect(Math.max(...text.split("\n").map(cellWidth))).toBeLessThanOrEqual(60);
  });
});

describe("the parts of terminal text", () => {
  test("a single failure among a million keeps the bar from being full", () => {
    expect(sparkline([1, 0.999999, 0, undefined])).toBe("█▇▁ ");
  });

  test("columns line up also where letters are two cells wide", () => {
    const lines = terminalTable(
      [
        ["サービス", "1"],
        ["b", "200"],
      ],
      40,
    );
    expect(lines).toEqual(["サービス    1", "b         200"]);
  });

  test("a number is not parted from its unit", () => {
    expect(wrapText("it was down for 72.5 s.", 20)).toEqual(["it was down for", "72.5 s."]);
  });

  test("wrapped text has all its words and no line too long", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/u), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 60 }), (list, width) => {
        const lines = wrapText(list.join(" "), width);
        expect(lines.join(" ")).toBe(list.join(" "));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
