/** The fast reader of plain block YAML never says anything else than the package `yaml`. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Stream } from "../../src/kernel/random.ts";
import { readBlockYaml } from "../../src/scenario/blockYaml.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { plainValue, type SourceTree } from "../../src/scenario/sourceTree.ts";
import { readDocuments } from "../../src/scenario/yamlDocuments.ts";
import { readYamlStream } from "../../src/scenario/yamlTree.ts";
import { readCorpus } from "../support/readerFuzz/corpus.ts";
import { mutated, oneOf } from "../support/readerFuzz/mutate.ts";

const OPTIONS = { file: "a.yaml", values: 100_000 };

/** Kinds, values and places of every document, or what is wrong: all that a caller can see. */
function seen(read: () => readonly SourceTree[], isOneDocument: boolean): unknown {
  try {
    const shapes = read().map((tree) => (isNothing(tree) ? "nothing" : shapeOf(tree)));
    return shapes.length === 0 ? ["nothing"] : shapes;
  } catch (error) {
    // Behind an open quote the package reads on into the next document, and complains at its end.
    if (error instanceof ScenarioError) return isOneDocument ? error.message : "refused";
    throw error;
  }
}

function isNothing(tree: SourceTree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

function shapeOf(tree: SourceTree): unknown {
  const { line, column } = tree.place;
  if (tree.kind === "scalar") return { at: [line, column], value: tree.value };
  if (tree.kind === "list") return { at: [line, column], items: tree.items.map(shapeOf) };
  const entries = [...tree.entries].map(([key, { keyPlace, tree: inner }]) => ({
    key: [key, keyPlace.line, keyPlace.column],
    inner: shapeOf(inner),
  }));
  return { at: [line, column], entries };
}

function expectTheSame(text: string): void {
  const isOne = !/\n(?:---|\.\.\.)/.test(text);
  const ours = seen(() => readDocuments(text, OPTIONS), isOne);
  expect(ours).toEqual(seen(() => readYamlStream(text, OPTIONS), isOne));
}

/** Lines of what stands in manifests, at indentations that fit together often enough. */
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4, 4, 6, 1, 3),
    fc.constantFrom("", "", "", "- ", "- - ", "-   ", "-"),
    fc.constantFrom(
      "a: ",
      "b: ",
      "c:",
      "a/b.c-d: ",
      '"q": ',
      "'it''s': ",
      "1.50: ",
      "~: ",
      "",
      "",
      "# c",
      "a : ",
      "---",
      "...",
      "%",
    ),
    fc.constantFrom(
      ...[
        "",
        "",
        "",
        "x",
        "x y",
        "true",
        "8080",
        "0o17",
        "1e3",
        ".5",
        "~",
        "-1",
        "-x",
        "x:y",
        "http://x",
        "a#b",
        "x # c",
        "x #c: d",
      ],
      ...[
        '"x"',
        '"x y" # c',
        '"a\\nb"',
        "'x'",
        "'it''s'",
        '"a',
        "'a",
        "[]",
        "{}",
        "[a, b]",
        "{ a: b, c: [d] }",
        "[a,",
        "b]",
        "*x",
        "&x y",
      ],
      ...[
        "f(a, b)",
        "[f(a, b), c]",
        "{ a: f(x, y) }",
        "|",
        "|-",
        "|+",
        "|2",
        ">",
        ">-",
        "| # c",
        "!t x",
        "x: y",
        "x:",
        "? x",
        "@",
        "\tx",
        "x\t",
        "é\u2028",
        "- z",
      ],
    ),
    fc.constantFrom("", "", "", "", " ", "   ", "\r"),
  )
  .map(([indent, dash, key, value, end]) => `${" ".repeat(indent)}${dash}${key}${value}${end}`);
const texts = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "", "\n\n"), fc.constantFrom("", "---\n", "# c\n"))
  .map(([lines, end, start]) => start + lines.join("\n") + end);

