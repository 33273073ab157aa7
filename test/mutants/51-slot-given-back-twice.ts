import { Lifecycle } from "../../src/traffic/lifecycle.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** An idle container that crashes gives back a slot that it has. A semaphore released in the clean-up too. */
export const mutant: Mutant = {
  bug: "an idle container that crashes gives back a slot that it has",
  real: "A semaphore released in the clean-up too.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Lifecycle.prototype,
      "cutOff",
      (original) =>
        function (this: Lifecycle, server, root, silently) {
          const wasIdle = server.busy === 0;
          original.call(this, server, root, silently);
          if (wasIdle && !silently) server.busy = -1;
        },
    ),
};
