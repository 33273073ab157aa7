import { quote } from "../fields/refusal.ts";
import { PluginError, thrownAt } from "../kernel/errors.ts";
import type {
  HostScore,
  HostView,
  PlacementRequest,
  Refusal,
  Scheduler,
  SchedulerPlugin,
  Snapshot,
  Verdict,
} from "./framework.ts";

/** A plugin and how much its score counts; weight 0: only its filter does. */
export interface Weighted {
  readonly plugin: SchedulerPlugin;
  readonly weight: number;
}

/**
 * A scheduler made of weighted plugins: filter, score, choose the best.
 *
 * Hosts that score alike are settled by the scheduler's own random stream, as in Kubernetes, or (`ties: "first"`) by their order.
 *
 * @throws PluginError, naming the plugin, where one throws or answers what its interface does not allow.
 */
export function profileScheduler(profile: {
  readonly name: string;
  readonly describe: string;
  readonly plugins: readonly Weighted[];
  readonly ties?: "random" | "first";
}): Scheduler {
  return {
    kind: "scheduler",
    name: profile.name,
    describe: profile.describe,
    place(request, snapshot, random) {
      const prepared = profile.plugins.map(({ plugin, weight }) => ({
        plugin,
        weight,
        data: dataOf(plugin, request, snapshot),
      }));
      const { fitting, refusals } = filterHosts(prepared, request, snapshot.hosts);
      if (fitting.length === 0) return { kind: "unschedulable", refusals };
      return choose(fitting, scoreHosts(prepared, request, fitting), profile.ties === "first" ? undefined : random);
    },
  };
}

interface Prepared extends Weighted {
  readonly data: unknown;
}

function dataOf(plugin: SchedulerPlugin, request: PlacementRequest, snapshot: Snapshot): unknown {
  try {
    return plugin.prepare?.(request, snapshot);
  } catch (error) {
    throw pluginThrew(plugin, "prepare", error);
  }
}

function filterHosts(
  prepared: readonly Prepared[],
  request: PlacementRequest,
  hosts: readonly HostView[],
): { fitting: HostView[]; refusals: Refusal[] } {
  const filters = prepared.filter(({ plugin }) => plugin.filter !== undefined);
  const fitting: HostView[] = [];
  const refusals: Refusal[] = [];
  for (const host of hosts) {
    const refusal = firstRefusal(filters, request, host);
    if (refusal === undefined) fitting.push(host);
    else refusals.push(refusal);
  }
  return { fitting, refusals };
}

function firstRefusal(filters: readonly Prepared[], request: PlacementRequest, host: HostView): Refusal | undefined {
  for (const { plugin, data } of filters) {
    const reason = reasonOf(plugin, request, host, data);
    if (reason !== undefined) return { host: host.spec.name, plugin: plugin.name, reason };
  }
  return undefined;
}

function reasonOf(
  plugin: SchedulerPlugin,
  request: PlacementRequest,
  host: HostView,
  data: unknown,
): string | undefined {
  let reason: unknown;
  try {
    reason = plugin.filter?.(request, host, data);
  } catch (error) {
    throw pluginThrew(plugin, "filter", error);
  }
  if (reason === undefined || typeof reason === "string") return reason;
  throw new PluginError(
    `scheduler plugin "${plugin.name}": filter answered ${quote(reason)} for ${host.spec.name}, ` +
      "expected undefined where the host will do, and the reason as text where it will not",
  );
}

/** The scores of one plugin for the hosts that fit, in their order. */
interface Column {
  readonly name: string;
  readonly weight: number;
  readonly scores: readonly number[];
}

function scoreHosts(prepared: readonly Prepared[], request: PlacementRequest, hosts: readonly HostView[]): Column[] {
  const columns: Column[] = [];
  for (const { plugin, weight, data } of prepared) {
    if (plugin.score === undefined || weight === 0) continue;
    const raw = hosts.map((host) => scoreOf(plugin, request, host, data));
    columns.push({ name: plugin.name, weight, scores: plugin.normalise === true ? normalised(raw) : raw });
  }
  return columns;
}

function scoreOf(plugin: SchedulerPlugin, request: PlacementRequest, host: HostView, data: unknown): number {
  let score: unknown;
  try {
    score = plugin.score?.(request, host, data);
  } catch (error) {
    throw pluginThrew(plugin, "score", error);
  }
  if (typeof score === "number" && Number.isFinite(score)) return score;
  throw new PluginError(
    `scheduler plugin "${plugin.name}": score answered ${quote(score)} for ${host.spec.name}, expected a finite number`,
  );
}

/** What was found out about a plug-in while it was asked goes on under its own name. */
function pluginThrew(plugin: SchedulerPlugin, part: string, cause: unknown): PluginError {
  if (cause instanceof PluginError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PluginError(`scheduler plugin "${plugin.name}": ${part} threw: ${message}${thrownAt(cause)}`, { cause });
}

/** To 0…100, the best at 100; all alike: all 100. */
function normalised(raw: readonly number[]): number[] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const score of raw) {
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  if (most === least) return raw.map(() => 100);
  return raw.map((score) => Math.floor((100 * (score - least)) / (most - least)));
}

function choose(hosts: readonly HostView[], columns: readonly Column[], random: (() => number) | undefined): Verdict {
  const totals = hosts.map((_, i) => totalAt(columns, i));
  let best = Number.NEGATIVE_INFINITY;
  for (const total of totals) best = Math.max(best, total);
  const ties: number[] = [];
  totals.forEach((total, i) => {
    if (total === best) ties.push(i);
  });
  const pick = random === undefined || ties.length === 1 ? 0 : Math.floor(random() * ties.length);
  const chosen = hosts[ties[pick] ?? 0] as HostView;
  return new Choice(chosen.id, hosts, columns);
}

/** The scores are made for those who look only: most placements are never explained, and rows for every host are most of the work. */
class Choice implements Extract<Verdict, { kind: "fits" }> {
  readonly kind = "fits";
  readonly host: number;
  readonly #hosts: readonly HostView[];
  readonly #columns: readonly Column[];

  constructor(host: number, hosts: readonly HostView[], columns: readonly Column[]) {
    this.host = host;
    this.#hosts = hosts;
    this.#columns = columns;
  }

  get scores(): readonly HostScore[] {
    return this.#hosts.map((host, i) => rowAt(host, this.#columns, i));
  }
}

function totalAt(columns: readonly Column[], at: number): number {
  let total = 0;
  for (const { weight, scores } of columns) total += weight * (scores[at] as number);
  return total;
}

function rowAt(host: HostView, columns: readonly Column[], at: number): HostScore {
  const byPlugin: Record<string, number> = {};
  for (const { name, scores } of columns) byPlugin[name] = scores[at] as number;
  return { host: host.id, byPlugin, total: totalAt(columns, at) };
}
