import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fieldsPage } from "../../src/manifests/fields/fieldsPage.ts";
import { KIND_FIELDS } from "../../src/manifests/fields/kindFields.ts";
import { type FieldRule, type FieldTable, ruleOf } from "../../src/manifests/fields/rules.ts";
import { officialFields } from "./officialFields.ts";

const OFFICIAL = officialFields();

/** The rule of a field, or of the nearest field around it that is told as a whole; undefined: nothing is said of it. */
function ruleAt(table: FieldTable, path: readonly string[], isFurther = false): FieldRule | undefined {
  const [key = "", ...rest] = path;
  const rule = ruleOf(table, key);
  if (rule === undefined || rest.length === 0) return rule;
  const inside = isFurther ? (rule.further ?? rule.inside) : rule.inside;
  return inside === undefined ? rule : ruleAt(inside, rest, isFurther);
}

/** Every field of a table, those of the tables inside it included. */
function pathsOf(table: FieldTable, above: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(table.fields).flatMap(([key, { inside, further }]) => {
    const path = [...above, key];
    return [path, ...[inside, further].flatMap((one) => (one === undefined ? [] : pathsOf(one, path)))];
  });
}

describe.each([...KIND_FIELDS])("of a %s", (kind, table) => {
  const official = OFFICIAL.get(kind) ?? [];

  test("every field of the official model acts, is ignored for a reason, or is warned about", () => {
    expect(official.length).toBeGreaterThan(20);
    for (const isFurther of [false, true]) {
      const silent = official.filter((path) => ruleAt(table, path, isFurther) === undefined);
      expect(silent.map((path) => path.join("."))).toEqual([]);
    }
  });

  test("no other field is told of", () => {
    const known = new Set(official.map((path) => path.join(".")));
    expect(pathsOf(table).filter((path) => !known.has(path.join(".")))).toEqual([]);
  });

  test("what is ignored says why", () => {
    const ignored = official.map((path) => ruleAt(table, path)).filter((rule) => rule?.verdict === "ignored");
    expect(ignored.every((rule) => (rule?.why ?? "") !== "")).toBe(true);
  });
});

test("all kinds of the official packages that are read are told of", () => {
  expect([...OFFICIAL.keys()]).toEqual([...KIND_FIELDS.keys()]);
});

test("the page of the fields tells what the code does (node scripts/manifestFields.ts writes it)", () => {
  const page = readFileSync(new URL("../../docs/manifest-fields.md", import.meta.url), "utf8");
  expect(page).toBe(fieldsPage());
  const anchors = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  const titles = [...page.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);
  const known = titles.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 ]/g, "")
      .replaceAll(" ", "-"),
  );
  expect(anchors.filter((anchor) => !known.includes(anchor ?? ""))).toEqual([]);
});
