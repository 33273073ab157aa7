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

export interface Service {
  readonly id: number;
  readonly spec: ServiceSpec;
  /** Containers the user wants in all. */
  replicas: number;
  /** Releases with containers left, or still wanted; oldest first. */
  releases: Release[];
  /** The release that the user last asked for. */
  current: number;
  /** Images deployed so far, in order: what a rollback goes back to. */
  history: string[];
  /** Releases that receive traffic; undefined: every ready container does, of whichever release. */
  receiving: number[] | undefined;
  /** What brought the latest change of `receiving`. */
  receivingRoot: number;
  /** False: nobody mends it but a person (`by-hand`): no restarts, no replicas kept. */
  orchestrated: boolean;
  /** Counts containers, for their names. */
  created: number;
}
