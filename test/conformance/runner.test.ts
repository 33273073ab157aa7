import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conformanceCases } from "./conformanceCases.ts";

const folder = process.env.CONFORMANCE_DIR ?? join(import.meta.dirname, "cases");
const cases = conformanceCases(folder).filter(({ skip }) => skip === undefined);

describe(`the cases of ${folder}`, () => {
  it("are there", () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases.map((one) => [`${one.file} ${one.id}`, one] as const))("%s", (_, one) => {
    expect(one.run(), one.title).toEqual([]);
  });
});
