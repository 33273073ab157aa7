import { GlobalFonts } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import { renderPng, renderSvg } from "../../src/reports/charts/renderChart.ts";
import { ALL_SHADES } from "../../src/reports/charts/theme.ts";
import { wholeSpec } from "../../src/reports/charts/vegaConfig.ts";
import { comparisonReport, runReport } from "../../src/reports/folder.ts";
import type { ReportFile } from "../../src/reports/reportFile.ts";
import { inventedComparison } from "./inventedComparison.ts";
import { hurtRun, inventedRun } from "./inventedRun.ts";

const HOSTILE = '</script><script>alert(1)</script>" onload="x\n& \u202e\u0000 ../../..';

function text(files: readonly ReportFile[], path: string): string {
  const found = files.find((file) => file.path === path);
  if (typeof found?.bytes !== "string") throw new Error(`${path} is not a text file of the report`);
  return found.bytes;
}

function hostileRun(): ReturnType<typeof hurtRun> {
  return hurtRun({
    name: HOSTILE,
    services: [HOSTILE, "b", "B"],
    versions: [`${HOSTILE}1`, `${HOSTILE}2`],
    failing: [{ from: 300, to: 341, perSecond: 9, cause: "host-down", root: HOSTILE }],
    marks: [{ atS: 1, kind: "deploy", service: null, label: HOSTILE }],
    rollout: { strategy: HOSTILE },
  });
}

/** The names of all attributes of all tags, read as a browser reads them: quotes first. */
function attributeNames(markup: string): Set<string> {
  const names = new Set<string>();
  for (const tag of markup.matchAll(/<[a-zA-Z](?:"[^"]*"|'[^']*'|[^>"'])*>/gu)) {
    const bare = tag[0].replace(/"[^"]*"|'[^']*'/gu, "");
    for (const attribute of bare.matchAll(/\s([^\s=>/]+)=/gu)) names.add(attribute[1] ?? "");
  }
  return names;
}

const hurt = runReport(hurtRun());
const compared = comparisonReport(inventedComparison());

describe("the report of a run", () => {
  test("has a page, a summary, every chart in three forms, and the series as CSV", async () => {
    const files = await hurt;
    const paths = files.map((file) => file.path);
    const charts = ["timeline-shop", "failures", "hosts"].flatMap((slug) =>
      ["vl.json", "svg", "png"].map((form) => `charts/${slug}.${form}`),
    );
    const sheets = ["requests", "containers", "outages", "lanes", "failures", "events"].map((name) => `${name}.csv`);
    expect(paths).toEqual(expect.arrayContaining(["index.html", "summary.json", ...charts, ...sheets]));
    expect(JSON.parse(text(files, "summary.json"))).toEqual(JSON.parse(JSON.stringify(hurtRun().summary)));
  });

  test("is the same, byte for byte, each time", async () => {
    const [first, second] = [await hurt, await runReport(hurtRun())];
    expect(second.map(({ path }) => path)).toEqual(first.map(({ path }) => path));
    for (const [at, file] of first.entries()) {
      if (typeof file.bytes === "string") expect(second[at]?.bytes === file.bytes).toBe(true);
    }
  });

  test("writes PNG images of twice the size of the drawing", async () => {
    const files = await hurt;
    const png = files.find((file) => file.path === "charts/hosts.png")?.bytes;
    if (!(png instanceof Uint8Array)) throw new Error("the PNG is not bytes");
    expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const width = new DataView(png.buffer, png.byteOffset).getUint32(16);
    const svgWidth = /^<svg[^>]*? width="([\d.]+)"/u.exec(text(files, "charts/hosts.svg"))?.[1];
    expect(width).toBe(Math.ceil(Number(svgWidth) * 2));
  });

  test("hostile names end up in no path, no tag and no attribute", async () => {
    const files = await runReport(hostileRun());
    const paths = files.map((file) => file.path);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^(charts\/)?[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u);
    const page = text(files, "index.html");
    expect(page.split("<script").length - 1).toBe(1);
    expect([...attributeNames(page)].filter((name) => name.startsWith("on"))).toEqual([]);
    for (const path of paths.filter((each) => each.endsWith(".svg"))) {
      const drawing = text(files, path);
      expect(/<script|[^\P{Cc}\n]/u.test(drawing)).toBe(false);
      expect([...attributeNames(drawing)].filter((name) => name.startsWith("on"))).toEqual([]);
    }
  });

  test("no two elements of the page have one id, and no drawing has any, which would meet in one page", async () => {
    const files = await runReport(hurtRun({ services: ["a", "b"] }));
    const ids = [...text(files, "index.html").matchAll(/ id="([^"]*)"/gu)].map((match) => match[1]);
    expect(ids.length).toBeGreaterThan(4);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path } of files.filter((file) => file.path.endsWith(".svg"))) {
      expect(/ id="|url\(#/u.test(text(files, path))).toBe(false);
    }
  });
});

