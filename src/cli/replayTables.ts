import {
  deploymentRows,
  deploymentsTable,
  endpointsRows,
  endpointsTable,
  kubectlText,
  type Moment,
  nodeRows,
  nodesTable,
  podRows,
  podsTable,
} from "../reports/kubectlTables.ts";
import { eventAnswers, eventsTable, type KubernetesEventLog } from "../reports/kubernetesEvents.ts";
import type { Strategy } from "../rollout/strategy.ts";
import { StrategyBook } from "../rollout/strategyBook.ts";
import type { Simulation } from "../simulation/simulation.ts";

/** What `--show` knows, in the order in which several are printed. */
export const SHOWABLE = ["pods", "nodes", "deployments", "endpoints", "events"] as const;
export type Showable = (typeof SHOWABLE)[number];

/** A run as it stands now, to be shown in kubectl's layouts. */
export class ReplayTables {
  readonly #log: KubernetesEventLog;
  readonly #moment: () => Moment;

  constructor(simulation: Simulation, log: KubernetesEventLog, strategies: ReadonlyMap<string, Strategy>) {
    this.#log = log;
    const book = new StrategyBook(strategies);
    const { world } = simulation;
    const { cluster, traffic } = world;
    this.#moment = () => ({
      cluster,
      pods: log.memory.pods,
      nominated: (id) => world.nominatedFor(id),
      published: ({ id }) => traffic.state.services[id]?.published ?? [],
      minReady: ({ spec }) => book.configured(spec.strategy).minReady,
    });
  }

  /** As kubectl prints it. */
  text(what: Showable): string {
    const moment = this.#moment();
    switch (what) {
      case "pods":
        return kubectlText(podsTable(podRows(moment)));
      case "nodes":
        return kubectlText(nodesTable(nodeRows(moment)));
      case "deployments":
        return kubectlText(deploymentsTable(deploymentRows(moment)));
      case "endpoints":
        return kubectlText(endpointsTable(endpointsRows(moment)));
      case "events":
        return kubectlText(eventsTable(this.#log.entries, moment.cluster.now));
    }
  }

  /** For machines; events are all of them up to now. */
  answer(what: Showable): readonly object[] {
    const moment = this.#moment();
    switch (what) {
      case "pods":
        return podRows(moment);
      case "nodes":
        return nodeRows(moment);
      case "deployments":
        return deploymentRows(moment);
      case "endpoints":
        return endpointsRows(moment);
      case "events":
        return eventAnswers(this.#log.entries);
    }
  }
}
