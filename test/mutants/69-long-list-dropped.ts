import { Pickable } from "../../src/traffic/pickable.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

const MOST = 4;

/** A balancer that is told of more than four containers keeps the first four. Kubernetes, Endpoints: truncated at 1,000 addresses, which EndpointSlices put right. */
export const mutant: Mutant = {
  bug: "a balancer that is told of more than four containers keeps the first four",
  real: "Kubernetes, Endpoints: truncated at 1,000 addresses, which EndpointSlices put right.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Pickable.prototype,
      "tell",
      (original) =>
        function (this: Pickable, view, news) {
          original.call(this, view, { ...news, list: news.list.slice(0, MOST) });
        },
    ),
};
