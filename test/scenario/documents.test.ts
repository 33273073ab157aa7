/** What is made from the schema, and the scenario to start from. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { starterScenario } from "../../src/scenario/init.ts";
import { scenarioJsonSchema } from "../../src/scenario/jsonSchema.ts";
import { formatPath, parsePath } from "../../src/scenario/path.ts";
import { referencePage } from "../../src/scenario/reference.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { problemsOf } from "./readings.ts";

const inProject = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("documents made from the schema are up to date (node scripts/schema.ts makes them anew)", () => {
  test("schema/scenario.schema.json", () => {
    expect(JSON.parse(inProject("schema/scenario.schema.json"))).toEqual(scenarioJsonSchema());
  });

  test("docs/scenario-reference.md", () => {
    expect(inProject("docs/scenario-reference.md")).toBe(referencePage());
  });
});

describe("the JSON Schema", () => {
  const text = JSON.stringify(scenarioJsonSchema());

  test("points nowhere outside of itself", () => {
    expect([...text.matchAll(/"\$ref":"([^"]*)"/g)].filter(([, target]) => !target?.startsWith("#"))).toEqual([]);
  });

  test("requires what has no default, and nothing else, at the top", () => {
    expect(scenarioJsonSchema().required).toEqual(["duration", "cluster"]);
  });

  test("shows defaults as they are written", () => {
    const services = scenarioJsonSchema().properties?.services?.additionalProperties;
    if (typeof services !== "object") throw new Error("services are no map");
    expect(services.properties?.traffic?.properties?.timeout).toMatchObject({ default: "15s", type: "string" });
    expect(services.required).toEqual(["image", "cpu", "memory"]);
  });
});

describe("the reference page", () => {
  test("says of every key what it means", () => {
    const rows = referencePage()
      .split("\n")
      .filter((line) => /^\| `/.test(line));
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
  });
});

describe("the scenario to start from", () => {
  test("reads without a problem under the name it was given", () => {
    expect(problemsOf(starterScenario("my-shop"))).toEqual([]);
    expect(starterScenario("my-shop")).toContain('name: "my-shop"');
  });

  test.each(["", "../up", "a b", "x".repeat(101)])("refuses the name %j", (name) => {
    expect(() => starterScenario(name)).toThrow(ScenarioError);
  });
});

describe("paths", () => {
  test.each([
    ["services.shop.replicas", ["services", "shop", "replicas"]],
    ["timeline[1].crash", ["timeline", 1, "crash"]],
    ['images."shop:v1.2".size', ["images", "shop:v1.2", "size"]],
    ["images.'a.b'", ["images", "a.b"]],
    ["images.shop:v1.size", ["images", "shop:v1", "size"]],
  ])("%s is read", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  test.each(["", ".", "a.", ".a", "a..b", "a[x]", "a]", 'a."b', "a b=c"])("%j is no path", (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  test("what formatPath writes reads back as the same path", () => {
    const step = fc.oneof(fc.string({ minLength: 1 }), fc.nat());
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(step), (first, rest) => {
        expect(parsePath(formatPath([first, ...rest]))).toEqual([first, ...rest]);
      }),
    );
  });
});
