import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainCounts, topologyOf } from "../../../src/scheduling/kubernetes/domainCounts.ts";

describe("DomainCounts", () => {
  it("knows the smallest count over the domains that take part, whatever comes and goes", () => {
    const value = fc.constantFrom("a", "b", "c", undefined);
    const nodes = fc.array(fc.record({ value, takesPart: fc.boolean() }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(nodes, fc.array(fc.nat(1000), { maxLength: 60 }), (given, moves) => {
        const topology = topologyOf(given.map((node) => node.value));
        const counts = new DomainCounts(
          topology,
          Uint8Array.from(given, ({ takesPart }) => (takesPart ? 1 : 0)),
        );
        const onNode = given.map(() => 0);
        for (const move of moves) {
          const node = move % given.length;
          const by = move % 7 < 3 && (onNode[node] ?? 0) > 0 ? -1 : 1;
          onNode[node] = (onNode[node] ?? 0) + by;
          counts.change(node, by);
          const byDomain = new Map<string, number>();
          given.forEach(({ value, takesPart }, i) => {
            if (takesPart && value !== undefined) byDomain.set(value, (byDomain.get(value) ?? 0) + (onNode[i] ?? 0));
          });
          expect(counts.least).toBe(byDomain.size === 0 ? 0 : Math.min(...byDomain.values()));
          expect(counts.total).toBe([...byDomain.values()].reduce((a, b) => a + b, 0));
          expect(counts.domainsTakingPart).toBe(byDomain.size);
        }
      }),
      { numRuns: 300 },
    );
  });
});
