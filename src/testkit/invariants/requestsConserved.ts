import { type RequestColumns, STAGE } from "../../traffic/requests.ts";
import type { Invariant } from "../invariant.ts";

/** docs/model.md, "Conservation, always". */
export const requestsConserved: Invariant = {
  name: "requests-conserved",
  statement:
    "Every request that arrived has succeeded, failed, or is still in flight; attempts are arrivals plus retries.",
  appliesTo: "requests",
  start: ({ scenario, world: { cluster, traffic } }) => ({
    atEnd({ summary }) {
      for (const [name, { requests }] of Object.entries(summary.services)) {
        const { arrived, succeeded, failed, inFlight, attempts, retries, byVersion } = requests;
        if (inFlight < 0 || arrived !== succeeded + failed + inFlight) {
          return `${name}: ${arrived} arrived, ${succeeded} succeeded, ${failed} failed, ${inFlight} are in flight`;
        }
        if (attempts !== arrived + retries)
          return `${name}: ${attempts} attempts of ${arrived} requests and ${retries} retries`;
        const id = cluster.serviceNamed(name).id;
        // The figure is what is left over, so that it is held against the requests themselves.
        const waiting = scenario.warmup > 0 ? inFlight : waitingOf(traffic.state.columns, id);
        if (inFlight !== waiting) return `${name}: ${inFlight} requests are said to be in flight, ${waiting} are`;
        const answered = Object.values(byVersion).reduce((sum, version) => sum + version.succeeded, 0);
        if (answered !== succeeded) return `${name}: versions answered ${answered}, succeeded are ${succeeded}`;
      }
      return undefined;
    },
  }),
};

/** Requests whose client still waits. */
function waitingOf({ used, stage, abandoned, service }: RequestColumns, id: number): number {
  let count = 0;
  for (let row = 0; row < used; row++) {
    if (service[row] === id && stage[row] !== STAGE.free && abandoned[row] === 0) count++;
  }
  return count;
}
