import type { Invariant } from "../invariant.ts";

/** docs/model.md, "Conservation, always". */
export const requestsConserved: Invariant = {
  name: "requests-conserved",
  statement:
    "Every request that arrived has succeeded, failed, or is still in flight; attempts are arrivals plus retries.",
  appliesTo: "requests",
  start: () => ({
    atEnd({ summary }) {
      for (const [name, { requests }] of Object.entries(summary.services)) {
        const { arrived, succeeded, failed, inFlight, attempts, retries, byVersion } = requests;
        if (inFlight < 0 || arrived !== succeeded + failed + inFlight) {
          return `${name}: ${arrived} arrived, ${succeeded} succeeded, ${failed} failed, ${inFlight} are in flight`;
        }
        if (attempts !== arrived + retries)
          return `${name}: ${attempts} attempts of ${arrived} requests and ${retries} retries`;
        const answered = Object.values(byVersion).reduce((sum, version) => sum + version.succeeded, 0);
        if (answered !== succeeded) return `${name}: versions answered ${answered}, succeeded are ${succeeded}`;
      }
      return undefined;
    },
  }),
};
