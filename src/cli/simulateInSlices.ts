import { setImmediate } from "node:timers/promises";
import type { Scenario } from "../cluster/spec.ts";
import { InternalError, PluginError } from "../kernel/errors.ts";
import type { Ties } from "../kernel/ties.ts";
import type { RunResult } from "../metrics/result.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import type { FactListener } from "../simulation/eventLog.ts";
import { Simulation } from "../simulation/simulation.ts";
import { Interrupted } from "./exitCodes.ts";

/** Events between two looks at the keyboard: a tenth of a second, or less. */
const SLICE_EVENTS = 200_000;

/** True from the moment at which the user pressed Ctrl-C. */
export class Interruption {
  #pressed = false;
  readonly #press = () => {
    this.#pressed = true;
  };

  constructor() {
    process.once("SIGINT", this.#press);
  }

  /** @throws Interrupted */
  check(): void {
    if (this.#pressed) throw new Interrupted();
  }

  /** From now on Ctrl-C means what it usually does. */
  release(): void {
    process.off("SIGINT", this.#press);
  }
}

/** One run that lets Ctrl-C and progress through. `wallS` is the time of simulating only. */
export async function simulateInSlices(
  scenario: Scenario,
  seed: number,
  catalogue: Catalogue,
  watch: {
    readonly interruption: Interruption;
    readonly progress: (share: number) => void;
    readonly listen?: FactListener | undefined;
    readonly ties?: Ties | undefined;
  },
): Promise<RunResult> {
  let wallMs = 0;
  const timed = <T>(act: () => T): T => {
    const start = performance.now();
    const value = act();
    wallMs += performance.now() - start;
    return value;
  };
  try {
    const simulation = timed(
      () => new Simulation(scenario, { seed, catalogue, listen: watch.listen, ties: watch.ties }),
    );
    while (!timed(() => simulation.runUntil(scenario.duration, SLICE_EVENTS))) {
      watch.progress(simulation.now / scenario.duration);
      await setImmediate();
      watch.interruption.check();
    }
    const result = timed(() => simulation.result());
    result.summary.wallS = Math.round(wallMs) / 1000;
    return result;
  } catch (error) {
    if (error instanceof PluginError) throw new PluginError(`${error.message} (seed ${seed})`);
    if (error instanceof InternalError) throw new InternalError(`${error.message} (seed ${seed})`);
    throw error;
  }
}
