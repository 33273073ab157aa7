import type { Micros } from "../kernel/time.ts";
import type { ImageSpec, ServiceSpec } from "./spec.ts";

/** A version of a service on its way in, in force, or on its way out: Kubernetes' ReplicaSet. */
export interface Release {
  readonly id: number;
  readonly service: number;
  readonly image: ImageSpec;
  /** Counts up with every deploy of the service; a rollback makes a new one. */
  revision: number;
  /** Containers wanted of it: `spec.replicas`. */
  desired: number;
  readonly createdAt: Micros;
  /** What brought it: the deploy, or the beginning. */
  root: number;
  /** What brought its latest change of `desired`. */
  desiredRoot: number;
  /** Its containers that are not gone, by id, in order of creation. */
  members: number[];
}

/** How much of a service's traffic a release gets. */
export interface TrafficWeight {
  readonly release: number;
  /** 0 to 100. */
  readonly percent: number;
}

export interface Service {
  readonly id: number;
  readonly spec: ServiceSpec;
  /** Containers the user wants in all. */
  replicas: number;
  /** Releases with containers left, or still wanted; oldest first. */
  releases: Release[];
  /** The release that the user last asked for. */
  current: number;
  /** The release that was last in force alone; −1: none was yet. */
  stable: number;
  /** Images deployed so far, in order: what a rollback goes back to. */
  history: string[];
  /** Releases that receive traffic; undefined: every ready container does, of whichever release. */
  receiving: number[] | undefined;
  /**
   * Shares of the traffic by release, in percent, 100 in all; undefined: every receiving container is as good as another.
   * A share whose release has no ready container is not served, as a router does not look behind a weight.
   */
  weights: readonly TrafficWeight[] | undefined;
  /** What brought the latest change of `receiving` or `weights`. */
  receivingRoot: number;
  /** False: nobody mends it but a person (`by-hand`): no restarts, no replicas kept. */
  orchestrated: boolean;
  /** Counts containers, for their names. */
  created: number;
}
