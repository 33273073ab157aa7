/** A number that the project promises itself, and whether this run kept it. */
export interface Target {
  readonly claim: string;
  readonly measured: number;
  readonly isMet: boolean;
}

/** One part of the bench. */
export interface SectionResult {
  readonly title: string;
  /** Tables and notes, ready to print. */
  readonly text: string;
  readonly targets: readonly Target[];
  /** The same in full, for the results file. */
  readonly data: unknown;
}

/** How often each thing is measured. */
export interface Effort {
  readonly warmups: number;
  readonly repeats: number;
}

/** A target that holds when what was measured is no less than `least`. */
export function atLeast(claim: string, measured: number, least: number): Target {
  return { claim, measured, isMet: measured >= least };
}

/** A target that holds when what was measured is below `limit`. */
export function below(claim: string, measured: number, limit: number): Target {
  return { claim, measured, isMet: measured < limit };
}
