import { Recorder } from "../../src/metrics/recorder.ts";
import { CAUSE } from "../../src/traffic/observer.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** An attempt that fails by its deadline is not counted by its cause. A switch over causes that was not made longer with the list. */
export const mutant: Mutant = {
  bug: "an attempt that fails by its deadline is not counted by its cause",
  real: "A switch over causes that was not made longer with the list.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Recorder.prototype,
      "attemptFailed",
      (original) =>
        function (this: Recorder, service, cause, arrivedAt) {
          if (cause !== CAUSE.timeout) original.call(this, service, cause, arrivedAt);
        },
    ),
};
