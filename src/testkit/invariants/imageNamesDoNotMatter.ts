import type { Scenario } from "../../cluster/spec.ts";
import type { Invariant } from "../invariant.ts";
import { otherWhenRenamed } from "./outcome.ts";

/** Nothing may be decided by how an image is spelled, nor by where it stands in the list. */
export const imageNamesDoNotMatter: Invariant = {
  name: "image-names-do-not-matter",
  statement: "Other names for the images, and another order of them, give the same run.",
  appliesTo: "metamorphic",
  needsRuns: true,
  start: (simulation, rerun) => ({
    atEnd: () => otherWhenRenamed(simulation, renamed(simulation.scenario), rerun),
  }),
};

function renamed(scenario: Scenario): Scenario {
  const other = (name: string) => `x-${name}`;
  return {
    ...scenario,
    images: scenario.images.map((image) => ({ ...image, name: other(image.name) })).reverse(),
    services: scenario.services.map((service) => ({ ...service, image: other(service.image) })),
    timeline: scenario.timeline.map((entry) =>
      entry.action.kind === "deploy"
        ? { ...entry, action: { ...entry.action, image: other(entry.action.image) } }
        : entry,
    ),
  };
}
