import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** Traffic moves when the first new container is ready. e2b-dev/infra #2895: promoted at 13 s, admitted by the balancer at 60 s. */
export const mutant: Mutant = {
  bug: "traffic moves when the first new container is ready",
  real: "e2b-dev/infra #2895: promoted at 13 s, admitted by the balancer at 60 s.",
  within: 2000,
  plugin: switchWith({
    mayMove: ({ next }) => next.ready > 0,
  }),
};
