import { type Sampler, samplerOf } from "../kernel/distributions.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { beginBackoff, pullBackoff } from "./backoffs.ts";
import type { Cluster } from "./cluster.ts";
import type { Container } from "./containers.ts";
import type { ProbeMiss } from "./facts.ts";
import { type Host, isHeard, isUp, type Pull, slownessOf } from "./hosts.ts";
import { needsVitalEvents, Probes } from "./probes.ts";
import { Pulls } from "./pulls.ts";
import { OVERLOAD } from "./roots.ts";
import type { ImageSpec } from "./spec.ts";
import { stopTimes } from "./stopTimes.ts";

/**
 * What each host does by itself with the containers bound to it: pull, start, probe, restart, stop. Kubernetes' kubelet.
 *
 * It goes on without the control plane; what it learns is reported only while the host is heard.
 */
export class NodeAgent {
  readonly #cluster: Cluster;
  readonly #pulls: Pulls;
  readonly #probes: Probes;
  readonly #startup = new Map<ImageSpec, Sampler>();
  readonly #started: EventKind;
  readonly #restart: EventKind;
  readonly #retryPull: EventKind;
  readonly #sigterm: EventKind;
  readonly #sigkill: EventKind;
  readonly #crash: EventKind;
  readonly #exited: EventKind;
  readonly #hang: EventKind;
  readonly #condemnedSigkill: EventKind;
  /** Whether a container would answer a probe now: its queue has room. Set by those who know. */
  hasRoom: (container: Container) => boolean = () => true;
  /** What is to blame when it has none. Set by those who know. */
  rootOfMiss: (container: Container) => number = (container) => container.root;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { engine } = cluster;
    this.#pulls = new Pulls(
      engine,
      (id) => cluster.host(id),
      (host, pull) => this.#imageArrived(host, pull),
    );
    const onContainer = (name: string, act: (container: Container) => void): EventKind =>
      engine.define(name, BAND.lifecycle, (id, epoch) => {
        const container = cluster.container(id);
        if (container.epoch === epoch) act(container);
      });
    this.#started = onContainer("container-started", (container) => this.#run(container));
    this.#probes = new Probes(cluster, {
      hasRoom: (container) => this.hasRoom(container),
      rootOfMiss: (container) => this.rootOfMiss(container),
      failed: (container, probe, miss) => this.#condemn(container, probe, miss),
    });
    this.#restart = onContainer("container-restart", (container) => this.#prepare(container));
    this.#retryPull = onContainer("pull-retry", (container) => this.#prepare(container));
    this.#sigterm = onContainer("sigterm", (container) => this.#sendSigterm(container));
    this.#crash = onContainer("container-crash", (container) => {
      const label = `crashes of ${cluster.release(container.release).image.name}`;
      this.crash(container, cluster.rootNamed(label));
    });
    // These two outlive changes of phase inside 'terminating': they look for themselves.
    this.#sigkill = engine.define("sigkill", BAND.lifecycle, (id) =>
      this.#kill(cluster.container(id), "killed at the end of its grace period"),
    );
    this.#exited = engine.define("container-exited", BAND.lifecycle, (id) => this.#exit(cluster.container(id)));
    const late = (name: string, act: (container: Container) => void): EventKind =>
      needsVitalEvents(cluster.scenario) ? onContainer(name, act) : -1;
    this.#hang = late("container-hang", (container) => this.#hangs(container));
    this.#condemnedSigkill = late("condemned-sigkill", (container) => this.#startOver(container));
  }

  /** A container was bound to this host: begin, if the host hears of it and has not begun already. */
  begin(container: Container): void {
    if (container.phase === "assigned" && isHeard(this.#cluster.host(container.host))) this.#prepare(container);
  }

  /** A container was deleted: end it gracefully, if the host hears of it. */
  end(container: Container, why: string): void {
    if (container.phase === "gone") return;
    if (isHeard(this.#cluster.host(container.host))) this.#terminate(container, why);
  }

  /** Puts a container in full running order at once, for a service that runs when the simulation begins. */
  settle(container: Container): void {
    const host = this.#cluster.host(container.host);
    const image = this.#imageOf(container);
    if (!host.cached.includes(image.name)) host.cached.push(image.name);
    this.#cluster.enter(container, "starting", "running from the start");
    this.#run(container);
    if (image.ready) this.#probes.settle(container);
  }

  /** Its process dies: restarted here after a back-off, unless nobody looks after it. */
  crash(container: Container, root: number): void {
    if (container.phase === "terminating") {
      this.#kill(container, "crashed while stopping");
      return;
    }
    if (container.phase !== "running" && container.phase !== "starting") return;
    container.root = root;
    this.#endProcess(container, "crashed");
  }

  /** Starts a crashed container again: what a person does by hand. */
  restart(container: Container): void {
    if (container.phase !== "crashed" || !isUp(this.#cluster.host(container.host))) return;
    container.restarts++;
    this.#prepare(container);
  }

  /** The host is gone with all its processes; nobody is told. */
  hostDown(host: Host): void {
    this.#pulls.breakOff(host);
    for (const id of [...host.containers]) {
      const container = this.#cluster.container(id);
      if (!container.deleted || container.answers) container.root = host.root;
      this.#processGone(container, true);
      if (container.phase !== "terminating") this.#cluster.enter(container, "crashed", "its host went down");
    }
  }

  /** The host is back, or heard again: it reports, drops what was deleted meanwhile, and starts what should run. */
  hostHeard(host: Host, wasDown: boolean): void {
    for (const id of [...host.containers]) {
      const container = this.#cluster.container(id);
      if (wasDown && container.deleted) this.#cluster.remove(container, "gone with its host");
      else if (wasDown) this.#resume(container);
      else this.#catchUp(container);
    }
  }

  /** Power is back, but the control plane is still cut off: what is bound here starts again all the same. */
  hostUpUnheard(host: Host): void {
    for (const id of [...host.containers]) {
      const container = this.#cluster.container(id);
      if (container.phase === "terminating") this.#cluster.remove(container, "gone with its host");
      else if (container.phase !== "assigned") this.#resume(container);
    }
  }

  /** Pulls under way fail when the registry does. */
  registryDown(): void {
    for (const host of this.#cluster.state.hosts) {
      for (const id of this.#pulls.breakOff(host)) this.#pullFailed(this.#cluster.container(id));
    }
  }

  /** The last request has left a container that was told to stop. */
  drained(container: Container): void {
    if (container.stopping) this.#cluster.engine.after(0, this.#exited, container.id);
  }

  #endProcess(container: Container, why: string): void {
    const isLookedAfter = this.#cluster.service(container.service).orchestrated;
    const delay = isLookedAfter ? beginBackoff(container, this.#cluster.now) : 0;
    this.#processGone(container, false);
    if (!isLookedAfter) {
      this.#cluster.enter(container, "crashed", `${why}; nobody restarts it`);
      return;
    }
    this.#cluster.enter(container, "backoff", why);
    this.#cluster.engine.after(delay, this.#restart, container.id, container.epoch);
  }

  /** Stops one whose probe failed, with its grace period, to start it again here (Kubernetes, Pod Lifecycle page). */
  #condemn(container: Container, probe: "liveness" | "startup", miss: ProbeMiss): void {
    const { shutdown, liveness, startupProbe } = this.#cluster.service(container.service).spec;
    const spec = probe === "liveness" ? liveness : startupProbe;
    container.root = this.#rootOfFailedProbe(container, probe, miss);
    container.condemned = true;
    this.#cluster.announce({ kind: "container-condemned", container, probe });
    if (container.phase === "starting") {
      // It is not up yet and has nothing to finish: SIGTERM ends it.
      this.#startOver(container);
      return;
    }
    const { preStop } = shutdown;
    const { untilTerm, untilKill } = stopTimes({ preStop, gracePeriod: spec?.gracePeriod ?? shutdown.gracePeriod });
    this.#cluster.engine.after(untilTerm, this.#sigterm, container.id, container.epoch);
    this.#cluster.engine.after(untilKill, this.#condemnedSigkill, container.id, container.epoch);
  }

  /** A hang, or the pressure on a full queue, is to blame where there is one; else the probe itself, that asks for too much. */
  #rootOfFailedProbe(container: Container, probe: "liveness" | "startup", miss: ProbeMiss): number {
    const pressure = miss === "full" ? this.rootOfMiss(container) : OVERLOAD;
    if (miss === "timeout") return container.root;
    if (pressure !== OVERLOAD) return pressure;
    return this.#cluster.rootNamed(`${probe} probe of ${this.#imageOf(container).name}`);
  }

  #startOver(container: Container): void {
    if (container.condemned && isUp(this.#cluster.host(container.host)))
      this.#endProcess(container, "failed its probe");
  }

  /** It stops answering, and nothing tells it from one that thinks hard. */
  #hangs(container: Container): void {
    container.hung = true;
    container.answers = false;
    container.root = this.#cluster.rootNamed(`hangs of ${this.#imageOf(container).name}`);
    this.#cluster.announce({ kind: "container-hung", container });
    this.#probes.watch(container);
  }

  #resume(container: Container): void {
    if (isHeard(this.#cluster.host(container.host))) this.#cluster.report(container);
    if (container.phase === "crashed") {
      // Nobody looks after it: it waits for a person.
      if (!this.#cluster.service(container.service).orchestrated) return;
      container.restarts++;
    }
    this.#prepare(container);
  }

  #catchUp(container: Container): void {
    if (container.deleted && container.phase !== "terminating")
      this.#terminate(container, "deleted while out of reach");
    else if (container.phase === "assigned") this.#prepare(container);
    else this.#cluster.report(container);
  }

  #prepare(container: Container): void {
    const host = this.#cluster.host(container.host);
    const image = this.#imageOf(container);
    if (host.cached.includes(image.name)) {
      this.#start(container, host);
      return;
    }
    if (container.phase !== "pulling") this.#cluster.enter(container, "pulling", `pulling ${image.name}`);
    else this.#cluster.announce({ kind: "pull-retried", container });
    if (this.#cluster.state.registryDowns > 0) this.#pullFailed(container);
    else this.#pulls.start(host, image, container.id);
  }

  #pullFailed(container: Container): void {
    container.pullFailures++;
    this.#cluster.announce({ kind: "pull-failed", container });
    this.#cluster.engine.after(pullBackoff(container.pullFailures), this.#retryPull, container.id, container.epoch);
  }

  #imageArrived(host: Host, pull: Pull): void {
    for (const id of pull.waiting) this.#start(this.#cluster.container(id), host);
  }

  #start(container: Container, host: Host): void {
    if (container.phase === "backoff") container.restarts++;
    container.pullFailures = 0;
    this.#cluster.enter(container, "starting", "starting");
    const image = this.#imageOf(container);
    const uniform = this.#cluster.streams.named(`startup/${this.#nameOf(container)}`).next();
    const delay = Math.round(this.#startupOf(image)(uniform) * slownessOf(host));
    this.#cluster.engine.after(delay, this.#started, container.id, container.epoch);
    this.#probes.processBegan(container);
  }

  /** Start-up is over: it answers. */
  #run(container: Container): void {
    const { engine, streams } = this.#cluster;
    const image = this.#imageOf(container);
    container.answers = true;
    container.startedAt = this.#cluster.now;
    this.#cluster.enter(container, "running", "started");
    this.#cluster.announce({ kind: "container-answers", container });
    this.#probes.processAnswers(container);
    if (image.crash !== undefined) {
      const uniform = streams.named(`crash/${this.#nameOf(container)}`).next();
      engine.after(samplerOf(image.crash)(uniform), this.#crash, container.id, container.epoch);
    }
    if (image.hang !== undefined) {
      const uniform = streams.named(`hang/${this.#nameOf(container)}`).next();
      engine.after(samplerOf(image.hang)(uniform), this.#hang, container.id, container.epoch);
    }
  }

  #terminate(container: Container, why: string): void {
    const host = this.#cluster.host(container.host);
    if (container.phase === "pulling") this.#pulls.leave(host, container.id);
    if (container.phase !== "running") {
      if (container.phase === "starting") this.#processGone(container, false);
      this.#cluster.remove(container, why);
      return;
    }
    this.#cluster.enter(container, "terminating", why);
    const { untilTerm, untilKill } = stopTimes(this.#cluster.service(container.service).spec.shutdown);
    this.#cluster.engine.after(untilTerm, this.#sigterm, container.id, container.epoch);
    this.#cluster.engine.after(untilKill, this.#sigkill, container.id);
  }

  #sendSigterm(container: Container): void {
    // With its host down there is nothing left to stop.
    if (!isUp(this.#cluster.host(container.host))) return;
    container.answers = false;
    container.stopping = true;
    this.#cluster.announce({ kind: "container-stopping", container });
    if (container.phase === "running") this.#probes.watch(container);
  }

  #kill(container: Container, why: string): void {
    if (container.phase !== "terminating" || !isUp(this.#cluster.host(container.host))) return;
    this.#processGone(container, false);
    this.#cluster.remove(container, why);
  }

  #exit(container: Container): void {
    if (!container.stopping) return;
    if (container.phase === "terminating") this.#kill(container, "stopped");
    else if (container.phase === "running") this.#startOver(container);
  }

  /** Whatever was inside is lost. `silently`: the host went with it, so its readiness stays as last reported. */
  #processGone(container: Container, silently: boolean): void {
    container.answers = false;
    container.stopping = false;
    container.hung = false;
    container.condemned = false;
    container.probed = false;
    container.endedAt = this.#cluster.now;
    this.#cluster.announce({ kind: "container-died", container, silently });
    if (!silently && isHeard(this.#cluster.host(container.host))) this.#cluster.report(container);
  }

  #imageOf(container: Container): ImageSpec {
    return this.#cluster.release(container.release).image;
  }

  #nameOf(container: Container): string {
    return this.#cluster.service(container.service).spec.name;
  }

  #startupOf(image: ImageSpec): Sampler {
    let sampler = this.#startup.get(image);
    if (sampler === undefined) {
      sampler = samplerOf(image.startup);
      this.#startup.set(image, sampler);
    }
    return sampler;
  }
}
