import fc from "fast-check";
import { expect, test } from "vitest";
import { addDeadline, dropEnded, newDeadlines } from "../../src/traffic/deadlines.ts";

test("the ring of deadlines keeps order and drops only what ended, however it grows and wraps", () => {
  const steps = fc.array(
    fc.oneof(fc.constant("add" as const), fc.constant("end" as const), fc.constant("drop" as const)),
    {
      maxLength: 600,
    },
  );
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.nat(1e6)), (actions, numbers) => {
      const deadlines = newDeadlines();
      const generations = new Int32Array(1000);
      let model: { row: number; time: number }[] = [];
      const ended = new Set<number>();
      let row = 0;
      for (const action of actions) {
        if (action === "add") {
          addDeadline(deadlines, row, generations[row] as number, row * 10);
          model.push({ row, time: row * 10 });
          row++;
        } else if (action === "end" && row > 0) {
          const victim = (numbers.next().value as number) % row;
          generations[victim] = (generations[victim] as number) + 1;
          ended.add(victim);
        } else {
          dropEnded(deadlines, generations);
          const first = model.findIndex((entry) => !ended.has(entry.row));
          model = first < 0 ? [] : model.slice(first);
        }
        expect(deadlines.count).toBe(model.length);
        if (model.length > 0) expect(deadlines.times[deadlines.head]).toBe(model[0]?.time);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});
