import { Evictions } from "../../src/controllers/evictions.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** The budget is looked at before a drain, and not at each eviction. Kubernetes' eviction subresource exists because clients that looked first raced with each other. */
export const mutant: Mutant = {
  bug: "the budget is looked at before a drain, and not at each eviction",
  real: "Kubernetes' eviction subresource exists because clients that looked first raced with each other.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Evictions.prototype,
      "statusOf",
      (original) =>
        function (this: Evictions, service) {
          const status = original.call(this, service);
          return status && { ...status, disruptionsAllowed: Math.max(1, status.disruptionsAllowed) };
        },
    ),
};
