import type { Cluster } from "../cluster/cluster.ts";
import { type Container, NOWHERE } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Micros } from "../kernel/time.ts";
import { type Integral, newIntegral, setValue, startOver } from "./integral.ts";
import { endWait, newPlaceWaits, type PlaceWaits } from "./placeWaits.ts";

/** What one service's containers cost and how they fared: plain data. */
export interface ContainerTally {
  /** Containers that hold resources: all, and without those on their way out. */
  holding: Integral;
  lasting: Integral;
  /** Holding more than the wanted replicas. */
  surplus: Integral;
  restarts: number;
  pendingSum: Micros;
  placed: number;
  /** Containers that found no place at least once. */
  unschedulable: Set<number>;
  waits: PlaceWaits;
  /** Containers that serve as far as the control plane knows and in truth. */
  healthy: number;
  /** Since when too few are healthy, by a failure; −1: enough are. */
  brokenSince: Micros;
  repairs: number;
  repairSum: Micros;
  repairLongest: Micros;
  /** Healthy containers by host id, for the blast radius, and the share on the fullest host. */
  byHost: Map<number, number>;
  blast: Integral;
  /** 1 while any is healthy: nobody stands to lose what is not there. */
  present: Integral;
}

export function newContainerTally(): ContainerTally {
  return {
    holding: newIntegral(),
    lasting: newIntegral(),
    surplus: newIntegral(),
    restarts: 0,
    pendingSum: 0,
    placed: 0,
    unschedulable: new Set(),
    waits: newPlaceWaits(),
    healthy: 0,
    brokenSince: -1,
    repairs: 0,
    repairSum: 0,
    repairLongest: 0,
    byHost: new Map(),
    blast: newIntegral(),
    present: newIntegral(),
  };
}

/** The tallies of every service, and which containers count in them now. */
export interface ContainerTallies {
  services: ContainerTally[];
  /** By container id: 1 where it counts as holding, lasting, healthy. */
  holding: number[];
  lasting: number[];
  healthy: number[];
}

/** Listens to the containers. Changes nothing but its own rows. */
export class ContainerBook {
  readonly state: ContainerTallies;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.state = {
      services: cluster.scenario.services.map(newContainerTally),
      holding: [],
      lasting: [],
      healthy: [],
    };
  }

  /** Forgets what was before the warm-up's end. */
  startOver(now: Micros): void {
    for (const tally of this.state.services) {
      for (const integral of [tally.holding, tally.lasting, tally.surplus, tally.blast, tally.present])
        startOver(integral, now);
      tally.restarts = 0;
      tally.pendingSum = 0;
      tally.placed = 0;
      // Who still waits found no place in the time that counts, either.
      tally.unschedulable = new Set(tally.waits.refused.keys());
      tally.waits.ended.clear();
      tally.repairs = 0;
      tally.repairSum = 0;
      tally.repairLongest = 0;
    }
  }

  hear(fact: Fact, now: Micros): void {
    switch (fact.kind) {
      case "container-phase":
        this.#phase(fact.container, fact.from, now);
        return;
      case "container-ready":
      case "container-unready":
      case "container-answers":
      case "container-deleted":
        this.#recount(fact.container, now, false);
        return;
      case "container-hung":
      case "container-stopping":
        if (fact.container.hung || fact.container.condemned) {
          this.#recount(fact.container, now, fact.container.phase !== "terminating" && !fact.container.deleted);
        }
        return;
      case "container-died":
        this.#recount(fact.container, now, fact.container.phase !== "terminating" && !fact.container.deleted);
        return;
      case "container-unschedulable":
        this.#refused(fact);
        return;
      case "replicas-changed":
        this.#countSurplus(fact.service.id, now);
        return;
      default:
        return;
    }
  }

  #refused({ container, reasons }: Extract<Fact, { kind: "container-unschedulable" }>): void {
    const { unschedulable, waits } = this.#tallyOf(container);
    unschedulable.add(container.id);
    waits.refused.set(container.id, { hosts: this.#cluster.state.hosts.length, reasons });
  }

  #phase(container: Container, from: Container["phase"], now: Micros): void {
    const tally = this.#tallyOf(container);
    if (from === "pending") endWait(tally.waits, container, now);
    if (container.phase === "assigned") {
      tally.placed++;
      tally.pendingSum += now - container.createdAt;
    }
    if (container.phase === "starting" && (from === "backoff" || from === "crashed")) tally.restarts++;
    this.#recount(container, now, false);
  }

  /** Brings one container's flags up to date, and the sums over them. */
  #recount(container: Container, now: Micros, byFailure: boolean): void {
    const tally = this.#tallyOf(container);
    const { id } = container;
    const holds = container.host !== NOWHERE && container.phase !== "gone";
    if (this.#flip(this.state.holding, id, holds)) {
      setValue(tally.holding, tally.holding.value + (holds ? 1 : -1), now);
      this.#countSurplus(container.service, now);
    }
    const lasts = holds && !container.deleted;
    if (this.#flip(this.state.lasting, id, lasts)) setValue(tally.lasting, tally.lasting.value + (lasts ? 1 : -1), now);
    const healthy = lasts && container.answers && container.ready;
    if (this.#flip(this.state.healthy, id, healthy)) this.#healthChanged(tally, container, healthy, now);
    this.#repair(tally, container.service, byFailure, now);
  }

  #healthChanged(tally: ContainerTally, container: Container, healthy: boolean, now: Micros): void {
    tally.healthy += healthy ? 1 : -1;
    const here = (tally.byHost.get(container.host) ?? 0) + (healthy ? 1 : -1);
    if (here === 0) tally.byHost.delete(container.host);
    else tally.byHost.set(container.host, here);
    let most = 0;
    for (const count of tally.byHost.values()) if (count > most) most = count;
    setValue(tally.blast, tally.healthy === 0 ? 0 : most / tally.healthy, now);
    setValue(tally.present, tally.healthy === 0 ? 0 : 1, now);
  }

  #repair(tally: ContainerTally, service: number, byFailure: boolean, now: Micros): void {
    const { replicas } = this.#cluster.service(service);
    if (byFailure && tally.brokenSince < 0 && tally.healthy < replicas) tally.brokenSince = now;
    if (tally.brokenSince < 0 || tally.healthy < replicas) return;
    const took = now - tally.brokenSince;
    tally.brokenSince = -1;
    tally.repairs++;
    tally.repairSum += took;
    tally.repairLongest = Math.max(tally.repairLongest, took);
  }

  #countSurplus(service: number, now: Micros): void {
    const tally = this.state.services[service] as ContainerTally;
    const { replicas } = this.#cluster.service(service);
    setValue(tally.surplus, Math.max(0, tally.holding.value - replicas), now);
  }

  #flip(flags: number[], id: number, value: boolean): boolean {
    const next = value ? 1 : 0;
    if ((flags[id] ?? 0) === next) return false;
    flags[id] = next;
    return true;
  }

  #tallyOf(container: Container): ContainerTally {
    return this.state.services[container.service] as ContainerTally;
  }
}
