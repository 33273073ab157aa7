import { describe, expect, test } from "vitest";
import type { Plan, ReleaseView, RolloutView } from "../../src/rollout/strategy.ts";
import type { HostView, PlacedContainer, PlacementRequest, Snapshot, Verdict } from "../../src/scheduling/framework.ts";
import type { Planning } from "../../src/testkit/invariant.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";
import { host as hostSpec, service } from "../support/scenarioBuilder.ts";

/** What an invariant says of one decision: undefined where it holds. */
function judged(
  name: string,
  decision: { readonly placed: Placed } | { readonly planned: Planned },
): string | undefined {
  const invariant = INVARIANTS.find((one) => one.name === name);
  if (invariant === undefined) throw new RangeError(`no invariant ${name}`);
  return "placed" in decision
    ? invariant.onPlacement?.(placementOf(decision.placed))
    : invariant.onPlan?.(planningOf(decision.planned));
}

type Service = PlacementRequest["service"];

interface Placed {
  readonly service?: Partial<Service>;
  readonly hosts?: readonly Partial<HostView>[];
  readonly on?: readonly Partial<PlacedContainer>[];
  readonly verdict: Verdict;
  readonly scheduler?: string;
}

/** Two hosts with 4 cores and 8 GiB free, and a container of half a core that goes to the first. */
function placementOf({ service: part, hosts = [{}, {}], on = [], verdict, scheduler = "mine" }: Placed) {
  const views = hosts.map(
    (one, id): HostView => ({
      id,
      spec: hostSpec(`host-${id + 1}`),
      freeMillicores: 4000,
      freeBytes: 8 * 2 ** 30,
      cordoned: false,
      known: "reachable",
      containers: id === 0 ? on.map((_, place) => place + 10) : [],
      cached: [],
      ...one,
    }),
  );
  const placed = on.map(
    (one, place): PlacedContainer => ({
      id: place + 10,
      name: `shop-${place + 10}`,
      service: service(part),
      image: "shop:v1",
      isTerminating: false,
      isVictim: false,
      startedAt: 0,
      ...one,
    }),
  );
  const snapshot: Snapshot = {
    hosts: views,
    countsOf: () => new Map([[0, placed.length]]),
    placed: (id) => (id === 0 ? placed : []),
    placedVersion: () => ({}),
    nominated: new Map(),
    waiting: () => undefined,
    services: [service(part)],
    imageBytes: () => 0,
    budgets: () => [],
  };
  const request = { id: 1, container: "shop-1", service: service(part), image: "shop:v1", imageBytes: 0 };
  return { scheduler, request, snapshot, verdict };
}

const FIRST: Verdict = { kind: "fits", host: 0, scores: [] };
const NOWHERE: Verdict = { kind: "unschedulable", refusals: [] };
const DEDICATED = hostSpec("host-1", { taints: [{ key: "dedicated", value: "db", effect: "NoExecute" }] });
const TOLERANT = { tolerations: [{ key: "dedicated", operator: "Equal" as const, value: "db" }] };
const evicting = (...victims: number[]): Verdict => ({ kind: "preempt", host: 0, victims, refusals: [] });
const small = { service: service({ cpuMillicores: 500, priority: -5 }) };
const pod = (spec: object) => ({
  pod: { namespace: "default", labels: { app: "shop" }, ownerSelector: undefined, spec: spec as never },
});
const AWAY = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: "shop" } }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  },
};
const PORT = { containers: [{ name: "main", ports: [{ containerPort: 80, hostPort: 80 }] }] };
const skew = (maxSkew: number) => ({
  topologySpreadConstraints: [
    {
      maxSkew,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "shop" } },
    },
  ],
});
const byKubernetes = { scheduler: "kubernetes", verdict: FIRST };
const SPREAD = { spread: { over: "host" as const, required: true } };

