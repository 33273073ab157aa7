import { Engine } from "../../src/kernel/engine.ts";
import { Lifecycle } from "../../src/traffic/lifecycle.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

const latest = new WeakMap<Engine, number>();
const entrance = { isTaken: false };

/** Of two services' requests at one instant one is lost. A time stamp for a key. */
export const mutant: Mutant = {
  bug: "of two services' requests at one instant one is lost",
  real: "A time stamp for a key.",
  within: 2000,
  patch: () => {
    const mends = [
      replaceMethod(
        Engine.prototype,
        "define",
        (original) =>
          function (this: Engine, name, band, handler) {
            if (name !== "request-arrives") return original.call(this, name, band, handler);
            return original.call(this, name, band, (a, b) => {
              entrance.isTaken = latest.get(this) === this.now;
              latest.set(this, this.now);
              handler(a, b);
              entrance.isTaken = false;
            });
          },
      ),
      replaceMethod(
        Lifecycle.prototype,
        "arrive",
        (original) =>
          function (this: Lifecycle, service, demand) {
            if (!entrance.isTaken) original.call(this, service, demand);
          },
      ),
    ];
    return () => {
      for (const mend of mends) mend();
    };
  },
};