/** With Windows' line ends, on every line or, as after a careless merge, on every other one. */
function withReturns(text: string, lines: "every" | "every other"): string {
  let count = 0;
  return text.replaceAll("\n", () => (lines === "every other" && count++ % 2 === 0 ? "\n" : "\r\n"));
}

describe("documents are read", () => {
  it("as the package reads them, place for place, line by line whatever comes", () => {
    fc.assert(fc.property(texts, expectTheSame), { numRuns: 2_000, seed: 1 });
  });

  test.each(["every", "every other"] as const)(
    "as the package reads them with Windows' line ends on %s line",
    (lines) => {
      const property = fc.property(texts, (text) => expectTheSame(withReturns(text, lines)));
      fc.assert(property, { numRuns: 1_000, seed: 2 });
    },
  );

  it("as the package reads them, spoilt ones too", () => {
    const { manifests, scenarios } = readCorpus();
    const stream = new Stream("spoil", "block yaml");
    for (let left = 400; left > 0; left--) {
      const text = oneOf(stream, [oneOf(stream, manifests), oneOf(stream, scenarios)]);
      const spoilt = left % 10 === 0 ? text : mutated(text, stream);
      expectTheSame(left % 4 === 0 ? withReturns(spoilt, "every") : spoilt);
    }
  });
});

/** One document of all that manifests are made of, as tools write it. */
const MANIFEST = `# a service
apiVersion: v1
kind: ConfigMap
metadata:
  name: web   # its name
  labels: {app: web, "tier": 'front'}
  annotations:
    note: a long sentence that was folded
      over two lines

      and a gap
data:
  args: ["--port", "80"]
  calls: [uniform(1s, 2s)]
  escaped: "a\\tb"
  single: 'it''s'
  script: |
    #!/bin/sh

      exec web
    \ttab
  bare: |-
    x
  folded: >-
    one
    two
  nothing:
items:
- 1
- - true
  - ~
-
  "quoted": 0x1f
`;

describe("the fast reader", () => {
  it("takes what manifests are made of", () => {
    const tree = readBlockYaml(MANIFEST, OPTIONS);
    expect(tree && plainValue(tree)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "web",
        labels: { app: "web", tier: "front" },
        annotations: { note: "a long sentence that was folded over two lines\nand a gap" },
      },
      data: {
        args: ["--port", "80"],
        calls: ["uniform(1s, 2s)"],
        escaped: "a\tb",
        single: "it's",
        script: "#!/bin/sh\n\n  exec web\n\ttab\n",
        bare: "x",
        folded: "one two",
        nothing: null,
      },
      items: [1, [true, null], { quoted: 31 }],
    });
    expectTheSame(MANIFEST);
  });

  it.each(["every", "every other"] as const)(
    "takes it with Windows' line ends on %s line, place for place",
    (lines) => {
      const text = withReturns(MANIFEST, lines);
      expect(readBlockYaml(text, OPTIONS)).toEqual(readBlockYaml(MANIFEST, OPTIONS));
      expectTheSame(text);
    },
  );

  test.each([
    "a: *b",
    "a: &b 1",
    "a: !t 1",
    "? a",
    "a: 1\na: 2",
    "a: 1\n b: 2",
    "a: |+\n  x\n",
    "a: x: y",
    "a:\n\tb: 1",
    "a: 1\rb: 2",
    "a: 1\r\r\n",
    "__proto__: 1",
    "x",
    "",
  ])("leaves %j to the package", (text) => {
    expect(readBlockYaml(text, OPTIONS)).toBeUndefined();
    expectTheSame(text);
  });

  it("refuses too many values where they are", () => {
    expect(() => readBlockYaml("a: [1, 2]\nb: 3\nc: 4\n", { file: "a.yaml", values: 5 })).toThrow(
      "a.yaml:3:4: found more than 5 values",
    );
  });
});
