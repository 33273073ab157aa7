import { describe, expect, test } from "vitest";
import type { Taint, Toleration } from "../../src/cluster/spec.ts";
import { nodeSelector, taints } from "../../src/scheduling/plugins/constraints.ts";
import { hostReady } from "../../src/scheduling/plugins/hostReady.ts";
import { leastAllocated, mostAllocated, resourcesFit } from "../../src/scheduling/plugins/resourcesFit.ts";
import { spread } from "../../src/scheduling/plugins/spread.ts";
import { GIBIBYTE } from "../cluster/smallWorld.ts";
import { hostView, request, snapshot } from "./builders.ts";

describe("host-ready", () => {
  test.each([
    { host: hostView(0), reason: undefined },
    { host: hostView(0, { cordoned: true }), reason: "host(s) were unschedulable" },
    { host: hostView(0, { known: "unreachable" }), reason: "host(s) were unreachable" },
  ])("says $reason", ({ host, reason }) => {
    expect(hostReady.filter?.(request(), host, undefined)).toBe(reason);
  });
});

describe("resources-fit", () => {
  const need = { cpuMillicores: 500, memoryBytes: GIBIBYTE };
  test.each([
    { when: "all fits exactly", part: { freeMillicores: 500, freeBytes: GIBIBYTE }, reason: undefined },
    { when: "cpu is one short", part: { freeMillicores: 499, freeBytes: GIBIBYTE }, reason: "Insufficient cpu" },
    {
      when: "memory is one short",
      part: { freeMillicores: 500, freeBytes: GIBIBYTE - 1 },
      reason: "Insufficient memory",
    },
    { when: "no slot is left", part: { containers: [1, 2] }, reason: "Too many pods" },
  ])("when $when: $reason", ({ part, reason }) => {
    expect(resourcesFit.filter?.(request(need), hostView(0, part, { podLimit: 2 }), undefined)).toBe(reason);
  });
});

describe("least-allocated and most-allocated", () => {
  const need = { cpuMillicores: 1000, memoryBytes: GIBIBYTE };
  // Of 4 cores and 8 GiB: what is left once the container is there.
  test.each([
    { freeMillicores: 4000, freeBytes: 8 * GIBIBYTE, least: 81 },
    { freeMillicores: 1000, freeBytes: GIBIBYTE, least: 0 },
    { freeMillicores: 3000, freeBytes: 5 * GIBIBYTE, least: 50 },
    { freeMillicores: 2000, freeBytes: 8 * GIBIBYTE, least: 56 },
  ])("with $freeMillicores m and $freeBytes B free, $least of 100 is free", ({ least, ...free }) => {
    expect(leastAllocated.score?.(request(need), hostView(0, free), undefined)).toBe(least);
    expect(mostAllocated.score?.(request(need), hostView(0, free), undefined)).toBe(100 - least);
  });
});

describe("node-selector", () => {
  type Labels = Readonly<Record<string, string>>;
  const rows: readonly { labels: Labels; selector: Labels; fits: boolean }[] = [
    { labels: {}, selector: {}, fits: true },
    { labels: { disk: "ssd" }, selector: {}, fits: true },
    { labels: { disk: "ssd", gpu: "yes" }, selector: { disk: "ssd" }, fits: true },
    { labels: { disk: "ssd" }, selector: { disk: "ssd", gpu: "yes" }, fits: false },
    { labels: { disk: "hdd" }, selector: { disk: "ssd" }, fits: false },
    { labels: {}, selector: { toString: "x" }, fits: false },
  ];
  test.each(rows)("labels $labels fit the selector $selector: $fits", ({ labels, selector, fits }) => {
    const reason = nodeSelector.filter?.(request({ nodeSelector: selector }), hostView(0, {}, { labels }), undefined);
    expect(reason === undefined).toBe(fits);
  });
});

