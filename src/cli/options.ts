import type { TieOptions } from "./ties.ts";

/** Flags that every verb knows. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly set?: readonly string[];
  readonly plugin?: readonly string[];
  /** The path of a KubeSchedulerConfiguration. */
  readonly config?: string;
}

/** Flags of the verbs that simulate. */
export interface SimulateOptions extends CommonOptions {
  readonly seed?: number;
  readonly out?: string;
  /** False with `--no-report`. */
  readonly report: boolean;
  readonly failIf: readonly string[];
  readonly replications?: number;
}

export interface RunOptions extends SimulateOptions, TieOptions {
  readonly strict?: boolean;
  /** What is printed in place of the answer. */
  readonly format?: "kubernetes-events";
}

export interface CompareOptions extends SimulateOptions, Pick<TieOptions, "shuffleTies"> {
  readonly strategies?: readonly string[];
  readonly schedulers?: readonly string[];
  readonly baseline?: string;
}

export interface ReplayOptions extends CommonOptions, TieOptions {
  readonly seed?: number;
  /** Moments as they were written, such as 5m3s; empty: step through. */
  readonly at: readonly string[];
  readonly show?: readonly string[];
}
