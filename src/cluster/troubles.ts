import { BAND, type EventKind } from "../kernel/engine.ts";
import type { Micros } from "../kernel/time.ts";
import type { NodeAgent } from "./agent.ts";
import type { Cluster } from "./cluster.ts";
import { type Host, isHeard, isUp } from "./hosts.ts";

/** Which way a partition cuts: what the control plane hears, what clients reach, or both. */
export type Cut = "control-plane" | "clients" | "both";

/**
 * What can befall hosts, the registry and the control plane: commands, with an optional end.
 *
 * Troubles are counted, not flagged, so that overlapping ones are one and end with the last of them.
 */
export class Troubles {
  readonly #cluster: Cluster;
  readonly #agent: NodeAgent;
  readonly #hostRestored: EventKind;
  readonly #cutMended: EventKind;
  readonly #slowEnded: EventKind;
  readonly #registryRestored: EventKind;
  readonly #controlRestored: EventKind;

  constructor(cluster: Cluster, agent: NodeAgent) {
    this.#cluster = cluster;
    this.#agent = agent;
    const { engine } = cluster;
    this.#hostRestored = engine.define("host-restored", BAND.failures, (host) => this.restoreHost(cluster.host(host)));
    this.#cutMended = engine.define("cut-mended", BAND.failures, (host, cut) =>
      this.#mend(cluster.host(host), CUTS[cut] as Cut),
    );
    this.#slowEnded = engine.define("slow-ended", BAND.failures, (host, milli) =>
      this.#hasten(cluster.host(host), milli),
    );
    this.#registryRestored = engine.define("registry-restored", BAND.failures, () => this.#registryUp());
    this.#controlRestored = engine.define("control-plane-restored", BAND.failures, () => this.#controlPlaneUp());
  }

  /** The host stops with everything on it; back after `length`, or never. */
  crashHost(host: Host, root: number, length: Micros | undefined): void {
    if (host.downs === 0) {
      if (isHeard(host)) host.silentSince = this.#cluster.now;
      host.root = root;
    }
    host.downs++;
    if (host.downs === 1) {
      this.#agent.hostDown(host);
      this.#cluster.announce({ kind: "host-down", host });
    }
    if (length !== undefined) this.#cluster.engine.after(length, this.#hostRestored, host.id);
  }

  /** One outage of the host ends; it is back when none is left. */
  restoreHost(host: Host): void {
    host.downs--;
    if (host.downs > 0) return;
    this.#cluster.announce({ kind: "host-up", host });
    if (isHeard(host)) this.#agent.hostHeard(host, true);
    else this.#agent.hostUpUnheard(host);
  }

  partition(host: Host, cut: Cut, root: number, length: Micros | undefined): void {
    const heardBefore = isHeard(host);
    if (cut !== "clients") host.controlCuts++;
    if (cut !== "control-plane") host.clientCuts++;
    if (isUp(host)) host.root = root;
    if (heardBefore && !isHeard(host)) host.silentSince = this.#cluster.now;
    this.#cluster.announce({ kind: "host-cut", host });
    if (length !== undefined) this.#cluster.engine.after(length, this.#cutMended, host.id, CUTS.indexOf(cut));
  }

  /** Service and start-up take `factor` times longer there; a whole number of thousandths. */
  slow(host: Host, factor: number, root: number, length: Micros | undefined): void {
    host.slowFactors.push(factor);
    host.slowRoot = root;
    this.#cluster.announce({ kind: "host-slow", host });
    if (length !== undefined) this.#cluster.engine.after(length, this.#slowEnded, host.id, Math.round(factor * 1000));
  }

  registryDown(length: Micros | undefined): void {
    this.#cluster.state.registryDowns++;
    this.#agent.registryDown();
    this.#cluster.announce({ kind: "registry", up: false });
    if (length !== undefined) this.#cluster.engine.after(length, this.#registryRestored);
  }

  /** Controllers, scheduler and endpoints stand still; hosts and balancers go on with what they know. */
  controlPlaneDown(length: Micros | undefined): void {
    this.#cluster.state.controlDowns++;
    if (this.#cluster.state.controlDowns === 1) this.#cluster.announce({ kind: "control-plane", up: false });
    if (length !== undefined) this.#cluster.engine.after(length, this.#controlRestored);
  }

  #mend(host: Host, cut: Cut): void {
    if (cut !== "clients") host.controlCuts--;
    if (cut !== "control-plane") host.clientCuts--;
    this.#cluster.announce({ kind: "host-mended", host });
    if (cut !== "clients" && isHeard(host)) this.#agent.hostHeard(host, false);
  }

  #hasten(host: Host, milli: number): void {
    const at = host.slowFactors.findIndex((factor) => Math.round(factor * 1000) === milli);
    if (at >= 0) host.slowFactors.splice(at, 1);
    this.#cluster.announce({ kind: "host-slow", host });
  }

  #registryUp(): void {
    this.#cluster.state.registryDowns--;
    this.#cluster.announce({ kind: "registry", up: this.#cluster.state.registryDowns === 0 });
  }

  #controlPlaneUp(): void {
    this.#cluster.state.controlDowns--;
    if (this.#cluster.controlPlaneUp()) this.#cluster.announce({ kind: "control-plane", up: true });
  }
}

const CUTS: readonly Cut[] = ["control-plane", "clients", "both"];
