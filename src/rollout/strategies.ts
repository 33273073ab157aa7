import { blueGreen } from "./strategies/blueGreen.ts";
import { byHand } from "./strategies/byHand.ts";
import { canary } from "./strategies/canary.ts";
import { daemonSet } from "./strategies/daemonSet.ts";
import { maintenance } from "./strategies/maintenance.ts";
import { onDelete } from "./strategies/onDelete.ts";
import { recreate } from "./strategies/recreate.ts";
import { rolling } from "./strategies/rolling.ts";
import { statefulSet } from "./strategies/statefulSet.ts";
import type { Strategy } from "./strategy.ts";

/** The strategies that come with the simulator; the first is the default. */
export const STRATEGIES: readonly Strategy[] = [
  rolling,
  recreate,
  blueGreen,
  canary,
  maintenance,
  byHand,
  statefulSet,
  daemonSet,
  onDelete,
];
