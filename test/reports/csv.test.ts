import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csv } from "../../src/reports/csv.ts";

const anyCell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("=", "+", "-", "@", '"', ",", "\r", "\n", "\t", "x") }),
  fc.integer(),
  fc.constant(null),
);

describe("csv", () => {
  test("a reader of RFC 4180 gets back what was written, but for the guard", () => {
    const anyRows = fc.array(fc.tuple(fc.integer(), anyCell, anyCell), { minLength: 1 });
    fc.assert(
      fc.property(anyRows, (rows) => {
        const text = csv(["number", "b", "c"], rows);
        const read: string[][] = parse(text, { record_delimiter: "\r\n", skip_empty_lines: false });
        expect(read.length).toBe(rows.length + 1);
        rows.forEach((row, at) => {
          const cells = (read[at + 1] ?? []).map((cell, column) =>
            typeof row[column] === "string" && cell.startsWith("'") && !row[column].startsWith("'")
              ? cell.slice(1)
              : cell,
          );
          expect(cells).toEqual(row.map((cell) => (cell === null ? "" : String(cell))));
        });
      }),
    );
  });

  test("no text begins as a formula does", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "a", '"') }), (name) => {
        const [, cell = ""] = csv(["a"], [[name]]).split(/\r\n(.*)\r\n$/su);
        expect(cell).not.toMatch(/^"?[=+\-@\t\r]/u);
      }),
    );
  });

  test("numbers are left alone, negative ones too", () => {
    expect(csv(["a", "b"], [[-1.5, 2]])).toBe("a,b\r\n-1.5,2\r\n");
  });
});
