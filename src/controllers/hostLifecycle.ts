import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import { type Host, isHeard } from "../cluster/hosts.ts";
import type { Toleration } from "../cluster/spec.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { type Micros, NEVER } from "../kernel/time.ts";
import { allLost, evictionPause } from "./evictionRates.ts";
import { givenUpAt, lastRenewal, nextRenewal } from "./leases.ts";

/** What the control plane keeps in mind of one host. */
interface Watch {
  heard: boolean;
  /** Counts up whenever what was scheduled for the host is void. */
  epoch: number;
  /** When its lease was last renewed; while it is heard, only a lower bound. */
  lease: Micros;
  /** Its containers are to go (Kubernetes: the NoExecute taint `unreachable`). */
  tainted: boolean;
  /** When its containers' time to stay began to run; of no meaning while it is not tainted. */
  taintedAt: Micros;
}

/** What the control plane keeps in mind of one zone. */
interface ZoneWatch {
  readonly hosts: number;
  unreachable: number;
  /** Unreachable hosts that wait for their taint, first come first. */
  queue: number[];
  /** Least time from one taint to the next; undefined: none now. */
  pause: Micros | undefined;
  /** When the last taint was set, or the pause began. */
  taintedAt: Micros;
}

/** Plain rows: saved and restored with the run. */
export interface HostLifecycleState {
  /** By host id. */
  readonly watches: Watch[];
  /** In order of the zones' first hosts. */
  readonly zones: ZoneWatch[];
  /** A pass over the queues is scheduled for this time. */
  passAt: Micros;
}

/**
 * Notices, late, that hosts are gone or back, and has the containers of lost ones replaced: Kubernetes' node lifecycle and taint
 * eviction controllers.
 *
 * A host renews its lease every heartbeat. Of that, only what matters is an event: the look at which the lease of a silent host
 * is found too old, and the first heartbeat of a host that is heard again. A lost host waits for its taint, at a limited
 * rate per zone (`evictionPause`), and `evictAfter` later its containers are deleted. One that is heard again is spared.
 *
 * Nothing happens while the control plane is down. When it is back it knows no lease's age and gives each host the full time anew,
 * as a restarted controller does; evictions that were pending count from there too.
 */
export class HostLifecycle {
  state: HostLifecycleState;
  readonly #cluster: Cluster;
  /** The place of each host's zone, by host id. */
  readonly #zoneOf: readonly number[];
  readonly #check: EventKind;
  readonly #heartbeat: EventKind;
  readonly #pass: EventKind;
  readonly #evict: EventKind;
  /** The different times that containers stay on a tainted host. */
  readonly #stays: readonly Micros[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const usual = cluster.scenario.cluster.lifecycle.evictAfter;
    const stays = cluster.scenario.services.flatMap(({ tolerations }) => stayOf(tolerations, usual) ?? []);
    this.#stays = [...new Set([usual, ...stays])].sort((a, b) => a - b);
    const { hosts } = cluster.state;
    const names = [...new Set(hosts.map((host) => host.spec.zone))];
    this.#zoneOf = hosts.map((host) => names.indexOf(host.spec.zone));
    this.state = {
      watches: hosts.map(() => ({ heard: true, epoch: 0, lease: 0, tainted: false, taintedAt: 0 })),
      zones: names.map((_, zone) => newZone(this.#zoneOf.filter((other) => other === zone).length)),
      passAt: -1,
    };
    const onHost = (name: string, act: (host: Host) => void): EventKind =>
      cluster.engine.define(name, BAND.control, (id, epoch) => {
        if (this.#watch(id).epoch === epoch && cluster.controlPlaneUp()) act(cluster.host(id));
      });
    this.#check = onHost("host-check", (host) => this.#giveUp(host));
    this.#heartbeat = onHost("host-heartbeat", (host) => this.#welcome(host));
    this.#evict = onHost("host-eviction", (host) => this.#evictAll(host));
    // Kubernetes' monitorNodeHealth looks at every node before it judges the zones.
    this.#pass = cluster.engine.define("eviction-pass", BAND.control, () => this.#taintDue(), "after-earlier");
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  #hear(fact: Fact): void {
    switch (fact.kind) {
      case "host-down":
      case "host-up":
      case "host-cut":
      case "host-mended":
        this.#follow(fact.host);
        return;
      case "control-plane":
        if (fact.up) this.#beginAnew();
        return;
      default:
        return;
    }
  }

  #follow(host: Host): void {
    const watch = this.#watch(host.id);
    const heard = isHeard(host);
    if (watch.heard === heard) return;
    watch.heard = heard;
    watch.epoch++;
    if (heard) this.#heardAgain(host, watch);
    else this.#fellSilent(host, watch);
  }

  #fellSilent(host: Host, watch: Watch): void {
    const { heartbeat } = this.#cluster.scenario.cluster.lifecycle;
    watch.lease = Math.max(watch.lease, lastRenewal(host.leasePhase, heartbeat, this.#cluster.now) ?? 0);
    if (host.known === "reachable") this.#scheduleCheck(host, watch);
    else this.#enqueue(host);
  }

  /** Its lease counts as renewed at once (a kubelet that fails retries within seconds); its state comes with the next heartbeat. */
  #heardAgain(host: Host, watch: Watch): void {
    watch.lease = this.#cluster.now;
    this.#spare(host, watch);
    if (host.known === "unreachable") this.#scheduleHeartbeat(host, watch);
  }

  #spare(host: Host, watch: Watch): void {
    watch.tainted = false;
    const zone = this.#zone(host);
    zone.queue = zone.queue.filter((id) => id !== host.id);
  }

