import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { catalogueWith } from "../../src/cli/plugins.ts";
import { theoryCases } from "../../src/experiments/theoryCases.ts";
import { GREATEST_Z } from "../../src/experiments/theoryTrial.ts";
import { readScenarioFile } from "../../src/manifests/readScenarioFile.ts";
import { exchangesOf, printed, withoutWallClock, wordsOf } from "./consoleBlock.ts";
import { anchorsOf, type Block, blocksOf, linksOf, pages, ROOT, textOf } from "./pages.ts";

const BLOCKS = pages().flatMap(blocksOf);
const placeOf = ({ page, line }: Block) => `${page}:${line}`;
const at = (blocks: readonly Block[]) => blocks.map((block) => [placeOf(block), block] as const);

/** With UPDATE_DOCS=1 a console block that is out of date is written anew, to be read over and committed. */
const UPDATE = process.env.UPDATE_DOCS === "1";

describe("a link of the documentation", () => {
  test.each(pages().filter((page) => linksOf(page).length > 0))(
    "in %s leads to a file, and to a heading in it",
    (page) => {
      for (const target of linksOf(page)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? page : join(dirname(page), path).replaceAll("\\", "/");
        expect(existsSync(join(ROOT, file)), `${page} links to ${target}`).toBe(true);
        if (anchor !== undefined) expect([...anchorsOf(file)], `${page} links to ${target}`).toContain(anchor);
      }
    },
  );
});

describe("a block that names a file", () => {
  const named = BLOCKS.filter(({ language, mark }) => ["ts", "yaml", "json"].includes(language) && mark !== "");

  test("stands on some page", () => expect(named).not.toEqual([]));

  test.each(at(named))("at %s is that file, to the letter", (_, { mark, body }) => {
    expect(body).toBe(readFileSync(join(ROOT, mark), "utf8"));
  });
});

describe("a YAML block", () => {
  test.each(at(BLOCKS.filter(({ language }) => language === "yaml")))("at %s can be read", async (_, { body }) => {
    const value: unknown = parse(body);
    if (typeof value !== "object" || value === null || !("duration" in value)) return;
    const plugins = ["rackAware", "worstFit", "oneByOne"].map((name) => join(ROOT, "examples", `${name}.ts`));
    const read = readScenarioFile(body, {
      file: "block.yaml",
      catalog: await catalogueWith(plugins),
      readFile: (path) => readFileSync(join(ROOT, "examples", path)),
    });
    expect(read.warnings).toEqual([]);
  });
});

describe("a console block", () => {
  const runnable = BLOCKS.filter(({ language, body }) => language === "console" && body.startsWith("$ rehearse "));

  test("stands on some page", () => expect(runnable).not.toEqual([]));

  test.each(at(runnable))("at %s shows what its commands print", (_, { page, body }) => {
    const shown = exchangesOf(body);
    const really = shown.map(({ command }) => ({ command, output: printed(command) }));
    if (UPDATE) {
      const fresh = really.map(({ command, output }) => `$ ${command}\n${output}`).join("");
      writeFileSync(
        join(ROOT, page),
        textOf(page).replace(body, () => fresh),
      );
    } else expect(shown.map((one) => ({ ...one, output: withoutWallClock(one.output) }))).toEqual(really);
  });
});

describe("the page on theory", () => {
  const rows = textOf("docs/theory.md").split("\n");

  test.each(theoryCases({ scale: 1 }).map(({ law, quantity, exact }) => [law, quantity, exact.toPrecision(6)]))(
    "shows %s, %s, with its exact value %s, and no contradiction",
    (law, quantity, exact) => {
      const row = rows.find((line) => line.startsWith(law.padEnd(26)) && line.includes(quantity)) ?? "";
      const [value, _simulated, _error, z] = row.slice(46).trim().split(/\s+/);
      expect(value).toBe(exact);
      expect(Math.abs(Number(z))).toBeLessThanOrEqual(GREATEST_Z);
    },
  );
});

describe("the reader of pages", () => {
  test("splits a command as a shell does", () => {
    expect(wordsOf(`rehearse run a.yaml --set 'images."shop:v2".errors=0' --fail-if "a > 1"`)).toEqual([
      "rehearse",
      "run",
      "a.yaml",
      "--set",
      'images."shop:v2".errors=0',
      "--fail-if",
      "a > 1",
    ]);
  });

  test("gives each command what was printed after it", () => {
    expect(exchangesOf("$ one\na\n\nb\n$ two\n")).toEqual([
      { command: "one", output: "a\n\nb\n" },
      { command: "two", output: "" },
    ]);
  });
});
