import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Host } from "../cluster/hosts.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import type { Evictions } from "./evictions.ts";

/** A refused eviction is tried again so soon (kubectl drain, evictPods). */
const RETRY: Micros = 5 * SECOND;

/** A drain under way: plain data. */
interface DrainRow {
  readonly root: number;
  /** Counts up with every drain of the host, so that a retry meant for an earlier one is recognised. */
  readonly epoch: number;
}

/** Plain rows: saved and restored with the run. */
export interface DrainsState {
  /** By host id. */
  readonly under: Map<number, DrainRow>;
  /** How often each host was drained. */
  readonly drained: Map<number, number>;
}

/**
 * Empties hosts in good order: `kubectl drain`.
 *
 * Cordons the host, asks for the eviction of everything on it at once, and again every 5 s for what a budget holds back,
 * without end; what two budgets cover it never gets (kubectl gives up there, with an error); it is over when the last one is gone, not only deleted. Containers of a DaemonSet stay
 * (`--ignore-daemonsets`), and so do those of services by hand, that no one would start elsewhere; bare Pods go and do not
 * come back (`--force`).
 */
export class Drains {
  readonly state: DrainsState = { under: new Map(), drained: new Map() };
  readonly #cluster: Cluster;
  readonly #evictions: Evictions;
  readonly #retry: EventKind;
  readonly #check: EventKind;

  constructor(cluster: Cluster, evictions: Evictions) {
    this.#cluster = cluster;
    this.#evictions = evictions;
    const onDrain = (name: string, act: (host: Host) => void): EventKind =>
      cluster.engine.define(name, BAND.control, (id, epoch) => {
        if (this.state.under.get(id)?.epoch === epoch) act(cluster.host(id));
      });
    this.#retry = onDrain("drain-retry", (host) => this.#evictAll(host));
    this.#check = onDrain("drain-check", (host) => this.#finishIfEmpty(host));
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** True from the drain's beginning to its end. */
  isDraining(host: Host): boolean {
    return this.state.under.has(host.id);
  }

  /** Cordons a host and begins to empty it; one that is being drained goes on as it is. */
  drain(host: Host, root: number): void {
    if (this.isDraining(host)) return;
    const epoch = (this.state.drained.get(host.id) ?? 0) + 1;
    this.state.drained.set(host.id, epoch);
    this.state.under.set(host.id, { root, epoch });
    this.#cluster.setCordoned(host, true);
    this.#evictAll(host);
  }

  /** Opens a host again; a drain under way is given up. */
  uncordon(host: Host): void {
    this.state.under.delete(host.id);
    this.#cluster.setCordoned(host, false);
  }

  #evictAll(host: Host): void {
    const row = this.state.under.get(host.id);
    if (row === undefined) return;
    let isHeldBack = false;
    for (const container of this.#toLeave(host).filter(isActive)) {
      const verdict = this.#evictions.evict(container, row.root, `drained: ${host.spec.name}`);
      if (verdict === "evict") continue;
      const forGood = verdict === "several-budgets";
      if (!forGood) isHeldBack = true;
      this.#cluster.announce({ kind: "eviction-refused", container, forGood });
    }
    if (isHeldBack) this.#cluster.engine.after(RETRY, this.#retry, host.id, row.epoch);
    else this.#cluster.engine.after(0, this.#check, host.id, row.epoch);
  }

  #hear(fact: Fact): void {
    if (fact.kind === "resources-freed") this.#checkSoon(fact.host);
    // What was bound before the cordon, and came to the host since, has to leave too.
    if (fact.kind === "container-phase" && fact.container.phase === "assigned") {
      const row = this.state.under.get(fact.container.host);
      if (row !== undefined) this.#cluster.engine.after(0, this.#retry, fact.container.host, row.epoch);
    }
  }

  #checkSoon(host: Host): void {
    const row = this.state.under.get(host.id);
    if (row !== undefined) this.#cluster.engine.after(0, this.#check, host.id, row.epoch);
  }

  #finishIfEmpty(host: Host): void {
    if (this.#toLeave(host).length > 0) return;
    this.state.under.delete(host.id);
    this.#cluster.announce({ kind: "host-drained", host });
  }

  /** Everything on it that a drain removes, gone or not yet. */
  #toLeave(host: Host): Container[] {
    return host.containers
      .map((id) => this.#cluster.container(id))
      .filter((container) => {
        const { orchestrated, spec } = this.#cluster.service(container.service);
        return orchestrated && spec.workload !== "DaemonSet";
      });
  }
}