describe("any run", () => {
  test.each([
    ["no traffic", inventedRun({ perSecond: 0 })],
    ["no release and no events", inventedRun({ rollout: undefined, marks: [] })],
    ["no services", inventedRun({ services: [] })],
    ["a run of two seconds", inventedRun({ durationS: 2, marks: [] })],
    ["everything lost", hurtRun({ failing: [{ from: 0, to: 600, perSecond: 380, cause: "no-endpoints", root: "x" }] })],
  ])("is drawn, without a complaint of Vega's, also with %s", async (_what, run) => {
    const files = await runReport(run);
    expect(text(files, "index.html").endsWith("</html>\n")).toBe(true);
  });
});

describe("the report of a comparison", () => {
  test("has its charts, its metrics with paired differences, and the series by strategy", async () => {
    const files = await compared;
    const paths = files.map((file) => file.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "charts/timelines-shop.svg",
        "charts/metrics-shop.svg",
        "charts/cost.svg",
        "summary.json",
      ]),
    );
    expect(text(files, "metrics.csv")).toContain("rolling,services.shop.requests.failed,393,");
    expect(text(files, "failures.csv")).toMatch(/^strategy,service,cause,root,count\r\n/u);
    expect(text(files, "index.html").includes("Difference from recreate")).toBe(true);
  });

  test("is drawn also with one seed, one strategy, or eleven", async () => {
    const base = inventedComparison(1);
    const [first] = base.strategies;
    if (first === undefined) throw new Error("the invented comparison has strategies");
    const eleven = Array.from({ length: 11 }, (_, at) => ({ ...first, name: `s${at}` }));
    for (const strategies of [[first], eleven]) {
      const files = await comparisonReport({ ...base, strategies });
      expect(text(files, "index.html").endsWith("</html>\n")).toBe(true);
    }
  });
});

describe("drawing", () => {
  test("uses only colours that have a counterpart on a dark page", async () => {
    const known = new Set(ALL_SHADES.map(({ light }) => light));
    const files = [...(await hurt), ...(await compared)];
    for (const { path } of files.filter((file) => file.path.endsWith(".svg"))) {
      const drawing = text(files, path).replace(/<style>.*?<\/style>/su, "");
      const used = [...drawing.matchAll(/(?:fill|stroke)="(#[0-9a-f]{6}|[a-z]+)"/giu)].map((match) => match[1] ?? "");
      const strange = used.filter((colour) => !known.has(colour) && colour !== "none" && colour !== "transparent");
      expect({ path, strange: [...new Set(strange)] }).toEqual({ path, strange: [] });
    }
  });

  test("writes no number with an exponent, nor thousandths as “8m”, however rare or many the failures", async () => {
    const rare = inventedRun({
      durationS: 6_000,
      perSecond: 1,
      failing: [{ from: 300, to: 301, perSecond: 1, cause: "timeout", root: "x" }],
    });
    const many = hurtRun({ perSecond: 90_000 });
    for (const run of [rare, many, hurtRun()]) {
      const drawing = text(await runReport(run), "charts/timeline-shop.svg");
      const panel = drawing.slice(drawing.indexOf("concat_1_group"), drawing.indexOf("concat_4_group"));
      const words = [...panel.matchAll(/>([^<]*)<\/text>/gu)].map((match) => match[1] ?? "");
      expect(words).toContain("0");
      expect(words.filter((word) => /^[\d.]+(?:e[+-]?\d+|m|µ)$/u.test(word))).toEqual([]);
    }
  });
});

describe("rendering one specification", () => {
  test("carries its text alternative", async () => {
    const spec = wholeSpec('Three "dots" & more', { data: { values: [{ a: 1 }] }, mark: "point", encoding: {} });
    expect(await renderSvg(spec)).toContain('role="img" aria-label="Three &quot;dots&quot; &amp; more"');
  });

  test.each(["https://example.org/data.json", "file:///etc/passwd", "data.json"])("loads nothing: %s", async (url) => {
    const spec = wholeSpec("x", {
      data: { url },
      mark: "point",
      encoding: { x: { field: "a", type: "quantitative" } },
    });
    await expect(renderSvg(spec)).rejects.toThrow(/cannot be drawn/u);
  });

  test("text in a PNG is set in a font that the package brings along", async () => {
    await hurt;
    const styles = GlobalFonts.families.find(({ family }) => family === "Arimo")?.styles ?? [];
    expect(styles.map(({ weight }) => weight).sort()).toEqual(expect.arrayContaining([400, 700]));
  });

  test("renderPng draws text in pixels", async () => {
    const of = (word: string): Promise<Uint8Array> =>
      renderPng(
        wholeSpec("x", {
          width: 100,
          height: 20,
          data: { values: [{ word }] },
          mark: "text",
          encoding: { text: { field: "word" } },
        }),
      );
    expect(await of("one")).not.toEqual(await of("two"));
  });
});