describe("an invariant of placements refuses the wrong one and accepts the right one", () => {
  test.each<{ name: string; wrong: Placed; right: Placed }>([
    {
      name: "capacity-never-exceeded",
      wrong: { hosts: [{ freeMillicores: 499 }], verdict: FIRST },
      right: { hosts: [{ freeMillicores: 500 }], verdict: FIRST },
    },
    {
      name: "open-hosts-only",
      wrong: { hosts: [{ cordoned: true }], verdict: FIRST },
      right: { hosts: [{}, { cordoned: true }], verdict: FIRST },
    },
    {
      name: "taints-and-selectors-held",
      wrong: { hosts: [{ spec: DEDICATED }], verdict: FIRST },
      right: { hosts: [{ spec: DEDICATED }], service: TOLERANT, verdict: FIRST },
    },
    {
      name: "required-spread-held",
      wrong: { service: SPREAD, on: [{}], verdict: FIRST },
      right: { service: SPREAD, on: [], verdict: FIRST },
    },
    {
      name: "anti-affinity-held",
      wrong: { ...byKubernetes, service: pod(AWAY), on: [{}] },
      right: { ...byKubernetes, service: pod(AWAY), on: [] },
    },
    {
      name: "topology-spread-held",
      wrong: { ...byKubernetes, service: pod(skew(1)), on: [{}] },
      right: { ...byKubernetes, service: pod(skew(2)), on: [{}] },
    },
    {
      name: "host-ports-not-shared",
      wrong: { ...byKubernetes, service: pod(PORT), on: [{ isTerminating: true }] },
      right: { ...byKubernetes, service: pod({}), on: [{}] },
    },
    {
      name: "placed-when-it-fits",
      wrong: { hosts: [{ freeMillicores: 0 }, {}], verdict: NOWHERE },
      right: { hosts: [{ freeMillicores: 0 }, { cordoned: true }], verdict: NOWHERE },
    },
    {
      name: "preemption-is-minimal",
      wrong: { hosts: [{ freeMillicores: 0 }], on: [small, small], verdict: evicting(10, 11) },
      right: { hosts: [{ freeMillicores: 0 }], on: [small, small], verdict: evicting(10) },
    },
  ])("$name", ({ name, wrong, right }) => {
    expect(judged(name, { placed: wrong })).toMatch(/host-1|shop-1|host-2/);
    expect(judged(name, { placed: right })).toBeUndefined();
  });
});

interface Planned {
  readonly next?: Partial<ReleaseView>;
  readonly old?: Partial<ReleaseView>;
  readonly replicas?: number;
  readonly settings?: unknown;
  readonly plan: Plan;
  readonly before?: Planning["before"];
  readonly answer?: (view: RolloutView) => Plan;
}

/** Four wanted of shop:v2 (release 2), of which none is there yet, and four available of shop:v1 (release 1), which has the traffic. */
function planningOf({ next, old, replicas = 4, settings = {}, plan, before, answer = () => plan }: Planned): Planning {
  const release = (id: number, count: number, part: Partial<ReleaseView> = {}): ReleaseView => ({
    id,
    image: `shop:v${id}`,
    revision: id,
    desired: count,
    existing: count,
    ready: count,
    available: count,
    terminating: 0,
    crashing: 0,
    pending: 0,
    unschedulable: 0,
    stable: id === 1,
    receiving: id === 1,
    signals: { succeeded: 0, failed: 0 },
    ...part,
  });
  const view: RolloutView = {
    now: 0,
    startedAt: 0,
    progressedAt: 0,
    replicas,
    next: release(2, 0, next),
    previous: [release(1, 4, old)],
    reason: "deploy",
    wasKept: false,
    promoted: false,
    promotions: 0,
    promotedInFull: false,
    abortAsked: false,
    revisionsBack: 0,
    paused: false,
    state: undefined,
  };
  return { strategy: { kind: "strategy", name: "mine", describe: "", plan: answer }, settings, view, plan, before };
}

