import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import { type Host, isUp } from "../cluster/hosts.ts";
import { type Micros, toSeconds } from "../kernel/time.ts";
import { areaAt, type Integral, newIntegral, setValue, startOver } from "./integral.ts";
import type { HostsSummary } from "./result.ts";

/** What one host carried. */
interface Carried {
  containers: number;
  millicores: number;
  bytes: number;
}

/** What the hosts carried, and when they were down: plain data. */
export interface HostTallies {
  /** Sums over all hosts: resources held, hosts in use, hosts up. */
  millicores: Integral;
  bytes: Integral;
  inUse: Integral;
  up: Integral;
  /** Standard deviation of the hosts' cpu shares; the sums that it is made of. */
  imbalance: Integral;
  shareSum: number;
  shareSquares: number;
  /** By host id: what it carried when last looked at. */
  carried: Carried[];
  /** By host id: down time and outages, of those that had any. */
  down: Map<number, { since: Micros; total: Micros; outages: number }>;
}

/** Listens to the hosts and to what is bound to them. Changes nothing but its own rows. */
export class HostBook {
  readonly state: HostTallies;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { hosts } = cluster.state;
    this.state = {
      millicores: newIntegral(),
      bytes: newIntegral(),
      inUse: newIntegral(),
      up: newIntegral(),
      imbalance: newIntegral(),
      shareSum: 0,
      shareSquares: 0,
      carried: hosts.map(() => ({ containers: 0, millicores: 0, bytes: 0 })),
      down: new Map(),
    };
    setValue(this.state.up, hosts.length, 0);
  }

  /** Forgets what was before the warm-up's end. */
  startOver(now: Micros): void {
    const { state } = this;
    for (const integral of [state.millicores, state.bytes, state.inUse, state.up, state.imbalance]) {
      startOver(integral, now);
    }
    for (const [id, row] of state.down) {
      if (row.since < 0) state.down.delete(id);
      else state.down.set(id, { since: now, total: 0, outages: 1 });
    }
  }

  hear(fact: Fact, now: Micros): void {
    switch (fact.kind) {
      case "container-phase":
        if (fact.container.phase === "assigned") this.#carries(this.#cluster.host(fact.container.host), now);
        return;
      case "resources-freed":
        this.#carries(fact.host, now);
        return;
      case "host-down":
        this.#wentDown(fact.host.id, now);
        return;
      case "host-up":
        this.#cameUp(fact.host.id, now);
        return;
      default:
        return;
    }
  }

  /** The public summary, from `from` (the warm-up's end) to `now`. `blastRadius` comes from the containers' book. */
  summary(from: Micros, now: Micros, blastRadius: number): HostsSummary {
    const { state } = this;
    const length = Math.max(1, now - from);
    const hosts = this.#cluster.state.hosts;
    const cpu = hosts.reduce((sum, host) => sum + host.spec.cpuMillicores, 0);
    const memory = hosts.reduce((sum, host) => sum + host.spec.memoryBytes, 0);
    const byHost: [string, { downS: number; outages: number }][] = [];
    let downS = 0;
    for (const [id, row] of [...state.down].sort(([one], [other]) => one - other)) {
      const total = row.total + (row.since >= 0 ? now - row.since : 0);
      downS += toSeconds(total);
      byHost.push([this.#cluster.host(id).spec.name, { downS: toSeconds(total), outages: row.outages }]);
    }
    return {
      utilisation: {
        cpu: cpu === 0 ? 0 : areaAt(state.millicores, now) / length / cpu,
        memory: memory === 0 ? 0 : areaAt(state.bytes, now) / length / memory,
      },
      imbalance: areaAt(state.imbalance, now) / length,
      used: areaAt(state.inUse, now) / length,
      blastRadius,
      hostSeconds: toSeconds(areaAt(state.up, now)),
      downS,
      byHost: Object.fromEntries(byHost),
    };
  }

  #carries(host: Host, now: Micros): void {
    const { state } = this;
    const row = state.carried[host.id] as Carried;
    const containers = host.containers.length;
    const millicores = host.spec.cpuMillicores - host.freeMillicores;
    const bytes = host.spec.memoryBytes - host.freeBytes;
    const before = shareOf(row.millicores, host);
    const after = shareOf(millicores, host);
    setValue(state.millicores, state.millicores.value + millicores - row.millicores, now);
    setValue(state.bytes, state.bytes.value + bytes - row.bytes, now);
    setValue(state.inUse, state.inUse.value + (containers > 0 ? 1 : 0) - (row.containers > 0 ? 1 : 0), now);
    row.containers = containers;
    row.millicores = millicores;
    row.bytes = bytes;
    state.shareSum += after - before;
    state.shareSquares += after * after - before * before;
    const count = this.#cluster.state.hosts.length;
    const mean = state.shareSum / count;
    setValue(state.imbalance, Math.sqrt(Math.max(0, state.shareSquares / count - mean * mean)), now);
  }

  #wentDown(id: number, now: Micros): void {
    const row = this.state.down.get(id) ?? { since: -1, total: 0, outages: 0 };
    row.since = now;
    row.outages++;
    this.state.down.set(id, row);
    this.#countUp(now, -1);
  }

  #cameUp(id: number, now: Micros): void {
    const row = this.state.down.get(id);
    if (row === undefined || row.since < 0) return;
    row.total += now - row.since;
    row.since = -1;
    if (isUp(this.#cluster.host(id))) this.#countUp(now, 1);
  }

  #countUp(now: Micros, change: number): void {
    setValue(this.state.up, this.state.up.value + change, now);
  }
}

function shareOf(millicores: number, host: Host): number {
  return host.spec.cpuMillicores === 0 ? 0 : millicores / host.spec.cpuMillicores;
}
