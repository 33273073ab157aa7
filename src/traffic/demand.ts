/** What a request brings with it. */
export interface Demand {
  /** Quantile of its service time, in [0, 1); or −1 − service time in µs where a trace gave one. */
  service: number;
  /** Quantile against the version's error rate. */
  error: number;
  /** Which closed-loop user sent it, or NONE. */
  user: number;
}
