/** Fields that are said to act: without any one of them, the same manifests mean something else. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { KIND_FIELDS } from "../../src/manifests/fields/kindFields.ts";
import { type FieldTable, ruleOf } from "../../src/manifests/fields/rules.ts";
import { readSchedule } from "../../src/manifests/scheduleInput.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { readText } from "./manifestSets.ts";

const FOLDER = join(import.meta.dirname, "acting");

/** A field that acts, by its type and name, and where it stands in a document. */
interface Example {
  readonly field: string;
  readonly path: readonly (string | number)[];
}

/** The fields of a value that act by themselves and not by what is inside. */
function examplesIn(value: unknown, table: FieldTable, path: Example["path"] = []): readonly Example[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const rule = ruleOf(table, key);
    const at = [...path, key];
    if (rule?.verdict !== "acts") return [];
    const { inside, further = inside } = rule;
    if (inside === undefined || further === undefined) return [{ field: `${table.name}.${key}`, path: at }];
    if (!Array.isArray(item)) return examplesIn(item, inside, at);
    return item.flatMap((one, i) => examplesIn(one, i === 0 ? inside : further, [...at, i]));
  });
}

/** Every field of a table that acts by itself, by its type and name. */
function actingIn(table: FieldTable): readonly string[] {
  return Object.entries(table.fields).flatMap(([key, { verdict, inside, further }]) => {
    if (verdict !== "acts") return [];
    if (inside === undefined) return [`${table.name}.${key}`];
    return [inside, further].flatMap((one) => (one === undefined ? [] : actingIn(one)));
  });
}

function without(value: unknown, [step, ...rest]: Example["path"]): unknown {
  if (Array.isArray(value)) {
    const item = (one: unknown, i: number) => (i === step ? without(one, rest) : one);
    return value.map(item);
  }
  const map = value as Readonly<Record<string, unknown>>;
  const others = Object.entries(map).filter(([key]) => key !== step || rest.length > 0);
  return Object.fromEntries(others.map(([key, item]) => [key, key === step ? without(item, rest) : item]));
}

/** What manifests mean: the scenario of them, and the pods and nodes that a scheduler sees; or what is wrong with them. */
function meaningOf(documents: readonly unknown[]): string {
  const text = documents.map((one) => stringify(one, { aliasDuplicateObjects: false })).join("---\n");
  const plain = (_: string, value: unknown) => (value instanceof Map || value instanceof Set ? [...value] : value);
  try {
    const { scenario } = readText(text);
    // What a pod template says counts by what the scheduler reads of it, not by standing there.
    const services = scenario.services.map(({ pod: _, ...rest }) => rest);
    const { input } = readSchedule([{ file: "app.yaml", text }], {});
    return JSON.stringify([{ ...scenario, services }, input], plain);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

const SETS = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const documents = parseAllDocuments(readFileSync(join(FOLDER, file), "utf8")).map((one): unknown => one.toJS());
    return { file, documents, whole: meaningOf(documents) };
  });

const EXAMPLES = SETS.flatMap((set) =>
  set.documents.flatMap((document, number) => {
    const table = KIND_FIELDS.get((document as { readonly kind: string }).kind);
    return table === undefined ? [] : examplesIn(document, table).map((example) => ({ ...example, number, set }));
  }),
);

test.each(SETS)("nothing is wrong in $file", ({ whole }) => {
  expect(whole).toMatch(/^\[\{/);
});

// A field may stand beside another that hides it: it is enough that it acts at one of its places.
test.each([...new Set(EXAMPLES.map(({ field }) => field))])("%s acts", (field) => {
  const isActing = EXAMPLES.some(({ path, number, set: { documents, whole }, ...example }) => {
    if (example.field !== field) return false;
    return meaningOf(documents.map((one, i) => (i === number ? without(one, path) : one))) !== whole;
  });
  expect(isActing).toBe(true);
});

test("every field that acts has an example", () => {
  const shown = new Set(EXAMPLES.map(({ field }) => field));
  const acting = new Set([...KIND_FIELDS.values()].flatMap(actingIn));
  expect([...acting].filter((field) => !shown.has(field))).toEqual([]);
});
