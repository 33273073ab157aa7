/** A file of a report folder; `path` is relative, with forward slashes. */
export interface ReportFile {
  readonly path: string;
  readonly bytes: Uint8Array | string;
}

/** What the caller knows and a result does not say. */
export interface ReportOptions {
  /** The page's heading; the scenario's name otherwise. */
  readonly title?: string;
  /** The command that repeats the result, shown at the foot. */
  readonly command?: string;
}
