import { Recorder } from "../../src/metrics/recorder.ts";
import { CAUSE } from "../../src/traffic/observer.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A request whose last attempt times out is not counted. A retry that gives up in a branch of its own, past the bookkeeping. */
export const mutant: Mutant = {
  bug: "a request whose last attempt times out is not counted",
  real: "A retry that gives up in a branch of its own, past the bookkeeping.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Recorder.prototype,
      "failed",
      (original) =>
        function (this: Recorder, service, release, cause, root, arrivedAt) {
          if (cause !== CAUSE.connectionRefused) original.call(this, service, release, cause, root, arrivedAt);
        },
    ),
};
