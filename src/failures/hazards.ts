import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Host } from "../cluster/hosts.ts";
import type { HazardSpec } from "../cluster/spec.ts";
import type { Troubles } from "../cluster/troubles.ts";
import { type Sampler, samplerOf } from "../kernel/distributions.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { type Micros, NEVER } from "../kernel/time.ts";

type Renewal = Extract<HazardSpec, { kind: "renewal" }>;
type Outages = Extract<HazardSpec, { kind: "outages" }>;

/** One host or one zone that one hazard hangs over. */
interface Target {
  readonly hazard: number;
  readonly name: string;
  readonly stream: string;
  readonly hosts: readonly number[];
  readonly up: Sampler;
  /** Undefined: what goes down stays down. */
  readonly down: Sampler | undefined;
}

/** The containers that one hazard hangs over. */
interface ContainerHazard {
  readonly index: number;
  readonly services: ReadonlySet<string>;
  readonly up: Sampler;
  readonly streamSuffix: string;
}

/** Plain rows: saved and restored with the run. */
export interface HazardsState {
  /** For each hazard of containers, when it strikes which running container. */
  readonly due: Map<number, Micros>[];
}

/**
 * What goes wrong by chance, or went wrong on record.
 *
 * A host, or a zone with all its hosts at once, alternates between up times and down times, each drawn from the hazard's
 * distributions; an up time begins when that hazard's last down time ends, whatever else befalls the host meanwhile. A
 * container's clock starts anew each time it starts running; restarting it is its host's business. Each host, zone and container draws
 * from a stream of its own (`hazard/host-3`), so one more host changes nothing for the others.
 */
export class Hazards {
  state: HazardsState;
  readonly #cluster: Cluster;
  readonly #troubles: Troubles;
  readonly #agent: NodeAgent;
  readonly #targets: readonly Target[];
  readonly #containerHazards: readonly ContainerHazard[];
  readonly #recorded: readonly Outages[];
  readonly #strikes: EventKind;
  readonly #strikesContainer: EventKind;
  readonly #repeats: EventKind;

  constructor(cluster: Cluster, troubles: Troubles, agent: NodeAgent) {
    this.#cluster = cluster;
    this.#troubles = troubles;
    this.#agent = agent;
    const { hazards } = cluster.scenario;
    const renewals = hazards.filter((hazard) => hazard.kind === "renewal");
    this.#targets = targetsOf(renewals, cluster.state.hosts);
    this.#containerHazards = containerHazardsOf(renewals, cluster);
    this.#recorded = hazards.filter((hazard) => hazard.kind === "outages");
    this.state = { due: this.#containerHazards.map(() => new Map()) };
    const { engine } = cluster;
    this.#strikes = engine.define("hazard", BAND.failures, (target) =>
      this.#strike(this.#targets[target] as Target, target),
    );
    this.#strikesContainer = engine.define("container-hazard", BAND.failures, (hazard, container) =>
      this.#strikeContainer(hazard, cluster.container(container)),
    );
    this.#repeats = engine.define("recorded-outage", BAND.failures, (file, outage) => this.#repeat(file, outage));
    if (this.#containerHazards.length > 0) cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** Starts the clocks: once, at the beginning of the run. */
  begin(): void {
    this.#targets.forEach((target, i) => {
      this.#scheduleStrike(target, i, 0);
    });
    this.#recorded.forEach((file, i) => {
      file.outages.forEach(({ from, to }, j) => {
        if (to > Math.max(0, from) && from <= this.#cluster.scenario.duration)
          this.#cluster.engine.at(Math.max(0, from), this.#repeats, i, j);
      });
    });
  }

  #scheduleStrike(target: Target, index: number, delay: Micros): void {
    const up = target.up(this.#cluster.streams.named(target.stream).next());
    const at = this.#cluster.now + delay + up;
    if (at < NEVER) this.#cluster.engine.at(at, this.#strikes, index);
  }

  #strike(target: Target, index: number): void {
    const length = target.down?.(this.#cluster.streams.named(target.stream).next());
    const root = this.#cluster.rootNamed(`hazards[${target.hazard}] ${target.name}`);
    for (const host of target.hosts) this.#troubles.crashHost(this.#cluster.host(host), root, length);
    if (length !== undefined) this.#scheduleStrike(target, index, length);
  }

  #repeat(file: number, outage: number): void {
    const { index, outages } = this.#recorded[file] as Outages;
    const { host, to } = outages[outage] as Outages["outages"][number];
    const root = this.#cluster.rootNamed(`hazards[${index}] ${host}`);
    this.#troubles.crashHost(this.#cluster.hostNamed(host), root, to - this.#cluster.now);
  }

  #hear(fact: Fact): void {
    if (fact.kind !== "container-phase") return;
    const { container } = fact;
    if (container.phase === "running") this.#startClocks(container);
    else if (fact.from === "running") for (const due of this.state.due) due.delete(container.id);
  }

  #startClocks(container: Container): void {
    const service = this.#cluster.service(container.service).spec.name;
    this.#containerHazards.forEach((hazard, i) => {
      if (!hazard.services.has(service)) return;
      const uniform = this.#cluster.streams.named(`hazard/container/${container.name}${hazard.streamSuffix}`).next();
      const at = this.#cluster.now + hazard.up(uniform);
      if (at >= NEVER) return;
      this.state.due[i]?.set(container.id, at);
      this.#cluster.engine.at(at, this.#strikesContainer, i, container.id);
    });
  }

  /** A strike meant for an earlier run of the container finds another time, or none, and is dropped. */
  #strikeContainer(index: number, container: Container): void {
    const due = this.state.due[index];
    if (due?.get(container.id) !== this.#cluster.now) return;
    due.delete(container.id);
    const service = this.#cluster.service(container.service).spec.name;
    const hazard = this.#containerHazards[index] as ContainerHazard;
    this.#agent.crash(container, this.#cluster.rootNamed(`hazards[${hazard.index}] containers of ${service}`));
  }
}

function targetsOf(hazards: readonly Renewal[], hosts: readonly Host[]): Target[] {
  const targets: Target[] = [];
  const seen = new Map<string, number>();
  for (const hazard of hazards) {
    if (hazard.what === "containers") continue;
    const groups = hazard.what === "zones" ? byZone(hosts) : new Map(hosts.map((host) => [host.spec.name, [host.id]]));
    const up = samplerOf(hazard.every);
    const down = hazard.for === undefined ? undefined : samplerOf(hazard.for);
    for (const [name, ids] of groups) {
      if (hazard.only.length > 0 && !hazard.only.includes(name)) continue;
      // A second hazard over the same name draws from a stream of its own.
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      targets.push({ hazard: hazard.index, name, stream: `hazard/${name}${suffix(before)}`, hosts: ids, up, down });
    }
  }
  return targets;
}

function containerHazardsOf(hazards: readonly Renewal[], cluster: Cluster): ContainerHazard[] {
  return hazards
    .filter((hazard) => hazard.what === "containers")
    .map((hazard, i) => ({
      index: hazard.index,
      services: new Set(
        hazard.only.length > 0 ? hazard.only : cluster.scenario.services.map((service) => service.name),
      ),
      up: samplerOf(hazard.every),
      streamSuffix: suffix(i),
    }));
}

function suffix(before: number): string {
  return before === 0 ? "" : `/${before + 1}`;
}

function byZone(hosts: readonly Host[]): Map<string, number[]> {
  const zones = new Map<string, number[]>();
  for (const { id, spec } of hosts) {
    const zone = zones.get(spec.zone);
    if (zone === undefined) zones.set(spec.zone, [id]);
    else zone.push(id);
  }
  return zones;
}
