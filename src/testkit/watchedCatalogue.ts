import { copy } from "../kernel/copy.ts";
import type { Plan, RolloutView, Strategy } from "../rollout/strategy.ts";
import { isVerdict } from "../scheduling/askGuarded.ts";
import type { HostView, PlacementRequest, Scheduler, Snapshot, Verdict } from "../scheduling/framework.ts";
import { BUILT_IN, type Catalogue, type SchedulerEntry } from "../simulation/catalogue.ts";
import { freezeDeeply, guardedCall } from "./guardedCall.ts";
import type { Placement, Planning } from "./invariant.ts";
import { PluginMisdeed } from "./misdeeds.ts";
import { settingsOnce } from "./settingsOnce.ts";

/** Is told of every decision, before anything comes of it. */
export interface DecisionWatch {
  readonly onPlacement: (placement: Placement) => void;
  readonly onPlan: (planning: Planning) => void;
}

/**
 * The same catalogue, with every answer told to `watch`.
 *
 * Plug-ins that are not built in see frozen copies, are called without ambient chance, and strategies are asked twice: the
 * same view must give the same plan.
 */
export function watchedCatalogue(catalogue: Catalogue, watch: DecisionWatch): Catalogue {
  const strategies = [...settingsOnce(catalogue).strategies].map(([name, strategy]) => {
    const trusted = BUILT_IN.strategies.get(name) === catalogue.strategies.get(name);
    return [name, watchedStrategy(strategy, trusted, watch)] as const;
  });
  const hasOwnPlugins = catalogue.schedulerPlugins.some((plugin) => !BUILT_IN.schedulerPlugins.includes(plugin));
  const schedulers = [...catalogue.schedulers].map(([name, entry]) => {
    const trusted = BUILT_IN.schedulers.get(name) === entry || (name === "profile" && !hasOwnPlugins);
    const watched: SchedulerEntry = {
      ...entry,
      make: (settings) => watchedScheduler(entry.make(settings), trusted, watch),
    };
    return [name, watched] as const;
  });
  return { ...catalogue, strategies: new Map(strategies), schedulers: new Map(schedulers) };
}

function watchedStrategy(strategy: Strategy, trusted: boolean, watch: DecisionWatch): Strategy {
  const who = `strategy "${strategy.name}"`;
  const ask = (view: RolloutView, settings: unknown): Plan => {
    if (trusted) return strategy.plan(view, settings);
    // A copy: what a view counts, such as answers, goes on counting.
    const shown = freezeDeeply(copy(view));
    freezeDeeply(settings);
    const plan = guardedCall(who, () => strategy.plan(shown, settings));
    const again = guardedCall(who, () => strategy.plan(shown, settings));
    if (JSON.stringify(plan) !== JSON.stringify(again)) {
      const text = `${who} answers the same view in two ways: ${JSON.stringify(plan)}, then ${JSON.stringify(again)}`;
      throw new PluginMisdeed("plug-in-draws-ambient-chance", text);
    }
    return plan;
  };
  let before: Planning["before"];
  return {
    ...strategy,
    ...(strategy.minReady === undefined ? {} : { minReady: (settings: unknown) => strategy.minReady?.(settings) ?? 0 }),
    ...(strategy.pace === undefined
      ? {}
      : { pace: (settings: unknown) => strategy.pace?.(settings) ?? { notice: 0, act: 0 } }),
    plan: (view, settings) => {
      const plan = ask(view, settings);
      if (typeof plan !== "object" || plan === null) return plan;
      const goesOn = before?.view.next.id === view.next.id && before.view.startedAt === view.startedAt;
      watch.onPlan({ strategy, settings, view, plan, before: goesOn ? before : undefined });
      before = { view, plan };
      return plan;
    },
  };
}

function watchedScheduler(scheduler: Scheduler, trusted: boolean, watch: DecisionWatch): Scheduler {
  return {
    ...scheduler,
    place: (request, snapshot, random) => {
      const verdict = trusted
        ? scheduler.place(request, snapshot, random)
        : askTwice(scheduler, request, snapshot, random);
      // Of nonsense nothing else is to be said.
      if (isVerdict(verdict)) watch.onPlacement({ scheduler: scheduler.name, request, snapshot, verdict });
      return verdict;
    },
  };
}

/** The second time with the draws of the first: only what it keeps, or draws by itself, can make another answer. */
function askTwice(scheduler: Scheduler, request: PlacementRequest, snapshot: Snapshot, random: () => number): Verdict {
  const who = `scheduler "${scheduler.name}"`;
  const [asked, shown] = [frozenRequest(request), frozenSnapshot(snapshot)];
  const ask = (draw: () => number) => guardedCall(who, () => scheduler.place(asked, shown, draw));
  const draws: number[] = [];
  const before = scheduler.memory?.get();
  const verdict = ask(() => {
    const drawn = random();
    draws.push(drawn);
    return drawn;
  });
  const after = scheduler.memory?.get();
  if (before !== undefined) scheduler.memory?.set(before);
  let drawn = 0;
  const again = ask(() => draws[drawn++] ?? 0);
  if (after !== undefined) scheduler.memory?.set(after);
  if (JSON.stringify(verdict) === JSON.stringify(again)) return verdict;
  const text = `${who} answers the same question in two ways: ${inWords(verdict, snapshot)}, then ${inWords(again, snapshot)}`;
  throw new PluginMisdeed("plug-in-draws-ambient-chance", text);
}

function inWords(verdict: unknown, { hosts }: Snapshot): string {
  if (!isVerdict(verdict)) return "nonsense";
  if (verdict.kind === "unschedulable") return "nowhere";
  const name = hosts[verdict.host]?.spec.name ?? `host number ${verdict.host}`;
  return verdict.kind === "fits" ? name : `${name} without ${verdict.victims.join(", ")}`;
}

function frozenRequest(request: PlacementRequest): PlacementRequest {
  return freezeDeeply({ ...request });
}

/** Hosts are rows of the cluster itself: a copy is frozen in their place. */
function frozenSnapshot(snapshot: Snapshot): Snapshot {
  const hosts = snapshot.hosts.map(({ id, spec, freeMillicores, freeBytes, cordoned, known, containers, cached }) => {
    const host: HostView = {
      id,
      spec,
      freeMillicores,
      freeBytes,
      cordoned,
      known,
      containers: [...containers],
      cached: [...cached],
    };
    return freezeDeeply(host);
  });
  return Object.freeze({
    ...snapshot,
    hosts: Object.freeze(hosts),
    countsOf: (service: string) => locked(snapshot.countsOf(service)),
    placed: (host: number) => freezeDeeply(snapshot.placed(host)),
    nominated: locked(snapshot.nominated),
    services: freezeDeeply(snapshot.services),
  });
}

/** Nothing freezes a map: a copy that refuses to be changed. */
function locked<Key, Value>(map: ReadonlyMap<Key, Value>): ReadonlyMap<Key, Value> {
  const refuse = (what: string) => () => {
    throw new TypeError(`a map of the snapshot is read only, and has no ${what}`);
  };
  return Object.assign(new Map(map), { set: refuse("set"), delete: refuse("delete"), clear: refuse("clear") });
}
