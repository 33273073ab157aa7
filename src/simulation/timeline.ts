import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { TimelineAction, TimelineEntry } from "../cluster/spec.ts";
import type { Troubles } from "../cluster/troubles.ts";
import type { Drains } from "../controllers/drains.ts";
import type { HostUpgrades } from "../controllers/hostUpgrades.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { unreachable } from "../kernel/errors.ts";
import { formatDuration, type Micros } from "../kernel/time.ts";
import type { RolloutAnswer, RolloutDriver } from "../rollout/driver.ts";

/** What the timeline has under way: plain data. */
export interface TimelineState {
  /** Factors of the traffic in force, by service id, oldest first; their product is the factor. */
  factors: { service: number; factor: number; entry: number }[];
  /** Containers that crash again at every start until a time. */
  crashing: { container: number; until: Micros; root: number }[];
  /** What could not be done, for people. */
  warnings: string[];
  /** Entries that came while the run was under way; their indices go on from the scenario's own. */
  added: TimelineEntry[];
}

/** What happens, when: the entries of the scenario's timeline, carried out. */
export class Timeline {
  readonly state: TimelineState = { factors: [], crashing: [], warnings: [], added: [] };
  readonly #cluster: Cluster;
  readonly #agent: NodeAgent;
  readonly #troubles: Troubles;
  readonly #driver: RolloutDriver;
  readonly #drains: Drains;
  readonly #upgrades: HostUpgrades;
  readonly #entry: EventKind;
  readonly #factorOver: EventKind;
  readonly #crashAgain: EventKind;

