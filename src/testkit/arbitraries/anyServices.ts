import fc from "fast-check";
import { cpuUtilisation } from "../../cluster/autoscaleMetrics.ts";
import type { BudgetSpec } from "../../cluster/policies.ts";
import type { NamedSettings, ServiceSpec, SpreadSpec, Toleration } from "../../cluster/spec.ts";
import { SECOND } from "../../kernel/time.ts";
import { probesDraft } from "./anyProbes.ts";
import { routingDraft, trafficDraft } from "./anyTraffic.ts";
import { ALL_FEATURES, type Draft, type Switches } from "./features.ts";

const MEBI = 2 ** 20;
/** What one generated container takes, unless hosts are tight. */
const CONTAINER = { cpuMillicores: 500, memoryBytes: 256 * MEBI };
/**
 * What containers of one service take where hosts are tight: of figures that do not divide the hosts', so that what is left over is
 * neither nothing nor room for one more, and one container of a service is not worth one of another.
 */
export const anySize: fc.Arbitrary<Pick<ServiceSpec, "cpuMillicores" | "memoryBytes">> = fc.record({
  cpuMillicores: fc.constantFrom(CONTAINER.cpuMillicores, 700, 300),
  memoryBytes: fc.constantFrom(CONTAINER.memoryBytes, 384 * MEBI, 100 * MEBI),
});

const count = (value: number) => ({ kind: "count" as const, value });

/** Ways of releasing that the built-in strategies are tried with, the plainest first. */
export const BUILT_IN_STRATEGIES: readonly NamedSettings[] = [
  { name: "rolling", settings: {} },
  { name: "rolling", settings: { maxSurge: 1, maxUnavailable: 0 } },
  { name: "rolling", settings: { maxSurge: 0, maxUnavailable: 1 } },
  { name: "rolling", settings: { maxSurge: "34%", maxUnavailable: "34%", minReadySeconds: "2s" } },
  { name: "recreate", settings: {} },
  { name: "blue-green", settings: { scaleDownDelay: "5s" } },
  { name: "blue-green", settings: { previewReplicas: 1, scaleDownDelay: "5s", verification: "none" } },
  { name: "canary", settings: { steps: [{ setWeight: 50 }, { pause: { duration: "5s" } }] } },
  {
    name: "canary",
    settings: { trafficRouting: true, scaleDownDelay: "5s", steps: [{ setWeight: 20 }, { pause: { duration: "5s" } }] },
  },
  { name: "maintenance", settings: {} },
  { name: "by-hand", settings: {} },
];

const anyReplicas = fc.integer({ min: 1, max: 6 });
const anyPriority = fc.constantFrom(0, 100, -5);

/** Of the taint that generated hosts have: the right one, two that miss it by one word, and one for every taint of an effect. */
const TOLERATIONS: readonly (readonly Toleration[])[] = [
  [],
  [{ key: "dedicated", operator: "Equal", value: "db", effect: undefined }],
  [{ key: "dedicated", operator: "Equal", value: "web", effect: undefined }],
  [{ key: "dedicated", operator: "Equal", value: "db", effect: "NoSchedule" }],
  [{ key: undefined, operator: "Exists", value: undefined, effect: "NoExecute" }],
];
/** What drains must leave. */
export const anyBudget: fc.Arbitrary<BudgetSpec> = fc
  .constantFrom(
    { minAvailable: count(1), maxUnavailable: undefined },
    { minAvailable: undefined, maxUnavailable: count(1) },
    { minAvailable: { kind: "percent" as const, value: 60 }, maxUnavailable: undefined },
  )
  .map((limits) => ({ ...limits, unhealthy: "IfHealthyBudget" }));

