import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** Calls it completed when the new ones exist. aws/amazon-ecs: a deployment that counts as steady before its tasks pass a check. */
export const mutant: Mutant = {
  bug: "calls it completed when the new ones exist",
  real: "aws/amazon-ecs: a deployment that counts as steady before its tasks pass a check.",
  within: 2000,
  plugin: rollingWith({
    isDone: ({ next, previous, replicas }) => next.existing >= replicas && total(previous, (one) => one.existing) === 0,
  }),
};
