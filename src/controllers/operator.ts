import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import { isHeard, isUp } from "../cluster/hosts.ts";
import { bookPerson } from "../cluster/person.ts";
import type { Service } from "../cluster/services.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import type { Micros } from "../kernel/time.ts";

/** How fast a person is. */
export interface Pace {
  /** From a container's end to the person's notice of it. */
  readonly notice: Micros;
  /** From the beginning of a repair to its end. */
  readonly act: Micros;
}

/**
 * The person who looks after services that no controller looks after (`by-hand`).
 *
 * Notices a broken container after `notice`, then mends it as soon as everything noticed before is mended: starts it again
 * where its host is up, replaces it where the host is not. One thing at a time, for the whole cluster: mending 50 containers
 * takes 50 times as long as mending one. Keeps nothing in mind but the events that are scheduled and `personBusyUntil`.
 */
export class Operator {
  readonly #cluster: Cluster;
  readonly #agent: NodeAgent;
  readonly #pace: (service: Service) => Pace;
  readonly #notices: EventKind;
  readonly #acts: EventKind;

  /** `pace` says how fast the person is with a service: what the service's strategy was set to. */
  constructor(cluster: Cluster, agent: NodeAgent, pace: (service: Service) => Pace) {
    this.#cluster = cluster;
    this.#agent = agent;
    this.#pace = pace;
    const onBroken = (name: string, act: (container: Container) => void): EventKind =>
      cluster.engine.define(name, BAND.control, (id, epoch) => {
        const container = cluster.container(id);
        if (container.epoch === epoch && this.#isBroken(container)) act(container);
      });
    this.#notices = onBroken("operator-notices", (container) => {
      const done = bookPerson(cluster, this.#paceFor(container).act);
      cluster.engine.at(done, this.#acts, container.id, container.epoch);
    });
    this.#acts = onBroken("operator-acts", (container) => this.#mend(container));
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  #hear(fact: Fact): void {
    if (fact.kind !== "container-phase") return;
    const { container } = fact;
    if (this.#cluster.service(container.service).orchestrated || !this.#isBroken(container)) return;
    this.#cluster.engine.after(this.#paceFor(container).notice, this.#notices, container.id, container.epoch);
  }

  /** Dead, or put on a host that does not answer: it will not run unless somebody acts. */
  #isBroken(container: Container): boolean {
    if (!isActive(container)) return false;
    if (container.phase === "crashed") return true;
    return container.phase === "assigned" && !isHeard(this.#cluster.host(container.host));
  }

  #mend(container: Container): void {
    const host = this.#cluster.host(container.host);
    if (container.phase === "crashed" && isUp(host)) {
      this.#agent.restart(container);
      return;
    }
    const release = this.#cluster.release(container.release);
    this.#cluster.deleteContainer(container, host.root, `given up by hand: ${host.spec.name} does not answer`);
    // A release on its way out by hand needs no replacement.
    if (this.#cluster.activeOf(release).length < release.desired) this.#cluster.createContainer(release, host.root);
  }

  #paceFor(container: Container): Pace {
    return this.#pace(this.#cluster.service(container.service));
  }
}
