import { Recorder } from "../../src/metrics/recorder.ts";
import { CAUSE } from "../../src/traffic/observer.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

const LEAST = 12_000;

/** An answer within twelve milliseconds counts as an error. A time of zero, cut to the clock's tick, that stands for no answer. */
export const mutant: Mutant = {
  bug: "an answer within twelve milliseconds counts as an error",
  real: "A time of zero, cut to the clock's tick, that stands for no answer.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Recorder.prototype,
      "succeeded",
      (original) =>
        function (this: Recorder, service, release, arrivedAt, respondedAt) {
          if (respondedAt - arrivedAt >= LEAST) {
            original.call(this, service, release, arrivedAt, respondedAt);
            return;
          }
          this.attemptFailed(service, CAUSE.applicationError, arrivedAt);
          this.failed(service, release, CAUSE.applicationError, 0, arrivedAt);
        },
    ),
};
