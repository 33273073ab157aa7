import type { Micros } from "../kernel/time.ts";
import type { Container, Phase, ProbeKind } from "./containers.ts";
import type { Host } from "./hosts.ts";
import type { Release, Service } from "./services.ts";

/** What has just happened. Facts go up: whoever listens may update its own table or schedule an event, never command at once. */
export type Fact =
  | { readonly kind: "container-created"; readonly container: Container }
  | { readonly kind: "container-phase"; readonly container: Container; readonly from: Phase; readonly why: string }
  | { readonly kind: "container-ready"; readonly container: Container }
  | { readonly kind: "container-unready"; readonly container: Container }
  /** Its process begins to answer. */
  | { readonly kind: "container-answers"; readonly container: Container }
  /** Its process answers nobody any more, and does not die of it. */
  | { readonly kind: "container-hung"; readonly container: Container }
  /** One probe got no good answer. */
  | {
      readonly kind: "probe-missed";
      readonly container: Container;
      readonly probe: ProbeKind;
      readonly miss: ProbeMiss;
    }
  /** Missed too often in a row: its host begins to stop it, and will start it again. */
  | { readonly kind: "container-condemned"; readonly container: Container; readonly probe: ProbeKind }
  /** A try at its image failed. */
  | { readonly kind: "pull-failed"; readonly container: Container }
  /** After such a failure it tries again. */
  | { readonly kind: "pull-retried"; readonly container: Container }
  /** SIGTERM: it refuses new connections and finishes what it has. */
  | { readonly kind: "container-stopping"; readonly container: Container }
  /** Its process is gone, and with it everything inside. `silently`: with its host, so nobody resets the connections. */
  | { readonly kind: "container-died"; readonly container: Container; readonly silently: boolean }
  /** The control plane wants it gone: it leaves the endpoints. */
  | { readonly kind: "container-deleted"; readonly container: Container; readonly why: string }
  | {
      readonly kind: "container-unschedulable";
      readonly container: Container;
      /** How many hosts said what, as `3 Insufficient cpu`. */
      readonly reasons: readonly string[];
      /** The same of evictions that would not have helped; empty where none were thought of, or some do help. */
      readonly preemption: readonly string[];
    }
  | { readonly kind: "host-down"; readonly host: Host }
  | { readonly kind: "host-up"; readonly host: Host }
  | { readonly kind: "host-cut"; readonly host: Host }
  | { readonly kind: "host-mended"; readonly host: Host }
  | { readonly kind: "host-slow"; readonly host: Host }
  /** The control plane has noticed: no lease for too long. */
  | { readonly kind: "host-unreachable"; readonly host: Host }
  | { readonly kind: "host-reachable"; readonly host: Host }
  /** Nothing new is placed on it, or again. */
  | { readonly kind: "host-cordoned"; readonly host: Host }
  | { readonly kind: "host-uncordoned"; readonly host: Host }
  /** Everything that a drain removes has left it. */
  | { readonly kind: "host-drained"; readonly host: Host }
  /** A drain may not evict it: a budget has nothing to spare, which it tries again later, or there are several budgets. */
  | { readonly kind: "eviction-refused"; readonly container: Container; readonly forGood: boolean }
  | {
      readonly kind: "autoscaled";
      readonly service: Service;
      readonly from: number;
      readonly to: number;
      /** What asked for it, in Kubernetes' words: a metric above target, all below theirs, or the bounds. */
      readonly why: string;
      /** What held the change back, in Kubernetes' words: `ScaleUpLimit`, `TooManyReplicas` …; else `DesiredWithinRange`. */
      readonly reason: string;
    }
  /** Its autoscaler could not read some metrics, in Kubernetes' words (`FailedGetPodsMetric` and the message). */
  | {
      readonly kind: "autoscaler-failed";
      readonly service: Service;
      readonly failures: readonly { readonly reason: string; readonly message: string }[];
    }
  | { readonly kind: "resources-freed"; readonly host: Host }
  | { readonly kind: "desired-changed"; readonly service: Service; readonly release: Release }
  | { readonly kind: "replicas-changed"; readonly service: Service }
  | { readonly kind: "release-created"; readonly service: Service; readonly release: Release }
  | { readonly kind: "receiving-changed"; readonly service: Service }
  | { readonly kind: "registry"; readonly up: boolean }
  | { readonly kind: "control-plane"; readonly up: boolean }
  | { readonly kind: "traffic-factor"; readonly service: Service; readonly factor: number; readonly root: number }
  /** Containers of a service were made to crash. */
  | { readonly kind: "containers-crashed"; readonly service: Service; readonly count: number }
  | { readonly kind: "rollout-began"; readonly service: Service; readonly rollout: RolloutFact }
  | { readonly kind: "rollout-step"; readonly service: Service; readonly rollout: RolloutFact; readonly note: string }
  | {
      readonly kind: "rollout-ended";
      readonly service: Service;
      readonly rollout: RolloutFact;
      readonly outcome: string;
    };

/** Why a probe got no good answer: nobody listens, the queue is full, or nothing came before its time-out. */
export type ProbeMiss = "refused" | "full" | "timeout";

/** What the world may know of a rollout. */
export interface RolloutFact {
  readonly from: string;
  readonly to: string;
  readonly strategy: string;
  readonly reason: "deploy" | "rollback";
  readonly oldReleases: readonly number[];
  readonly newRelease: number;
}

export type Listener = (fact: Fact, now: Micros) => void;

/** Passes facts on to listeners in the order in which they subscribed. */
export class Journal {
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  announce(fact: Fact, now: Micros): void {
    for (const listener of this.#listeners) listener(fact, now);
  }
}
