import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, isRequired } from "../support/browser.ts";
import { histories } from "./history.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const modules = here("../../node_modules");
const hash = (texts: readonly string[]) => texts.map((text) => createHash("sha256").update(text).digest("hex"));

let folder = "";
let script = "";
let expected: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-determinism-"));
  script = await bundle();
  expected = hash(histories());
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the same scenario and seed give the same history and figures, bit for bit,", () => {
  test("in another major version of Node", (context) => {
    const other = otherNode();
    if (other === undefined) {
      if (isRequired()) throw new Error("CI needs a second major version of Node on the PATH");
      context.skip("no second major version of Node on the PATH");
      return;
    }
    expect(runScript(other, [])).toEqual(expected);
  });

  test("under JavaScriptCore (bun)", () => {
    expect(runScript(join(modules, ".bin", "bun"), ["run"])).toEqual(expected);
  });

  test("in a headless Chromium", async (context) => {
    const executablePath = browserPath();
    if (executablePath === undefined) {
      context.skip("no Chromium found; install Debian's package chromium, or set CHROMIUM");
      return;
    }
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-background-networking"],
    });
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: script });
      const texts = await page.evaluate("globalThis.histories()");
      expect(hash(texts as string[])).toEqual(expected);
    } finally {
      await browser.close();
    }
  });
});

async function bundle(): Promise<string> {
  const entry = join(folder, "entry.ts");
  writeFileSync(
    entry,
    `import { histories } from ${JSON.stringify(here("./history.ts"))};\nglobalThis.histories = histories;\n`,
  );
  const build = await rolldown({ input: entry, platform: "browser" });
  const { output } = await build.generate({ format: "iife" });
  await build.close();
  return output[0].code;
}

function runScript(program: string, args: readonly string[]): string[] {
  const file = join(folder, "run.cjs");
  writeFileSync(file, `${script}\nprocess.stdout.write(JSON.stringify(globalThis.histories()));\n`);
  const text = execFileSync(program, [...args, file], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return hash(JSON.parse(text) as string[]);
}

/** A Node of another major version than this one, anywhere on the PATH. */
function otherNode(): string | undefined {
  const [major] = process.versions.node.split(".");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((place) => join(place, "node"))
    .filter((path) => existsSync(path))
    .find((path) => !execFileSync(path, ["--version"], { encoding: "utf8" }).startsWith(`v${major}.`));
}
