import { blueGreen } from "./strategies/blueGreen.ts";
import { byHand } from "./strategies/byHand.ts";
import { maintenance } from "./strategies/maintenance.ts";
import { recreate } from "./strategies/recreate.ts";
import { rolling } from "./strategies/rolling.ts";
import type { Strategy } from "./strategy.ts";

/** The strategies that come with the simulator; the first is the default. */
export const STRATEGIES: readonly Strategy[] = [rolling, recreate, blueGreen, maintenance, byHand];
