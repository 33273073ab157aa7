import type {
  HostScore,
  HostView,
  PlacementRequest,
  Refusal,
  Scheduler,
  SchedulerPlugin,
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
        data: plugin.prepare?.(request, snapshot),
      }));
      const { fitting, refusals } = filterHosts(prepared, request, snapshot.hosts);
      if (fitting.length === 0) return { kind: "unschedulable", refusals };
      const scores = scoreHosts(prepared, request, fitting);
      return choose(scores, profile.ties === "first" ? undefined : random);
    },
  };
}

interface Prepared extends Weighted {
  readonly data: unknown;
}

function filterHosts(
  prepared: readonly Prepared[],
  request: PlacementRequest,
  hosts: readonly HostView[],
): { fitting: HostView[]; refusals: Refusal[] } {
  const fitting: HostView[] = [];
  const refusals: Refusal[] = [];
  for (const host of hosts) {
    const refusal = firstRefusal(prepared, request, host);
    if (refusal === undefined) fitting.push(host);
    else refusals.push(refusal);
  }
  return { fitting, refusals };
}

function firstRefusal(prepared: readonly Prepared[], request: PlacementRequest, host: HostView): Refusal | undefined {
  for (const { plugin, data } of prepared) {
    const reason = plugin.filter?.(request, host, data);
    if (reason !== undefined) return { host: host.spec.name, plugin: plugin.name, reason };
  }
  return undefined;
}

function scoreHosts(prepared: readonly Prepared[], request: PlacementRequest, hosts: readonly HostView[]): HostScore[] {
  const rows = hosts.map((host) => ({ host: host.id, byPlugin: {} as Record<string, number>, total: 0 }));
  for (const { plugin, weight, data } of prepared) {
    if (plugin.score === undefined || weight === 0) continue;
    const raw = hosts.map((host) => plugin.score?.(request, host, data) ?? 0);
    const scores = plugin.normalise === true ? normalised(raw) : raw;
    rows.forEach((row, i) => {
      const score = scores[i] ?? 0;
      row.byPlugin[plugin.name] = score;
      row.total += weight * score;
    });
  }
  return rows;
}

/** To 0…100, the best at 100; all alike: all 100. */
function normalised(raw: readonly number[]): number[] {
  const least = Math.min(...raw);
  const most = Math.max(...raw);
  if (most === least) return raw.map(() => 100);
  return raw.map((score) => Math.floor((100 * (score - least)) / (most - least)));
}

function choose(scores: readonly HostScore[], random: (() => number) | undefined): Verdict {
  const best = Math.max(...scores.map((score) => score.total));
  const ties = scores.filter((score) => score.total === best);
  const pick = random === undefined || ties.length === 1 ? 0 : Math.floor(random() * ties.length);
  const chosen = ties[pick] ?? ties[0];
  return { kind: "fits", host: (chosen as HostScore).host, scores };
}
