import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { conformanceCases } from "./conformanceCases.ts";

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** The only case of a file with those fields. */
function onlyCase(file: object, one: object) {
  const name = `file${files++}.json`;
  writeFileSync(join(folder, name), JSON.stringify({ ...file, cases: [{ id: "1", expect: {}, ...one }] }));
  const found = conformanceCases(folder).find((candidate) => candidate.file === name);
  if (found === undefined) throw new Error("the case is found");
  return found;
}

const world = { nodes: [{ metadata: { name: "n" } }], pod: { metadata: { name: "p" }, spec: {} } };

describe("a conformance case", () => {
  it.each([
    [{ function: "fly" }, {}, 'unknown function "fly"'],
    [{ plugin: "Fly", phase: "filter" }, world, 'unknown plugin "Fly"'],
    [{ plugin: "NodeName", phase: "fly" }, world, 'unknown phase "fly" of plugin "NodeName"'],
    [{ plugin: "scheduler", phase: "core" }, { kind: "fly" }, 'unknown kind "fly"'],
    [{ plugin: "DefaultPreemption", phase: "preempt" }, { ...world, plugins: ["Fly"] }, 'unknown plugin "Fly"'],
  ])("of %j fails by name", (file, one, message) => {
    expect(() => onlyCase(file, one).run()).toThrow(message);
  });

  it.each([
    [{ replicas: 10, weight: 20, colour: "red" }, { replicas: 2 }, 'unknown input "colour"'],
    [{ replicas: 10, weight: 20, colour: null }, { replicas: 2 }, undefined],
  ])("about a function whose input is %j fails by a field that nobody reads", (input, wanted, message) => {
    const one = onlyCase({ function: "trafficWeightToReplicas" }, { input, expect: wanted });
    if (message === undefined) expect(one.run()).toEqual([]);
    else expect(() => one.run()).toThrow(message);
  });

  it("fails by fields of nested parts, of the case and of the file that nobody reads", () => {
    const rs = { spec: 3, available: 2, ready: 2 };
    const countable = { input: { rs, ignoreAvailability: false }, expect: { count: 2 } };
    const file = { function: "countableForScaleDown" };
    expect(() => onlyCase(file, countable).run()).toThrow('unknown input "rs.ready"');
    expect(() => onlyCase(file, { ...countable, args: 1 }).run()).toThrow('unknown field "args"');
    expect(() => onlyCase({ ...file, args: 1 }, countable).run()).toThrow('unknown field "args"');
  });

  it.each([
    [{ colour: "red" }, ['result.colour is undefined, expected "red"']],
    [{ colour: null }, ["result.colour is not known"]],
    [{ error: "cannot read 'urg'" }, []],
    [{ error: false }, ["result.error is true, expected false"]],
  ])("about a function that expects %j finds %j", (expected, wanted) => {
    const input = { maxSurge: "urg", maxUnavailable: 1, desired: 10 };
    expect(onlyCase({ function: "resolveFenceposts" }, { input, expect: expected }).run()).toEqual(wanted);
  });

  it.each([
    [{ n: { fits: true } }, []],
    [{ n: { fits: false } }, ["n.fits is true, expected false"]],
    [{ n: { fits: true, code: "Unschedulable" } }, ['n.code is undefined, expected "Unschedulable"']],
  ])("that expects %j of a node that fits finds %j", (expected, wanted) => {
    expect(onlyCase({ plugin: "NodeName", phase: "filter" }, { ...world, expect: expected }).run()).toEqual(wanted);
  });

  it("is told to be skipped by its own words", () => {
    expect(onlyCase({ function: "fly" }, { skip: "cannot be told" }).skip).toBe("cannot be told");
  });

  const pods = [
    { metadata: { name: "a" }, spec: { priority: 1 } },
    { metadata: { name: "b" }, spec: { priority: 1 } },
  ];
  it.each([
    [{ pods, timestamps: [2, 1], expect: { less: false } }, []],
    [{ pods, timestamps: [2, 1], expect: { less: true } }, ["the first is not taken before the second"]],
    [{ pods, timestamps: [2, 1], expect: { first: "b" } }, []],
    [{ pods, timestamps: [2, 1], expect: ["b", "a"] }, []],
    [{ p1: { pod: pods[0], timestamp: 1 }, p2: { pod: pods[1], timestamp: 2 }, expect: { less: true } }, []],
    [
      { p1: { pod: pods[0], timestamp: 1 }, p2: { pod: pods[1], timestamp: 1 }, expect: { less: true } },
      ["the first is not taken before the second"],
    ],
  ])("about the queue, %j, finds %j", (one, wanted) => {
    expect(onlyCase({ plugin: "PrioritySort", phase: "queue" }, one).run()).toEqual(wanted);
  });
});