  constructor(parts: {
    cluster: Cluster;
    agent: NodeAgent;
    troubles: Troubles;
    driver: RolloutDriver;
    drains: Drains;
    upgrades: HostUpgrades;
  }) {
    this.#cluster = parts.cluster;
    this.#agent = parts.agent;
    this.#troubles = parts.troubles;
    this.#driver = parts.driver;
    this.#drains = parts.drains;
    this.#upgrades = parts.upgrades;
    const { engine, journal } = parts.cluster;
    // Entries of one moment happen in the order in which the author wrote them.
    this.#entry = engine.define("timeline", BAND.failures, (place) => this.#play(place), "in-order");
    this.#factorOver = engine.define("traffic-factor-over", BAND.failures, (service, entry) => {
      const at = this.state.factors.findIndex((row) => row.service === service && row.entry === entry);
      if (at >= 0) this.state.factors.splice(at, 1);
      this.#applyFactor(service, this.state.factors.findLast((row) => row.service === service)?.entry ?? entry);
    });
    this.#crashAgain = engine.define("container-crashes-again", BAND.failures, (id) => this.#crashOnceMore(id));
    journal.subscribe((fact, now) => {
      if (fact.kind !== "container-answers") return;
      const row = this.state.crashing.find(({ container }) => container === fact.container.id);
      if (row !== undefined && now < row.until) engine.after(0, this.#crashAgain, fact.container.id);
    });
  }

  /** Schedules the first time of every entry. */
  begin(): void {
    this.#cluster.scenario.timeline.forEach(({ at }, place) => {
      this.#cluster.engine.at(at, this.#entry, place);
    });
  }

  /** Adds an entry while the run is under way: what happens at `at`, not before now. */
  add(action: TimelineAction, at: Micros): TimelineEntry {
    const index = this.#cluster.scenario.timeline.length + this.state.added.length;
    const entry: TimelineEntry = { index, at, every: undefined, action };
    this.state.added.push(entry);
    this.#cluster.engine.at(at, this.#entry, index);
    return entry;
  }

  /** The scenario's entry of that place, or one that was added. */
  #entryAt(place: number): TimelineEntry {
    const { timeline } = this.#cluster.scenario;
    return (timeline[place] ?? this.state.added[place - timeline.length]) as TimelineEntry;
  }

  /** The entry of that index, which is its place only where the list stands as it was written. */
  #entryNumbered(index: number): TimelineEntry {
    const entries = [...this.#cluster.scenario.timeline, ...this.state.added];
    return entries.find((entry) => entry.index === index) as TimelineEntry;
  }

  #play(place: number): void {
    const entry = this.#entryAt(place);
    if (entry.every !== undefined) this.#cluster.engine.after(entry.every, this.#entry, place);
    this.#act(entry, this.#cluster.rootNamed(labelOf(entry)));
  }

  #act(entry: TimelineEntry, root: number): void {
    const { action } = entry;
    const cluster = this.#cluster;
    switch (action.kind) {
      case "deploy":
        this.#note(
          entry,
          this.#driver.deploy(cluster.serviceNamed(action.service), action.image, action.strategy, root),
        );
        return;
      case "rollback":
        this.#note(entry, this.#driver.rollback(cluster.serviceNamed(action.service), root));
        return;
      case "promote":
        this.#driver.promote(cluster.serviceNamed(action.service), action.full ? "full" : "step");
        return;
      case "abort":
        this.#driver.abort(cluster.serviceNamed(action.service));
        return;
      case "pause":
      case "resume":
        this.#driver.setPaused(cluster.serviceNamed(action.service), action.kind === "pause");
        return;
      case "scale":
        this.#driver.scale(cluster.serviceNamed(action.service), action.replicas, root);
        return;
      case "crash":
        this.#crash(action, entry, root);
        return;
      case "partition":
        this.#troubles.partition(cluster.hostNamed(action.host), action.from, root, action.for);
        return;
      case "drain":
        this.#drains.drain(cluster.hostNamed(action.host), root);
        return;
      case "cordon":
        cluster.setCordoned(cluster.hostNamed(action.host), true);
        return;
      case "uncordon":
        this.#drains.uncordon(cluster.hostNamed(action.host));
        return;
      case "upgrade": {
        const { maxUnavailable, length } = action;
        const hosts = action.hosts.map((name) => cluster.hostNamed(name));
        this.#upgrades.upgrade({ hosts, maxUnavailable, length, root });
        return;
      }
      case "slow":
        this.#troubles.slow(cluster.hostNamed(action.host), action.factor, root, action.for);
        return;
      case "kill":
        this.#kill(action.service, action.count, root);
        return;
      case "registry":
        this.#troubles.registryDown(action.for);
        return;
      case "control-plane":
        this.#troubles.controlPlaneDown(action.for);
        return;
      case "traffic": {
        const service = cluster.serviceNamed(action.service).id;
        this.state.factors.push({ service, factor: action.factor, entry: entry.index });
        this.#applyFactor(service, entry.index);
        if (action.for !== undefined) cluster.engine.after(action.for, this.#factorOver, service, entry.index);
        return;
      }
      default:
        unreachable(action);
    }
  }

  /** Nothing to do is worth a word: the scenario's author thought otherwise. */
  #note(entry: TimelineEntry, answer: RolloutAnswer): void {
    if (answer === "begun") return;
    const why = answer === "already-current" ? "that version was already current" : "there was no earlier version";
    this.state.warnings.push(`${labelOf(entry)}: ${why}; nothing was done`);
  }

  #crash(action: Extract<TimelineAction, { kind: "crash" }>, entry: TimelineEntry, root: number): void {
    const { hosts } = this.#cluster.state;
    switch (action.what) {
      case "host":
        this.#troubles.crashHost(this.#cluster.hostNamed(action.name), root, action.for);
        return;
      case "zone":
        for (const host of hosts) if (host.spec.zone === action.name) this.#troubles.crashHost(host, root, action.for);
        return;
      case "container":
        this.#crashContainer(action, entry, root);
        return;
    }
  }

  /** With `for`, it crashes again at every start within that time. */
  #crashContainer(action: Extract<TimelineAction, { kind: "crash" }>, entry: TimelineEntry, root: number): void {
    const container = this.#cluster.state.containers.find(
      ({ name, phase }) => name === action.name && phase !== "gone",
    );
    if (container === undefined) {
      this.state.warnings.push(`${labelOf(entry)}: there was no container ${action.name} then; nothing was done`);
      return;
    }
    if (action.for !== undefined) {
      this.state.crashing.push({ container: container.id, until: this.#cluster.now + action.for, root });
    }
    this.#agent.crash(container, root);
    const service = this.#cluster.service(container.service);
    this.#cluster.announce({ kind: "containers-crashed", service, count: 1 });
  }

  #crashOnceMore(id: number): void {
    const row = this.state.crashing.find(({ container }) => container === id);
    if (row !== undefined) this.#agent.crash(this.#cluster.container(id), row.root);
  }

  /** Any running containers of the service, by chance, each at most once. */
  #kill(name: string, count: number, root: number): void {
    const service = this.#cluster.serviceNamed(name);
    const running: Container[] = service.releases
      .flatMap((release) => this.#cluster.activeOf(release))
      .filter(({ phase }) => phase === "running" || phase === "starting")
      .sort((one, other) => one.id - other.id);
    const stream = this.#cluster.streams.named(`kill/${name}`);
    this.#cluster.announce({ kind: "containers-crashed", service, count: Math.min(count, running.length) });
    for (let left = count; left > 0 && running.length > 0; left--) {
      const [victim] = running.splice(stream.below(running.length), 1);
      if (victim !== undefined) this.#agent.crash(victim, root);
    }
  }

  #applyFactor(id: number, entry: number): void {
    const service = this.#cluster.service(id);
    let factor = 1;
    for (const row of this.state.factors) if (row.service === id) factor *= row.factor;
    const root = this.#cluster.rootNamed(labelOf(this.#entryNumbered(entry)));
    this.#cluster.announce({ kind: "traffic-factor", service, factor, root });
  }
}

/** `timeline[1] crash host-3 at 5m`: as failures name it. */
export function labelOf({ index, at, every, action }: TimelineEntry): string {
  const when = every === undefined ? `at ${formatDuration(at)}` : `every ${formatDuration(every)}`;
  return `timeline[${index}] ${whatOf(action)} ${when}`;
}

function whatOf(action: TimelineAction): string {
  switch (action.kind) {
    case "deploy":
      return `deploy ${action.image}`;
    case "rollback":
      return `rollback ${action.service}`;
    case "promote":
    case "abort":
    case "pause":
    case "resume":
      return `${action.kind} ${action.service}`;
    case "scale":
      return `scale ${action.service} to ${action.replicas}`;
    case "crash":
      return `crash ${action.name}`;
    case "partition":
      return `partition ${action.host}`;
    case "drain":
    case "cordon":
    case "uncordon":
      return `${action.kind} ${action.host}`;
    case "upgrade":
      return `upgrade ${action.hosts.length} hosts`;
    case "slow":
      return `slow ${action.host}`;
    case "kill":
      return `kill ${action.count} of ${action.service}`;
    case "registry":
      return "registry down";
    case "control-plane":
      return "control plane down";
    case "traffic":
      return `traffic × ${action.factor} to ${action.service}`;
  }
}
