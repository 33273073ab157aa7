import fc from "fast-check";
import { expect, test } from "vitest";
import { missingFrom } from "../../src/traffic/sortedIds.ts";

const ids = fc.uniqueArray(fc.nat(30)).map((list) => list.sort((a, b) => a - b));

test("what one ascending list has and another lacks", () => {
  fc.assert(
    fc.property(ids, ids, (other, list) => {
      expect(missingFrom(other, list)).toEqual(list.filter((id) => !other.includes(id)));
    }),
    { seed: 2 },
  );
});
