import type { Micros } from "../kernel/time.ts";
import type { Cluster } from "./cluster.ts";

/**
 * Books the one person who does by hand what no controller does: first come, first served, one thing at a time.
 *
 * @param act how long the work takes, in µs, at least 0.
 * @returns the moment at which it is done; the person is taken until then.
 */
export function bookPerson(cluster: Cluster, act: Micros): Micros {
  const done = Math.max(cluster.now, cluster.state.personBusyUntil) + act;
  cluster.state.personBusyUntil = done;
  return done;
}