const serviceParts = (strategies: readonly NamedSettings[]) =>
  fc.record({
    replicas: anyReplicas,
    none: fc.nat(3).map((draw) => draw === 3),
    slots: fc.constantFrom(1, 4),
    queue: fc.constantFrom(0, 16, 2),
    spread: fc.constantFrom("host" as const, "none" as const, "zone" as const),
    requiredSpread: fc.constantFrom("host" as const, "zone" as const),
    priority: anyPriority,
    ssdOnly: fc.boolean(),
    tolerations: fc.constantFrom(...TOLERATIONS),
    probes: probesDraft,
    paused: fc.boolean(),
    shutdown: fc.constantFrom(
      { preStop: 0, gracePeriod: 5 * SECOND },
      { preStop: 2 * SECOND, gracePeriod: 10 * SECOND },
    ),
    budget: anyBudget,
    most: fc.integer({ min: 1, max: 8 }),
    strategy: fc.constantFrom(...strategies),
    routing: routingDraft,
    traffic: trafficDraft,
    // Of these a percentage is a whole number now and then, and names stop sorting as numbers do.
    many: fc.constantFrom(12, 20, 25),
  });
type ServiceParts = ReturnType<typeof serviceParts> extends fc.Arbitrary<infer Parts> ? Parts : never;

/** One service of that name, released by one of some strategies. */
export function serviceDraft(name: string, strategies: readonly NamedSettings[]): Draft<ServiceSpec> {
  return serviceParts(strategies).map((made) => (on) => serviceOf(name, made, on));
}

/**
 * A second service and, seldom asked for, a third. The third is as the second, but for its size and priority: to draw all of it
 * for every scenario, and use it in one of sixteen, took a fifth of the time of generating.
 */
export function otherServicesDraft(
  [second, third]: readonly [string, string],
  strategies: readonly NamedSettings[],
): Draft<readonly [ServiceSpec, ServiceSpec]> {
  return fc
    .record({ made: serviceParts(strategies), replicas: anyReplicas, priority: anyPriority })
    .map(({ made, replicas, priority }) => (on) => [
      serviceOf(second, made, on),
      serviceOf(third, { ...made, replicas, priority }, on),
    ]);
}

function serviceOf(name: string, made: ServiceParts, on: Switches): ServiceSpec {
  return {
    name,
    image: `${name}:v1`,
    replicas: replicasOf(made, on),
    ...CONTAINER,
    slots: made.slots,
    queue: made.queue,
    ...made.probes(on),
    strategy: made.strategy,
    slo: undefined,
    shutdown: on.has("slow-shutdown") ? made.shutdown : { preStop: 0, gracePeriod: 30 * SECOND },
    routing: made.routing(on),
    traffic: made.traffic(on),
    initially: on.has("cold-start") ? "cold" : "ready",
    ...placementOf(made, on),
    // Every key, and always in the same order: V8 then takes the services of all scenarios for one kind of object.
    workload: undefined,
    podManagement: undefined,
    paused: on.has("pauses") && made.paused ? true : undefined,
    budget: on.has("budgets") ? made.budget : undefined,
    autoscale: on.has("autoscaling")
      ? { min: 1, max: made.most, metrics: [cpuUtilisation(60)], behavior: undefined }
      : undefined,
    pod: undefined,
    unfitHosts: undefined,
  };
}

interface ReplicasPart {
  readonly replicas: number;
  readonly many: number;
  /** It begins without a container, and waits for a `scale`. */
  readonly none: boolean;
}

function replicasOf({ replicas, many, none }: ReplicasPart, on: Switches): number {
  if (on.has("from-zero") && none) return 0;
  return on.has("many-replicas") ? many : replicas;
}

interface PlacementPart {
  readonly spread: SpreadSpec["over"];
  readonly requiredSpread: SpreadSpec["over"];
  readonly priority: number;
  readonly ssdOnly: boolean;
  readonly tolerations: readonly Toleration[];
}

function placementOf(made: PlacementPart, on: Switches) {
  return {
    spread: on.has("required-spread")
      ? { over: made.requiredSpread, required: true }
      : { over: made.spread, required: false },
    priority: on.has("priorities") ? made.priority : 0,
    nodeSelector: on.has("labels") && made.ssdOnly ? { disk: "ssd" } : {},
    tolerations: on.has("taints") ? made.tolerations : [],
  } satisfies Partial<ServiceSpec>;
}

/** One service named `shop`, with every feature on, released by a built-in strategy. */
export const anyService: fc.Arbitrary<ServiceSpec> = serviceDraft("shop", BUILT_IN_STRATEGIES).map((make) =>
  make(ALL_FEATURES),
);
