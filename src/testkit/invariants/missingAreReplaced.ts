import { allowanceOf } from "../../controllers/workloadRules.ts";
import type { Micros } from "../../kernel/time.ts";
import type { Invariant } from "../invariant.ts";

/** A look takes one reaction; a slow start has one for each batch, and creates something at each. Twice that is late. */
const REACTIONS = 2;

/** What a controller that missed a change would show: nothing else tells it before the next release. */
export const missingAreReplaced: Invariant = {
  name: "missing-are-replaced",
  statement:
    "Where a release has fewer containers than are wanted, the next one is created within two looks of its controller.",
  appliesTo: "rollout",
  start: ({ scenario, world: { cluster } }) => {
    const bound = REACTIONS * scenario.cluster.control.reaction;
    /** By release: since when it is short and none was created for it. */
    const shortSince = new Map<number, Micros>();
    return {
      onFact(fact) {
        if (fact.kind === "container-created") shortSince.delete(fact.container.release);
        return undefined;
      },
      afterEvent({ time }) {
        if (!cluster.controlPlaneUp()) {
          shortSince.clear();
          return undefined;
        }
        for (const service of cluster.state.services) {
          for (const release of service.releases) {
            const { id, desired, image } = release;
            const active = cluster.activeOf(release).length;
            const isShort =
              service.orchestrated && active < desired && allowanceOf(release, service, cluster).create > 0;
            if (!isShort) {
              shortSince.delete(id);
              continue;
            }
            const since = shortSince.get(id) ?? time;
            shortSince.set(id, since);
            if (time - since > bound)
              return `${service.spec.name} has ${active} of ${desired} of ${image.name}, and none is created`;
          }
        }
        return undefined;
      },
    };
  },
};
