import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A strategy as an expression of JavaScript. */
const strategy = (name: string) => `{ kind: "strategy", name: "${name}", describe: "for a test", plan: () => ({}) }`;
const scheduler = (name: string) =>
  `{ kind: "scheduler", name: "${name}", describe: "for a test", place: () => ({ kind: "unschedulable", refusals: [] }) }`;

/** Which folder's package.json says what of its `.js` and `.ts` files; undefined: it has none. */
const FOLDERS = { none: undefined, module: "module", commonjs: "commonjs" } as const;

/** Node's own loader takes it for a module where the package says so, and no hook talks it out of that. */
const COMMON = "common.js";

/** One form of a plug-in file, and the names of what is found in it. */
interface Form {
  readonly form: string;
  readonly file: string;
  readonly text: string;
  readonly found: readonly string[];
}

const TYPED = (name: string) => `interface Named { readonly name: string }
const given: Named = { name: "${name}" };
export const mine = { ...${strategy("typed")}, ...given };
`;
const FORMS: readonly Form[] = [
  { form: "named", file: "named.mjs", text: `export const mine = ${strategy("a")};`, found: ["a"] },
  { form: "default", file: "default.mjs", text: `export default ${scheduler("a")};`, found: ["a"] },
  {
    form: "several, by name and as the default",
    file: "several.mjs",
    text: `export const mine = ${strategy("a")};\nexport const answer = 42;\nexport default ${scheduler("b")};`,
    found: ["a", "b"],
  },
  {
    form: "one under two names",
    file: "twice.mjs",
    text: `export const mine = ${strategy("a")};\nexport default mine;`,
    found: ["a"],
  },
  {
    form: "several in the default",
    file: "inside.mjs",
    text: `export default { mine: ${strategy("a")}, yours: ${scheduler("b")} };`,
    found: ["a", "b"],
  },
  { form: "module.exports", file: "whole.cjs", text: `module.exports = ${strategy("a")};`, found: ["a"] },
  {
    form: "several in module.exports",
    file: "whole-several.cjs",
    text: `module.exports = { mine: ${strategy("a")}, yours: ${scheduler("b")} };`,
    found: ["a", "b"],
  },
  { form: "exports.mine", file: "part.cjs", text: `exports.mine = ${strategy("a")};`, found: ["a"] },
  { form: "typed", file: "typed.ts", text: TYPED("a"), found: ["a"] },
  { form: "typed, .mts", file: "typed.mts", text: TYPED("a"), found: ["a"] },
  {
    form: "typed, in two files",
    file: "two.ts",
    text: `import { mine } from "./typed.ts";\nexport const yours = { ...mine, name: "b" };`,
    found: ["b"],
  },
  { form: "an ES module in .js", file: "esm.js", text: `export const mine = ${strategy("a")};`, found: ["a"] },
  { form: "CommonJS in .js", file: COMMON, text: `module.exports = ${strategy("a")};`, found: ["a"] },
];

/** Loads each file in a process of Node's own, as the command does: vitest imports files in its own way. */
const LOADER = `import { catalogueWith } from ${JSON.stringify(new URL("../../src/cli/plugins.ts", import.meta.url).href)};
const builtIn = await catalogueWith([]);
const own = (from, to) => [...from.keys()].filter((name) => !to.has(name));
const found = {};
for (const file of process.argv.slice(2)) {
  try {
    const { strategies, schedulers } = await catalogueWith([file]);
    found[file] = [...own(strategies, builtIn.strategies), ...own(schedulers, builtIn.schedulers)].sort();
  } catch (error) {
    found[file] = error.message;
  }
}
process.stdout.write(JSON.stringify(found));
`;

describe("a plug-in file", () => {
  const rows = Object.keys(FOLDERS).flatMap((folder) =>
    FORMS.map((form) => ({ ...form, path: join(folder, form.file) })),
  );
  let folder = "";
  let answers: Readonly<Record<string, unknown>> = {};

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-plugins-"));
    for (const [name, type] of Object.entries(FOLDERS)) {
      mkdirSync(join(folder, name));
      if (type !== undefined) writeFileSync(join(folder, name, "package.json"), JSON.stringify({ type }));
    }
    for (const { path, text } of rows) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, "loader.mjs"), LOADER);
    const args = ["loader.mjs", ...rows.map(({ path }) => path)];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    answers = JSON.parse(stdout) as typeof answers;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const refused = join("module", COMMON);
  test.each(rows.filter(({ path }) => path !== refused))("$path gives what it exports: $form", ({ path, found }) => {
    expect(answers[path]).toEqual(found);
  });

  test("of CommonJS in .js in a package of modules is refused, with what to do", () => {
    expect(answers[refused]).toMatch(/it could not be loaded: module is not defined .*'\.cjs' file extension/s);
  });
});
