/** Flags that every verb knows. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly set?: readonly string[];
  readonly plugin?: readonly string[];
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

export interface RunOptions extends SimulateOptions {
  readonly strict?: boolean;
}

export interface CompareOptions extends SimulateOptions {
  readonly strategies?: readonly string[];
  readonly schedulers?: readonly string[];
  readonly baseline?: string;
}
