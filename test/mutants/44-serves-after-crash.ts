import { Lifecycle } from "../../src/traffic/lifecycle.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Requests inside a container survive its host's crash. What was in flight on a dead host is forgotten, and answered all the same. */
export const mutant: Mutant = {
  bug: "requests inside a container survive its host's crash",
  real: "What was in flight on a dead host is forgotten, and answered all the same.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Lifecycle.prototype,
      "cutOff",
      (original) =>
        function (this: Lifecycle, server, root, silently) {
          if (!silently) original.call(this, server, root, silently);
        },
    ),
};
