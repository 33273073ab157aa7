import { RolloutLedger } from "../../src/rollout/rolloutLedger.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A rollback goes to the image in force. Undo of an undo: which version is the one before? */
export const mutant: Mutant = {
  bug: "a rollback goes to the image in force",
  real: "Undo of an undo: which version is the one before?",
  within: 2000,
  patch: () =>
    replaceMethod(
      RolloutLedger.prototype,
      "imageBefore",
      (original) =>
        function (this: RolloutLedger, service, limit) {
          return original.call(this, service, limit) && service.history.at(-1);
        },
    ),
};
