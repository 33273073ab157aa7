/** Profiles out of a KubeSchedulerConfiguration. Source: Kubernetes, Scheduler Configuration page. */
import { argsFromV1 } from "./argsFromV1.ts";
import { type ConfigWarning, checkArgKeys, checkKeys, OTHER_POINTS } from "./configKeys.ts";
import {
  DEFAULT_ARGS,
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
  /** Of a pod that found no place: doubled with each try, from the first to the longest. */
  readonly backoff: { readonly firstSeconds: number; readonly longestSeconds: number };
  readonly warnings: readonly ConfigWarning[];
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
/** What such a document begins with. */
export const CONFIG_HEAD = {
  apiVersion: "kubescheduler.config.k8s.io/v1",
  kind: "KubeSchedulerConfiguration",
} as const;
const FIRST_BACKOFF_SECONDS = 1;
const LONGEST_BACKOFF_SECONDS = 10;
const LARGEST = 2 ** 31 - 1;
const ALL = "*";
/** What there is in every scheduler, as here. */
const USUAL: ReadonlySet<string> = new Set(["PrioritySort", "DefaultBinder", "SchedulingGates"]);
const KNOWN = `one of ${[...PLUGIN_MAKERS.keys(), PREEMPTION, ...SILENT].sort().join(", ")}`;

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
  for (const key of ["apiVersion", "kind"] as const) {
    if (root.at(key).text() !== CONFIG_HEAD[key]) throw root.at(key).refused(CONFIG_HEAD[key]);
  }
  const warnings: ConfigWarning[] = [];
  checkKeys(root, "root", warnings);
  const percentage = root.at("percentageOfNodesToScore").whole(0, 100) ?? 0;
  const extenders = root.at("extenders");
  if (extenders.items().length > 0) warnings.push({ path: extenders.path, message: "are not simulated" });
  const given = root.at("profiles").items();
  const fields = given.length > 0 ? given : [new V1Field({}, "profiles[0]")];
  const profiles = fields.map((field) => readProfile(field, percentage, warnings));
  profiles.forEach(({ schedulerName }, i) => {
    if (profiles.findIndex((other) => other.schedulerName === schedulerName) < i)
      throw (fields[i] ?? root).at("schedulerName").refused("a name that no other profile has");
  });
  return { profiles, backoff: readBackoff(root), warnings };
}

function readBackoff(root: V1Field): SchedulerConfig["backoff"] {
  const firstSeconds = root.at("podInitialBackoffSeconds").whole(1, LARGEST) ?? FIRST_BACKOFF_SECONDS;
  const longest = root.at("podMaxBackoffSeconds");
  const longestSeconds = longest.whole(1, LARGEST) ?? LONGEST_BACKOFF_SECONDS;
  if (longestSeconds < firstSeconds) throw longest.refused(`no less than podInitialBackoffSeconds (${firstSeconds})`);
  return { firstSeconds, longestSeconds };
}

function readProfile(field: V1Field, percentage: number, warnings: ConfigWarning[]): SchedulerProfile {
  checkKeys(field, "profile", warnings);
  const plugins = field.at("plugins");
  checkKeys(plugins, "plugins", warnings);
  const multiPoint = readSet(plugins.at("multiPoint"), warnings);
  const everywhere = merged(multiPoint);
  for (const point of OTHER_POINTS) warnOfPoint(plugins.at(point), readSet(plugins.at(point), warnings), warnings);
  const atPoint = (point: string) => expanded(everywhere, readSet(plugins.at(point), warnings));
  checkAble(plugins.at("filter"), "filter");
  checkAble(plugins.at("score"), "score");
  const scores = atPoint("score").filter(({ name }) => PLUGIN_MAKERS.has(name));
  return profileOf({
    schedulerName: field.at("schedulerName").text() || "default-scheduler",
    filters: atPoint("filter").map(({ name }) => name),
    scores: new Map(scores.map(({ name, weight }) => [name, weight || 1])),
    args: readArgs(field.at("pluginConfig"), warnings),
    percentageOfNodesToScore: field.at("percentageOfNodesToScore").whole(0, 100) ?? percentage,
    isPreempting: atPoint("postFilter").some(({ name }) => name === PREEMPTION),
  });
}

/** Filters and scores stand for all that a plugin does before and after them: no other point can be changed by itself. */
function warnOfPoint(field: V1Field, { enabled, disabled }: PluginSet, warnings: ConfigWarning[]): void {
  const names = [...enabled.map(({ name }) => name), ...disabled].filter((name) => name !== ALL && !USUAL.has(name));
  if (names.length === 0) return;
  const message = `has no effect here for ${names.join(", ")}: multiPoint, filter, postFilter and score are simulated`;
  warnings.push({ path: field.path, message });
}

/** Kubernetes refuses to start with a plugin at a point that it has no code for. */
function checkAble(set: V1Field, point: "filter" | "score"): void {
  for (const item of set.at("enabled").items()) {
    const name = item.at("name").requiredText();
    const made = PLUGIN_MAKERS.get(name)?.(DEFAULT_ARGS);
    if (name === PREEMPTION || (made !== undefined && made[point] === undefined))
      throw item.at("name").refused(`a plugin that can ${point}`);
  }
}

function readSet(field: V1Field, warnings: ConfigWarning[]): PluginSet {
  checkKeys(field, "set", warnings);
  const enabled = field
    .at("enabled")
    .items()
    .map((item) => ({ name: checkedName(item, warnings), weight: item.at("weight").whole(0, LARGEST) ?? 0 }));
  const disabled = field
    .at("disabled")
    .items()
    .map((item) => (item.at("name").text() === ALL ? ALL : checkedName(item, [])));
  refuseTwice(field.at("enabled").items());
  return { enabled, disabled: new Set(disabled) };
}

function refuseTwice(items: readonly V1Field[]): void {
  const names = items.map((item) => item.at("name").text());
  items.forEach((item, i) => {
    if (names.indexOf(names[i]) < i) throw item.at("name").refused("each plugin once");
  });
}

function checkedName(item: V1Field, warnings: ConfigWarning[]): string {
  checkKeys(item, "plugin", warnings);
  const name = item.at("name").requiredText();
  if (PLUGIN_MAKERS.has(name) || name === PREEMPTION) return name;
  if (!SILENT.has(name)) throw item.at("name").refused(KNOWN);
  if (!USUAL.has(name)) warnings.push({ path: item.path, message: `the plugin ${name} is not simulated` });
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

function readArgs(field: V1Field, warnings: ConfigWarning[]): Partial<PluginArgs> {
  refuseTwice(field.items());
  let all: Partial<PluginArgs> = {};
  for (const item of field.items()) {
    checkKeys(item, "pluginConfig", warnings);
    const name = item.at("name").requiredText();
    if (!PLUGIN_MAKERS.has(name) && name !== PREEMPTION && !SILENT.has(name)) throw item.at("name").refused(KNOWN);
    checkArgKeys(item.at("args"), name, warnings);
    all = { ...all, ...argsFromV1(name, item.at("args")) };
  }
  return all;
}
