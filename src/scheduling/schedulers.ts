import type { Scheduler, SchedulerPlugin } from "./framework.ts";
import { nodeSelector, taints } from "./plugins/constraints.ts";
import { hostReady } from "./plugins/hostReady.ts";
import { leastAllocated, mostAllocated, resourcesFit } from "./plugins/resourcesFit.ts";
import { spread } from "./plugins/spread.ts";
import { profileScheduler, type Weighted } from "./profile.ts";

/** What every scheduler insists on, whatever it prefers: filters that a profile cannot leave out. */
export const REQUIRED_PLUGINS: readonly SchedulerPlugin[] = [hostReady, nodeSelector, taints, resourcesFit];

const MUST: readonly Weighted[] = REQUIRED_PLUGINS.map((plugin) => ({ plugin, weight: 0 }));

/** Every plugin by name, for profiles that users put together themselves. */
export const SCHEDULER_PLUGINS: readonly SchedulerPlugin[] = [
  hostReady,
  nodeSelector,
  taints,
  resourcesFit,
  leastAllocated,
  mostAllocated,
  spread as SchedulerPlugin,
];

/** The built-in schedulers. `default` is first. */
export const SCHEDULERS: readonly Scheduler[] = [
  profileScheduler({
    name: "default",
    describe: "spreads each service over hosts or zones as it asks, then prefers the emptiest host",
    plugins: [
      // Weights as in Kubernetes' default configuration: TaintToleration 3, PodTopologySpread 2, NodeResourcesFit 1.
      ...MUST.map((must) => (must.plugin === taints ? { plugin: taints, weight: 3 } : must)),
      { plugin: spread as SchedulerPlugin, weight: 2 },
      { plugin: leastAllocated, weight: 1 },
    ],
  }),
  profileScheduler({
    name: "bin-pack",
    describe: "fills the fullest host that still has room, and so uses the fewest hosts; only a required spread holds",
    plugins: [
      ...MUST,
      { plugin: onlyFilter(spread as SchedulerPlugin), weight: 0 },
      { plugin: mostAllocated, weight: 1 },
    ],
  }),
  profileScheduler({
    name: "first-fit",
    describe: "takes the first host, in the file's order, that has room; only a required spread holds",
    plugins: [...MUST, { plugin: onlyFilter(spread as SchedulerPlugin), weight: 0 }],
    ties: "first",
  }),
  profileScheduler({
    name: "random",
    describe: "takes any host that has room, by chance; only a required spread holds",
    plugins: [...MUST, { plugin: onlyFilter(spread as SchedulerPlugin), weight: 0 }],
  }),
];

function onlyFilter(plugin: SchedulerPlugin): SchedulerPlugin {
  const { score: _score, ...rest } = plugin;
  return rest;
}
