/** One load on the whole model: rehearsal.ts SECONDS REQUESTS_PER_SECOND CONTAINERS SLOTS MEAN_SERVICE_MS. */
import { SECOND } from "../../src/kernel/time.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { scenarioOf } from "./load.ts";
import { numberArgument, report, secondsOf } from "./result.ts";

const scenario = scenarioOf({
  duration: numberArgument(0) * SECOND,
  requestsPerSecond: numberArgument(1),
  containers: numberArgument(2),
  slots: numberArgument(3),
  meanServiceMs: numberArgument(4),
});
let units = 0;
let latencyMs = Number.NaN;
const seconds = secondsOf(() => {
  const shop = simulate(scenario).summary.services.shop;
  units = shop?.requests.arrived ?? 0;
  latencyMs = shop?.latencyMs.mean ?? Number.NaN;
});
report({ units, seconds, agreed: latencyMs });
