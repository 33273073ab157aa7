import { Pickable } from "../../src/traffic/pickable.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A balancer that is told of more than four containers keeps those beyond the fourth only. Endpoints that come in slices, of which each takes the place of the one before. */
export const mutant: Mutant = {
  bug: "a balancer that is told of more than four containers keeps those beyond the fourth only",
  real: "Endpoints that come in slices, of which each takes the place of the one before.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Pickable.prototype,
      "tell",
      (original) =>
        function (this: Pickable, view, news) {
          original.call(this, view, news.list.length > 4 ? { ...news, list: news.list.slice(4) } : news);
        },
    ),
};