const count = (value: number) => ({ kind: "count", value });
const BOUNDS = { maxSurge: count(1), maxUnavailable: count(1) };
const scaled = (release: number, desired: number) => ({ scale: [{ release, desired }] });
const ready = (many: number, more: Partial<ReleaseView> = {}) => ({
  desired: many,
  existing: many,
  ready: many,
  available: many,
  ...more,
});
const share = (percent: number): Plan => ({
  receiving: "all",
  weights: [
    { release: 2, percent },
    { release: 1, percent: 100 - percent },
  ],
});
const OLD_GONE = { release: 1, desired: 0 };

describe("an invariant of plans refuses the wrong one and accepts the right one", () => {
  test.each<{ name: string; what?: string; wrong: Planned; right: Planned }>([
    {
      name: "never-above-surge",
      wrong: { settings: BOUNDS, plan: scaled(2, 2) },
      right: { settings: BOUNDS, plan: scaled(2, 1) },
    },
    {
      name: "never-above-surge",
      what: "given as a number and a text",
      wrong: { settings: { maxSurge: 1, maxUnavailable: "25%" }, plan: scaled(2, 2) },
      right: { settings: { maxSurge: 1, maxUnavailable: "25%" }, plan: scaled(2, 1) },
    },
    {
      name: "never-above-surge",
      what: "counted by what is asked for, not by what is there still",
      wrong: { settings: BOUNDS, old: { desired: 3, existing: 4 }, plan: scaled(2, 3) },
      right: { settings: BOUNDS, old: { desired: 3, existing: 4 }, plan: scaled(2, 2) },
    },
    {
      name: "never-below-floor",
      wrong: { settings: BOUNDS, plan: scaled(1, 2) },
      right: { settings: BOUNDS, plan: scaled(1, 3) },
    },
    {
      name: "traffic-only-to-ready",
      what: "moved",
      wrong: { next: { desired: 4, existing: 4 }, plan: { receiving: [2] } },
      right: { next: ready(1), plan: { receiving: [2] } },
    },
    {
      name: "traffic-only-to-ready",
      what: "shared out",
      wrong: { next: { desired: 4, existing: 4 }, plan: share(20) },
      right: { next: ready(1), plan: share(20) },
    },
    {
      name: "switch-keeps-capacity",
      wrong: { next: ready(3), plan: { receiving: [2] } },
      right: { next: ready(4), plan: { receiving: [2] } },
    },
    {
      name: "last-capacity-kept",
      wrong: { old: ready(1), plan: scaled(1, 0) },
      right: { old: ready(1), next: ready(1), plan: { ...scaled(1, 0), receiving: "all" } },
    },
    {
      name: "serving-capacity-kept",
      what: "by name",
      wrong: { plan: { ...scaled(1, 3), receiving: [1] } },
      right: { next: ready(4), plan: { ...scaled(1, 0), receiving: [2] } },
    },
    {
      name: "serving-capacity-kept",
      what: "step by step",
      wrong: { plan: { ...scaled(1, 1), receiving: "all" } },
      right: { plan: { ...scaled(1, 2), receiving: "all" } },
    },
    {
      name: "looks-do-not-count",
      wrong: {
        plan: { state: 1 },
        answer: ({ state }) => (state === 3 ? scaled(2, 4) : { state: Number(state) + 1 }),
      },
      right: { plan: { state: 1 }, answer: () => ({ state: 1 }) },
    },
    {
      name: "completed-is-true",
      wrong: { next: ready(3), plan: { scale: [OLD_GONE], outcome: "completed" } },
      right: { next: ready(4), plan: { scale: [OLD_GONE], outcome: "completed" } },
    },
  ])("$name $what", ({ name, wrong, right }) => {
    expect(judged(name, { planned: wrong })).toMatch(/./);
    expect(judged(name, { planned: right })).toBeUndefined();
  });
});
