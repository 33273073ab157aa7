import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeAt, plainValue, readSource, readSources, type SourceTree } from "../../src/scenario/sourceTree.ts";

/** The same text by the reader of YAML: a comment before it is no JSON. Lines are counted without the comment. */
function asYaml(text: string): SourceTree {
  return readSource(`# yaml\n${text}`, "a.json");
}

/** Kinds, values and places of a whole tree, as plain data. */
function shapeOf(tree: SourceTree, linesBefore: number): unknown {
  const place = [(tree.place.line ?? 0) - linesBefore, tree.place.column];
  if (tree.kind === "scalar") return { place, value: tree.value };
  if (tree.kind === "list") return { place, items: tree.items.map((item) => shapeOf(item, linesBefore)) };
  const entries = [...tree.entries].map(([key, { keyPlace, tree: inner }]) => ({
    key,
    at: [(keyPlace.line ?? 0) - linesBefore, keyPlace.column],
    inner: shapeOf(inner, linesBefore),
  }));
  return { place, entries };
}

const scalar = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab{}[],:"\\ #é\n') }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, 1e21, -0.5, "\u2028", "true"),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 4 }).filter((key) => key !== "__proto__"),
      tie("json"),
      { maxKeys: 4 },
    ),
  ),
}));
const texts = fc
  .tuple(fc.array(json, { maxLength: 3 }), fc.constantFrom(0, 1, 3))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe("JSON is read", () => {
  it("as the reader of YAML reads it, place for place", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(shapeOf(readSource(text, "a.json"), 0)).toEqual(shapeOf(asYaml(text), 1));
      }),
    );
  });

  it("with the same plain value before and after somebody looked inside", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tree = readSource(text, "a.json");
        const before = plainValue(tree);
        shapeOf(tree, 0);
        expect(plainValue(tree)).toEqual(before);
        expect(before).toEqual(JSON.parse(text));
      }),
    );
  });

  it("with changes that were made inside", () => {
    const tree = readSource('{ "a": { "b": 1 } }', "a.json");
    const inner = tree.kind === "map" ? tree.entries.get("a")?.tree : undefined;
    if (inner?.kind !== "map") throw new Error("a is a map");
    inner.entries.set("b", { keyPlace: inner.place, tree: { kind: "scalar", place: inner.place, value: 2 } });
    expect(plainValue(tree)).toEqual({ a: { b: 2 } });
  });

  it("with the places that problems name", () => {
    const tree = readSource('{\n  "a": [1, { "b": 2 }]\n}', "a.json");
    expect(placeAt(tree, ["a", 1, "b"], true)).toEqual({ file: "a.json", line: 2, column: 14 });
    expect(placeAt(tree, ["a", 1, "b"], false)).toEqual({ file: "a.json", line: 2, column: 19 });
  });
});

/** So much that it is not tried as YAML. */
const LONG = `{ "long": "${"x".repeat(1_000_001)}",\n`;

describe("a text that only begins as JSON", () => {
  it("is read as YAML", () => {
    expect(plainValue(readSource("{ a: 1, b: [x, 2] }", "a.yaml"))).toEqual({ a: 1, b: ["x", 2] });
    expect(readSources('{"a": 1}\n---\n{"a": 2}', "a.yaml").map(({ number }) => number)).toEqual([1, 2]);
  });

  it.each([
    ['"a": 1, "a": 2}', 'a.json:2:9: not valid JSON: found the key "a" twice, expected it once'],
    ['"a": tru}', "a.json:2:6: not valid JSON: expected a value"],
    ['"a" 1}', "a.json:2:5: not valid JSON: expected a colon after the key"],
    ["a: 1}", "a.json:2:1: not valid JSON: expected a key in double quotes"],
    ['"a": [1 2]}', "a.json:2:9: not valid JSON: expected a comma or a closing bracket"],
    ['"a": 1 "b": 2}', "a.json:2:8: not valid JSON: expected a comma or a closing brace"],
    ['"a": "b\n"}', "a.json:2:8: not valid JSON: expected the closing quote of a text, on the same line"],
    ['"a": "\\q"}', "a.json:2:6: not valid JSON: expected only the escapes that JSON has"],
    ['"a": 1} 2', "a.json:2:9: not valid JSON: expected the end of the text"],
    ['"a": 01}', "a.json:2:7: not valid JSON: expected a comma or a closing brace"],
    [
      '"__proto__": 1}',
      'a.json:2:1: not valid JSON: found the key "__proto__", which JavaScript keeps for itself: expected another name',
    ],
    [
      `"a": ${"[".repeat(70)}`,
      "a.json:2:70: not valid JSON: found values nested deeper than 64 levels, expected fewer",
    ],
  ])("is refused at its place if it is long: %s", (end, message) => {
    expect(() => readSource(LONG + end, "a.json")).toThrow(message);
  });

  it("is refused where it holds too many values", () => {
    const text = `{ "a": [${"1,".repeat(600_000)}1] }`;
    expect(() => readSources(text, "a.json", { characters: 10_000_000, values: 1000 })).toThrow(
      "found more than 1000 values, expected fewer",
    );
  });
});
