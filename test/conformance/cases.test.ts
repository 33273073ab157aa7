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
const flying = { metadata: { name: "p" }, spec: { containers: [{ wings: 2 }] } };

describe("a conformance case", () => {
  it.each([
    [{ function: "fly" }, {}, 'unknown function "fly"'],
    [{ plugin: "Fly", phase: "filter" }, world, 'unknown plugin "Fly"'],
    [{ plugin: "NodeName", phase: "fly" }, world, 'unknown phase "fly" of plugin "NodeName"'],
    [{ plugin: "scheduler", phase: "core" }, { kind: "fly" }, 'unknown kind "fly"'],
    [{ plugin: "DefaultPreemption", phase: "preempt" }, { ...world, plugins: ["Fly"] }, 'unknown plugin "Fly"'],
    [{ plugin: "NodeName", phase: "score" }, world, 'unknown phase "score" of plugin "NodeName"'],
    [{ plugin: "DefaultPreemption", phase: "filter" }, world, 'unknown phase "filter" of plugin "DefaultPreemption"'],
    [{ plugin: "NodeName", phase: "filter", flies: 1 }, world, 'unknown field "of the file.flies"'],
    [{ plugin: "NodeName", phase: "filter" }, { ...world, flies: 1 }, 'unknown field "flies"'],
    [{ plugin: "NodeName", phase: "filter" }, { ...world, infeasibleNodes: [] }, 'unknown field "infeasibleNodes"'],
    [
      { plugin: "NodeName", phase: "filter" },
      { ...world, pod: flying },
      'unknown field "pod.spec.containers[0].wings"',
    ],
    [{ plugin: "NodeName", phase: "filter" }, { ...world, args: { wings: 2 } }, 'unknown field "args.wings"'],
    [{ plugin: "NodeName", phase: "filter", args: { wings: 2 } }, world, 'unknown field "args.wings"'],
    [
      { plugin: "NodeResourcesFit", phase: "score" },
      { ...world, args: { scoringStrategy: { resources: [{ wings: 2 }] } } },
      'unknown field "args.scoringStrategy.resources[0].wings"',
    ],
    [{ plugin: "DefaultPreemption", phase: "preempt" }, { ...world, expect: { wings: 2 } }, "expect.wings"],
    [{ plugin: "scheduler", phase: "core" }, { kind: "selectHost", scores: {}, expect: { node: "n" } }, "expect.node"],
    [{ plugin: "PrioritySort", phase: "queue" }, { wings: 2 }, 'unknown field "wings"'],
    [{ plugin: "PrioritySort", phase: "queue" }, { p1: { priority: 1, wings: 2 } }, 'unknown field "p1.wings"'],
    [{ plugin: "ImageLocality", phase: "score" }, { ...world, infeasibleNodes: ["m"] }, 'the case has no node "m"'],
    [{ plugin: "DefaultPreemption", phase: "eligible" }, { ...world, filterStatus: { m: "Unschedulable" } }, '"m"'],
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
    [{ p1: { priority: 1 }, p2: { priority: 1 }, queuedAt: { p1: 2, p2: 1 }, expect: { first: "p2" } }, []],
    [{ p1: { priority: 1 }, p2: { priority: 2 }, expect: { less: false } }, []],
    [{ p1: { priority: 1 }, p2: { priority: 2 }, expect: { p2First: true } }, []],
    [{ p1: { priority: 1, addedAt: 2 }, p2: { priority: 1, addedAt: 1 }, expect: { p1First: false } }, []],
  ])("about the queue, %j, finds %j", (one, wanted) => {
    expect(onlyCase({ plugin: "PrioritySort", phase: "queue" }, one).run()).toEqual(wanted);
  });

  const onePod = { status: { allocatable: { pods: 1 } } };
  const waiting = { metadata: { name: "w" }, spec: { priority: 1 }, status: { nominatedNodeName: "n" } };
  it.each([0, 1, 2])(
    "counts a pod that room was made for, unless the incoming one has a higher priority: %d",
    (priority) => {
      const pod = { metadata: { name: "p" }, spec: { priority } };
      const nodes = [{ ...world.nodes[0], ...onePod }];
      const one = { nodes, pods: [waiting], pod, expect: { n: { fits: priority > 1 } } };
      expect(onlyCase({ plugin: "NodeResourcesFit", phase: "filter" }, one).run()).toEqual([]);
    },
  );

  it.each([
    ["replicaSets", "ReplicaSet", { matchLabels: { app: "a" } }],
    ["statefulSets", "StatefulSet", { matchLabels: { app: "a" } }],
    ["replicationControllers", "ReplicationController", { app: "a" }],
  ])("spreads by default as the owner among its %s selects", (field, kind, selector) => {
    const nodes = ["n", "m"].map((name) => ({ metadata: { name, labels: { "kubernetes.io/hostname": name } } }));
    const labels = { app: "a" };
    const pods = [{ metadata: { name: "e", labels }, spec: { nodeName: "n" } }];
    const pod = { metadata: { name: "p", labels, ownerReferences: [{ kind, name: "o" }] }, spec: {} };
    const owners = { [field]: [{ metadata: { name: "o" }, spec: { selector } }] };
    // One matching pod on n, ln(2 + 2) + 2 rounds to 3 there and 2 + 0 on m; of which 100 * (3 + 2 - 3) / 3.
    const expected = { n: { score: 66 }, m: { score: 100 } };
    const one = { nodes, pods, pod, ...owners, expect: expected };
    expect(onlyCase({ plugin: "PodTopologySpread", phase: "score" }, one).run()).toEqual([]);
  });
});
