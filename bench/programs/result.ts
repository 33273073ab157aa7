/** What a program of the bench measured of itself, on one line that the bench reads. */
export interface ProgramResult {
  /** Steps or requests done. */
  readonly units: number;
  /** Time for them, without the program's start. */
  readonly seconds: number;
  readonly peakMebibytes: number;
  /** A value that every program with this load must agree on. */
  readonly agreed: number;
}

/** Prints the result of this process, its peak memory added. */
export function report(result: Omit<ProgramResult, "peakMebibytes">): void {
  // Node gives the peak in KiB on every system.
  const peakMebibytes = process.resourceUsage().maxRSS / 1024;
  console.log(`RESULT ${JSON.stringify({ ...result, peakMebibytes })}`);
}

/** Seconds that the work took. */
export function secondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** The n-th number of the command line, from 0. */
export function numberArgument(index: number): number {
  const value = Number(process.argv[index + 2]);
  if (!Number.isFinite(value)) throw new RangeError(`argument ${index + 1} of this program is a number`);
  return value;
}
