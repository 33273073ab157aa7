import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { Endpoints } from "./endpoints.ts";
import { Lifecycle } from "./lifecycle.ts";
import type { TrafficObserver } from "./observer.ts";
import { Pickable } from "./pickable.ts";
import { ServerFacts } from "./serverFacts.ts";
import { newTrafficState, type ReleaseSignals, type TrafficState } from "./trafficState.ts";
import { UsageMetrics } from "./usage.ts";
import { Users } from "./users.ts";

/** What users send, and what becomes of it: the parts of the request path, joined. */
export class Traffic {
  readonly state: TrafficState;
  /** What the metrics tell of each container. */
  readonly usage: UsageMetrics;
  readonly #endpoints: Endpoints;
  readonly #users: Users;

  constructor(cluster: Cluster, agent: NodeAgent, observer: TrafficObserver) {
    this.state = newTrafficState(cluster.scenario.services);
    const { state } = this;
    const pickable = new Pickable(cluster, state, observer);
    const lifecycle = new Lifecycle({ cluster, agent, state, pickable, observer });
    new ServerFacts({ cluster, agent, state, pickable, lifecycle });
    this.#endpoints = new Endpoints(cluster, state, pickable);
    this.#users = new Users(cluster, state, lifecycle);
    this.usage = new UsageMetrics(cluster, state);
  }

  /** Gives every balancer the truth as it stands, and lets the traffic begin. */
  begin(): void {
    this.#endpoints.settle();
    this.#users.begin();
    this.usage.begin();
  }

  /** What the clients of a release met so far. */
  signalsOf(release: number): ReleaseSignals {
    return this.state.signals[release] ?? { succeeded: 0, failed: 0, latency: 0 };
  }

  /** After the state was put back: whatever was compiled over it is compiled anew. */
  rebind(): void {
    this.#users.bind();
  }
}