  #scheduleCheck(host: Host, watch: Watch): void {
    const at = givenUpAt(watch.lease, this.#cluster.scenario.cluster.lifecycle, this.#cluster.now);
    this.#cluster.engine.at(at, this.#check, host.id, watch.epoch);
  }

  #scheduleHeartbeat(host: Host, watch: Watch): void {
    const { heartbeat } = this.#cluster.scenario.cluster.lifecycle;
    const at = nextRenewal(host.leasePhase, heartbeat, this.#cluster.now);
    this.#cluster.engine.at(at, this.#heartbeat, host.id, watch.epoch);
  }

  #giveUp(host: Host): void {
    this.#zone(host).unreachable++;
    this.#enqueue(host);
    this.#cluster.markUnreachable(host);
  }

  #welcome(host: Host): void {
    this.#zone(host).unreachable--;
    this.#schedulePass(this.#cluster.now);
    this.#cluster.markReachable(host);
  }

  #enqueue(host: Host): void {
    this.#zone(host).queue.push(host.id);
    this.#schedulePass(this.#cluster.now);
  }

  /** After every host found lost at this look, for a zone's state depends on all of them. */
  #schedulePass(at: Micros): void {
    if (this.state.passAt >= this.#cluster.now && this.state.passAt <= at) return;
    this.state.passAt = at;
    this.#cluster.engine.at(at, this.#pass);
  }

  #taintDue(): void {
    const { now } = this.#cluster;
    if (this.state.passAt === now) this.state.passAt = -1;
    if (!this.#cluster.controlPlaneUp()) return;
    this.#updatePauses();
    this.#spareAllWhenAllAreLost();
    for (const zone of this.state.zones)
      if (zone.pause !== undefined && zone.queue.length > 0) this.#taintNext(zone, zone.pause);
  }

  #taintNext(zone: ZoneWatch, pause: Micros): void {
    const { now } = this.#cluster;
    if (zone.taintedAt + pause <= now) {
      const host = zone.queue.shift() as number;
      zone.taintedAt = now;
      this.#watch(host).tainted = true;
      this.#scheduleEviction(host);
    }
    if (zone.queue.length > 0) this.#schedulePass(zone.taintedAt + pause);
  }

  #scheduleEviction(host: number): void {
    const watch = this.#watch(host);
    watch.taintedAt = this.#cluster.now;
    for (const stay of this.#stays) this.#cluster.engine.after(stay, this.#evict, host, watch.epoch);
  }

  /** A zone that was waiting under its old pace waits a whole pause of the new one (RateLimitedTimedQueue.SwapLimiter). */
  #updatePauses(): void {
    const now = this.#cluster.now;
    const halted = allLost(this.state.zones);
    for (const zone of this.state.zones) {
      const pause = halted ? undefined : evictionPause(zone);
      if (zone.pause === pause) continue;
      if (zone.pause === undefined || zone.taintedAt + zone.pause > now) zone.taintedAt = now;
      zone.pause = pause;
    }
  }

  /** With every host lost the fault is likely the control plane's own: taints come off again (node_lifecycle_controller.go). */
  #spareAllWhenAllAreLost(): void {
    if (!allLost(this.state.zones)) return;
    this.state.watches.forEach((watch, id) => {
      if (!watch.tainted) return;
      watch.tainted = false;
      watch.epoch++;
      this.#zone(this.#cluster.host(id)).queue.push(id);
    });
  }

  #evictAll(host: Host): void {
    for (const id of [...host.containers]) {
      const container = this.#cluster.container(id);
      if (this.#mustLeave(container, this.#watch(host.id).taintedAt))
        this.#cluster.deleteContainer(container, host.root, `evicted: ${host.spec.name} is unreachable`);
    }
  }

  #mustLeave(container: Container, since: Micros): boolean {
    const { orchestrated, spec } = this.#cluster.service(container.service);
    const stay = stayOf(spec.tolerations, this.#cluster.scenario.cluster.lifecycle.evictAfter);
    if (stay === undefined || since + stay > this.#cluster.now) return false;
    // Those of a DaemonSet tolerate a lost host without end (Kubernetes, DaemonSet page).
    return isActive(container) && orchestrated && spec.workload !== "DaemonSet";
  }

  #beginAnew(): void {
    this.state.watches.forEach((watch, id) => {
      const host = this.#cluster.host(id);
      watch.epoch++;
      watch.lease = this.#cluster.now;
      if (watch.heard) {
        if (host.known === "unreachable") this.#scheduleHeartbeat(host, watch);
      } else if (host.known === "reachable") this.#scheduleCheck(host, watch);
      else if (watch.tainted) this.#scheduleEviction(id);
    });
    this.#schedulePass(this.#cluster.now);
  }

  #watch(host: number): Watch {
    return this.state.watches[host] as Watch;
  }

  #zone(host: Host): ZoneWatch {
    return this.state.zones[this.#zoneOf[host.id] as number] as ZoneWatch;
  }
}

function newZone(hosts: number): ZoneWatch {
  const zone = { hosts, unreachable: 0 };
  return { ...zone, queue: [], pause: evictionPause(zone), taintedAt: -NEVER };
}

/**
 * How long containers with these tolerations stay on a host with the NoExecute taint `unreachable`; undefined: for ever. The least
 * of the times that matching tolerations give, those without one left out (Kubernetes, taint_eviction.go, getMinTolerationTime).
 */
function stayOf(tolerations: readonly Toleration[], usual: Micros): Micros | undefined {
  const matching = tolerations.filter(toleratesLoss);
  if (matching.length === 0) return usual;
  const times = matching.flatMap(({ evictAfter }) => evictAfter ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function toleratesLoss({ key, effect }: Toleration): boolean {
  return (
    (key === undefined || key === "" || key === "node.kubernetes.io/unreachable") &&
    (effect === undefined || effect === "NoExecute")
  );
}
