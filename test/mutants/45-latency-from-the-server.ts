import { Recorder } from "../../src/metrics/recorder.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Latency is measured without the network. Measured at the server and not at the client. */
export const mutant: Mutant = {
  bug: "latency is measured without the network",
  real: "Measured at the server and not at the client.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Recorder.prototype,
      "succeeded",
      (original) =>
        function (this: Recorder, service, release, arrivedAt, respondedAt) {
          original.call(this, service, release, arrivedAt, Math.max(arrivedAt, respondedAt - 2000));
        },
    ),
};