describe("taints", () => {
  const taint = (effect: Taint["effect"], value = "a"): Taint => ({ key: "team", value, effect });
  const equal = (value: string, part: Partial<Toleration> = {}): Toleration => ({
    key: "team",
    operator: "Equal",
    value,
    ...part,
  });
  test.each([
    { taint: taint("NoSchedule"), toleration: undefined, fits: false },
    { taint: taint("NoExecute"), toleration: undefined, fits: false },
    { taint: taint("PreferNoSchedule"), toleration: undefined, fits: true },
    { taint: taint("NoSchedule"), toleration: equal("a"), fits: true },
    { taint: taint("NoSchedule"), toleration: equal("b"), fits: false },
    { taint: taint("NoSchedule", ""), toleration: { key: "team", operator: "Equal" } as const, fits: true },
    { taint: taint("NoSchedule"), toleration: equal("a", { effect: "NoSchedule" }), fits: true },
    { taint: taint("NoSchedule"), toleration: equal("a", { effect: "NoExecute" }), fits: false },
    { taint: taint("NoSchedule"), toleration: { key: "team", operator: "Exists" } as const, fits: true },
    { taint: taint("NoSchedule"), toleration: { key: "other", operator: "Exists" } as const, fits: false },
    { taint: taint("NoSchedule"), toleration: { operator: "Exists" } as const, fits: true },
  ])("$taint.effect $taint.value against $toleration: fits $fits", (row) => {
    const tolerations = row.toleration === undefined ? [] : [row.toleration];
    const host = hostView(0, {}, { taints: [row.taint] });
    const reason = taints.filter?.(request({ tolerations }), host, undefined);
    expect(reason).toBe(row.fits ? undefined : `host(s) had untolerated taint {team: ${row.taint.value}}`);
  });

  test("that only ask to be avoided cost score unless tolerated", () => {
    const host = hostView(0, {}, { taints: [taint("PreferNoSchedule"), taint("PreferNoSchedule", "b")] });
    expect(taints.score?.(request(), host, undefined)).toBe(-2);
    expect(taints.score?.(request({ tolerations: [equal("a")] }), host, undefined)).toBe(-1);
  });
});

describe("spread", () => {
  const hosts = ["a", "a", "b"].map((zone, id) => hostView(id, {}, { zone }));
  const over = (where: "host" | "zone" | "none", required = true) => request({ spread: { over: where, required } });

  test.each([
    { where: "host", counts: [0, 0, 0], fit: [0, 1, 2] },
    { where: "host", counts: [1, 0, 1], fit: [1] },
    { where: "host", counts: [2, 1, 1], fit: [1, 2] },
    { where: "zone", counts: [1, 0, 0], fit: [2] },
    { where: "zone", counts: [1, 0, 1], fit: [0, 1, 2] },
    { where: "zone", counts: [1, 1, 1], fit: [2] },
    { where: "none", counts: [5, 0, 0], fit: [0, 1, 2] },
  ] as const)("required over $where with $counts containers leaves hosts $fit", ({ where, counts, fit }) => {
    const places = spread.prepare?.(over(where), snapshot(hosts, counts));
    if (places === undefined) throw new Error("spread prepares");
    const fitting = hosts.filter((host) => spread.filter?.(over(where), host, places) === undefined);
    expect(fitting.map((host) => host.id)).toEqual(fit);
  });

  test.each([
    { when: "cordoned", part: { cordoned: true }, labels: {} },
    { when: "unreachable", part: { known: "unreachable" as const }, labels: {} },
    { when: "not selected", part: {}, labels: { disk: "hdd" } },
  ])("does not wait for a host that is $when to be filled first", ({ part, labels }) => {
    const open = hostView(0, {}, { labels: { disk: "ssd" } });
    const closed = hostView(1, part, { labels: { disk: "ssd", ...labels } });
    const asked = request({ spread: { over: "host", required: true }, nodeSelector: { disk: "ssd" } });
    const places = spread.prepare?.(asked, snapshot([open, closed], [3, 0]));
    if (places === undefined) throw new Error("spread prepares");
    expect(spread.filter?.(asked, open, places)).toBeUndefined();
  });

  test("preferred refuses nobody, and scores the emptier place higher", () => {
    const places = spread.prepare?.(over("host", false), snapshot(hosts, [2, 0, 1]));
    if (places === undefined) throw new Error("spread prepares");
    expect(hosts.map((host) => spread.filter?.(over("host", false), host, places))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(hosts.map((host) => spread.score?.(over("host", false), host, places))).toEqual([-2, -0, -1]);
  });
});
