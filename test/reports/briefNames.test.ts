import { describe, expect, test } from "vitest";
import { comparisonWithBriefImages, runWithBriefImages } from "../../src/reports/briefNames.ts";
import { runReport } from "../../src/reports/folder.ts";
import { runText } from "../../src/reports/terminal.ts";
import { inventedComparison } from "./inventedComparison.ts";
import { hurtRun, inventedRun } from "./inventedRun.ts";

const LONG = "registry.example/team/shop";

describe("image names for people", () => {
  test("lose registry and path, in texts and keys, while the numbers stay", () => {
    const shown = runWithBriefImages(hurtRun({ versions: [`${LONG}:v1`, `${LONG}:v2`] }));
    expect(JSON.stringify(shown)).not.toContain(LONG);
    expect(shown).toEqual(hurtRun({ versions: ["shop:v1", "shop:v2"] }));
  });

  test("stay whole where two would become one", () => {
    const run = inventedRun({ versions: ["a.example/shop:v1", "b.example/shop:v1"] });
    expect(runWithBriefImages(run)).toEqual(run);
  });

  test("of plain names are left alone, and nothing is copied", () => {
    const run = hurtRun();
    expect(runWithBriefImages(run)).toBe(run);
    const comparison = inventedComparison(2);
    expect(comparisonWithBriefImages(comparison)).toBe(comparison);
  });

  test("leave room for what became of a release on a terminal's line", () => {
    const far = "registry.example/a-very-long-organisation/and-its-team/shop";
    const run = hurtRun({ versions: [`${far}:v1`, `${far}:v2`] });
    expect(runText(run, { colour: false, width: 100 })).toMatch(/rolling to shop:v2 from 2m: completed in/u);
  });

  test("are whole in summary.json and in the page's data, brief in what the page shows", async () => {
    const files = await runReport(hurtRun({ versions: [`${LONG}:v1`, `${LONG}:v2`] }));
    const text = (path: string) => String(files.find((file) => file.path === path)?.bytes);
    expect(text("summary.json")).toContain(`${LONG}:v2`);
    const [shown, data] = text("index.html").split('<script type="application/json" id="data">');
    expect(shown).not.toContain(LONG);
    expect(data).toContain(`${LONG}:v2`);
  });
});
