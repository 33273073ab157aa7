import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import { type Host, isUp } from "../cluster/hosts.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import type { Micros } from "../kernel/time.ts";
import type { Drains } from "./drains.ts";

/** One upgrade of several hosts, one after another: plain data. */
interface UpgradeRow {
  /** Hosts still to come, first come first. */
  readonly queue: number[];
  /** Hosts under way, and how far they are. */
  readonly under: Map<number, "draining" | "down" | "returning">;
  readonly maxUnavailable: number;
  readonly length: Micros;
  readonly root: number;
}

/** Plain rows: saved and restored with the run. */
export interface HostUpgradesState {
  readonly upgrades: UpgradeRow[];
}

/**
 * Upgrades hosts in turn, as managed Kubernetes does its node pools: drains a host, takes it down for the time the work takes,
 * opens it again when the control plane sees it, and goes on with the next; at most `maxUnavailable` at a time.
 *
 * A budget that never has one to spare stops it for ever, as it does there unless a person steps in.
 */
export class HostUpgrades {
  readonly state: HostUpgradesState = { upgrades: [] };
  readonly #cluster: Cluster;
  readonly #drains: Drains;
  readonly #takeDown: (host: Host, root: number, length: Micros) => void;
  readonly #step: EventKind;

  constructor(parts: {
    readonly cluster: Cluster;
    readonly drains: Drains;
    /** Stops a host for a time: `Troubles.crashHost`. */
    readonly takeDown: (host: Host, root: number, length: Micros) => void;
  }) {
    this.#cluster = parts.cluster;
    this.#drains = parts.drains;
    this.#takeDown = parts.takeDown;
    this.#step = parts.cluster.engine.define("host-upgrade-step", BAND.control, (id) => this.#advance(id));
    parts.cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** Begins an upgrade of these hosts, in this order; each is down for `length`. */
  upgrade(what: {
    readonly hosts: readonly Host[];
    /** At least 1. */
    readonly maxUnavailable: number;
    readonly length: Micros;
    readonly root: number;
  }): void {
    const { hosts, ...rest } = what;
    this.state.upgrades.push({ queue: hosts.map(({ id }) => id), under: new Map(), ...rest });
    this.#advance(this.state.upgrades.length - 1);
  }

  /** True while a host is still to be upgraded, or under way. */
  isUnderWay(): boolean {
    return this.state.upgrades.some(({ queue, under }) => queue.length + under.size > 0);
  }

  #advance(id: number): void {
    const row = this.state.upgrades[id];
    if (row === undefined) return;
    for (const [host, phase] of row.under) this.#follow(row, this.#cluster.host(host), phase);
    while (row.under.size < row.maxUnavailable) {
      const next = row.queue.shift();
      if (next === undefined) return;
      row.under.set(next, "draining");
      this.#drains.drain(this.#cluster.host(next), row.root);
    }
  }

  #follow(row: UpgradeRow, host: Host, phase: "draining" | "down" | "returning"): void {
    if (phase === "draining" && !this.#drains.isDraining(host)) {
      row.under.set(host.id, "down");
      this.#takeDown(host, row.root, row.length);
      return;
    }
    if (phase === "down" && isUp(host)) row.under.set(host.id, "returning");
    if (row.under.get(host.id) !== "returning" || host.known !== "reachable") return;
    row.under.delete(host.id);
    this.#drains.uncordon(host);
  }

  /** Facts command nothing at once: the step comes right after them. */
  #hear(fact: Fact): void {
    if (fact.kind !== "host-drained" && fact.kind !== "host-up" && fact.kind !== "host-reachable") return;
    this.state.upgrades.forEach((row, id) => {
      if (row.under.has(fact.host.id)) this.#cluster.engine.after(0, this.#step, id);
    });
  }
}
