/** Profiles out of a KubeSchedulerConfiguration. Source: Kubernetes, Scheduler Configuration page. */
import { argsFromV1 } from "./argsFromV1.ts";
import {
  DEFAULT_FILTERS,
  DEFAULT_SCORES,
  PLUGIN_MAKERS,
  type PluginArgs,
  profileOf,
  type SchedulerProfile,
} from "./profile.ts";
import { V1Field } from "./v1Fields.ts";

/** What a configuration says, and what of it is not simulated. */
export interface SchedulerConfig {
  readonly profiles: readonly SchedulerProfile[];
  readonly warnings: readonly string[];
}

interface Enabled {
  readonly name: string;
  /** As given: 0 stands for the default. */
  readonly weight: number;
}

/** One set of `enabled` and `disabled` plugins. */
interface PluginSet {
  readonly enabled: readonly Enabled[];
  readonly disabled: ReadonlySet<string>;
}

const PREEMPTION = "DefaultPreemption";
/** Plugins that Kubernetes has and that do nothing here: their subjects are not simulated, or have no options. */
const SILENT = new Set([
  "PrioritySort",
  "DefaultBinder",
  "SchedulingGates",
  "VolumeRestrictions",
  "NodeVolumeLimits",
  "EBSLimits",
  "GCEPDLimits",
  "AzureDiskLimits",
  "VolumeBinding",
  "VolumeZone",
  "DynamicResources",
]);
const OTHER_POINTS = [
  "preEnqueue",
  "queueSort",
  "preFilter",
  "preScore",
  "reserve",
  "permit",
  "preBind",
  "bind",
  "postBind",
];
const API_VERSION = "kubescheduler.config.k8s.io/v1";
const KIND = "KubeSchedulerConfiguration";
const MOST_WEIGHT = 100;
const ALL = "*";

/** Kubernetes' own set, enabled for all extension points together. */
const DEFAULT_SET: readonly Enabled[] = [
  ...DEFAULT_FILTERS,
  PREEMPTION,
  "NodeResourcesBalancedAllocation",
  "ImageLocality",
].map((name) => ({ name, weight: DEFAULT_SCORES.get(name) ?? 0 }));

/**
 * Reads a configuration. A file without profiles has the default one.
 *
 * @throws V1FieldError where a field has a wrong shape, or names a plugin that Kubernetes does not have
 */
export function configFromV1(json: unknown): SchedulerConfig {
  const root = new V1Field(json, "");
  if (root.at("apiVersion").text() !== API_VERSION) throw root.at("apiVersion").refused(API_VERSION);
  if (root.at("kind").text() !== KIND) throw root.at("kind").refused(KIND);
  const percentage = root.at("percentageOfNodesToScore").whole(0, 100) ?? 0;
  const warnings: string[] = [];
  if (root.at("extenders").items().length > 0) warnings.push("extenders: scheduler extenders are not simulated");
  const given = root.at("profiles").items();
  const fields = given.length > 0 ? given : [new V1Field({}, "profiles[0]")];
  const profiles = fields.map((field) => readProfile(field, percentage, warnings));
  profiles.forEach(({ schedulerName }, i) => {
    if (profiles.findIndex((other) => other.schedulerName === schedulerName) < i)
      throw (fields[i] ?? root).at("schedulerName").refused("a name that no other profile has");
  });
  return { profiles, warnings };
}

function readProfile(field: V1Field, percentage: number, warnings: string[]): SchedulerProfile {
  const plugins = field.at("plugins");
  const multiPoint = readSet(plugins.at("multiPoint"), warnings);
  const everywhere = merged(multiPoint);
  for (const point of OTHER_POINTS) readSet(plugins.at(point), warnings);
  const atPoint = (point: string) => expanded(everywhere, readSet(plugins.at(point), warnings));
  const scores = atPoint("score").filter(({ name }) => PLUGIN_MAKERS.has(name));
  return profileOf({
    schedulerName: field.at("schedulerName").text() || "default-scheduler",
    filters: atPoint("filter").map(({ name }) => name),
    scores: new Map(scores.map(({ name, weight }) => [name, weight || 1])),
    args: readArgs(field.at("pluginConfig")),
    percentageOfNodesToScore: field.at("percentageOfNodesToScore").whole(0, 100) ?? percentage,
    isPreempting: atPoint("postFilter").some(({ name }) => name === PREEMPTION),
  });
}

function readSet(field: V1Field, warnings: string[]): PluginSet {
  const enabled = field
    .at("enabled")
    .items()
    .map((item) => ({ name: checkedName(item, warnings), weight: item.at("weight").whole(0, MOST_WEIGHT) ?? 0 }));
  const disabled = field
    .at("disabled")
    .items()
    .map((item) => (item.at("name").text() === ALL ? ALL : checkedName(item, [])));
  return { enabled, disabled: new Set(disabled) };
}

function checkedName(item: V1Field, warnings: string[]): string {
  const name = item.at("name").requiredText();
  if (PLUGIN_MAKERS.has(name) || name === PREEMPTION) return name;
  if (!SILENT.has(name))
    throw item.at("name").refused(`one of ${[...PLUGIN_MAKERS.keys(), PREEMPTION, ...SILENT].sort().join(", ")}`);
  if (name !== "PrioritySort" && name !== "DefaultBinder")
    warnings.push(`${item.path}: the plugin ${name} is not simulated`);
  return name;
}

/** The default set with a profile's multiPoint changes: what it enables again keeps its place, what is new comes last. */
function merged({ enabled, disabled }: PluginSet): readonly Enabled[] {
  const again = new Map(enabled.map((one) => [one.name, one]));
  const kept = DEFAULT_SET.filter(({ name }) => !disabled.has(ALL) && !disabled.has(name)).map(
    (one) => again.get(one.name) ?? one,
  );
  const names = new Set(kept.map(({ name }) => name));
  return [...kept, ...enabled.filter(({ name }) => !names.has(name))];
}

/** What runs at one point: first what that point names again (in its order), then the rest of multiPoint, then what only it names. */
function expanded(everywhere: readonly Enabled[], { enabled, disabled }: PluginSet): readonly Enabled[] {
  const named = new Set(enabled.map(({ name }) => name));
  const general = new Set(everywhere.map(({ name }) => name));
  const rest = everywhere.filter(({ name }) => !named.has(name) && !disabled.has(ALL) && !disabled.has(name));
  return [
    ...enabled.filter(({ name }) => general.has(name)),
    ...rest,
    ...enabled.filter(({ name }) => !general.has(name)),
  ];
}

function readArgs(field: V1Field): Partial<PluginArgs> {
  let all: Partial<PluginArgs> = {};
  for (const item of field.items()) all = { ...all, ...argsFromV1(item.at("name").requiredText(), item.at("args")) };
  return all;
}
