import type { BudgetSpec } from "../../src/cluster/policies.ts";
import { Drains } from "../../src/controllers/drains.ts";
import { Evictions } from "../../src/controllers/evictions.ts";
import { HostUpgrades } from "../../src/controllers/hostUpgrades.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

/** At least so many must stay. */
export const atLeast = (value: number): BudgetSpec => ({
  minAvailable: { kind: "count", value },
  maxUnavailable: undefined,
  unhealthy: "IfHealthyBudget",
});

/** A small world with drains and upgrades, and the fewest ready containers it ever had. */
export class DrainWorld extends SmallWorld {
  readonly evictions: Evictions;
  readonly drains: Drains;
  readonly upgrades: HostUpgrades;
  fewestReady = Number.POSITIVE_INFINITY;
  refusals = 0;

  constructor(parts: WorldParts) {
    super({ reaction: 50_000, scheduling: 5_000, ...parts });
    for (const host of this.cluster.state.hosts) host.leasePhase = 0;
    this.evictions = new Evictions(this.cluster);
    this.drains = new Drains(this.cluster, this.evictions);
    this.upgrades = new HostUpgrades({
      cluster: this.cluster,
      drains: this.drains,
      takeDown: (host, root, length) => this.troubles.crashHost(host, root, length),
    });
  }

  /** From now on the fewest ready containers are kept. */
  watch(): void {
    this.fewestReady = this.ready();
    this.cluster.journal.subscribe((fact) => {
      if (fact.kind === "container-unready" || fact.kind === "container-deleted" || fact.kind === "host-down") {
        this.fewestReady = Math.min(this.fewestReady, this.ready());
      }
      if (fact.kind === "eviction-refused") this.refusals++;
    });
  }

  /** Active containers on a host. */
  on(name: string): number {
    return this.host(name).containers.filter((id) => !this.container(id).deleted).length;
  }
}
