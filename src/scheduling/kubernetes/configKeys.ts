/** Which keys a KubeSchedulerConfiguration has, and which of them do something here. Source: kube-scheduler Configuration (v1). */
import { suggestion } from "../../fields/nearest.ts";
import type { V1Field } from "./v1Fields.ts";

/** Something in a configuration that does not act, and where. */
export interface ConfigWarning {
  /** Such as `profiles[0].plugins.reserve`. */
  readonly path: string;
  readonly message: string;
}

interface Keys {
  readonly acting: readonly string[];
  /** Known to Kubernetes; here they change nothing. */
  readonly idle?: readonly string[];
}

const ROOT: Keys = {
  acting: [
    ...["apiVersion", "kind", "percentageOfNodesToScore", "podInitialBackoffSeconds", "podMaxBackoffSeconds"],
    ...["profiles", "extenders"],
  ],
  idle: [
    ...["parallelism", "leaderElection", "clientConnection", "healthzBindAddress", "metricsBindAddress"],
    ...["enableProfiling", "enableContentionProfiling", "delayCacheUntilActive"],
  ],
};

/** Points at which a plugin's code runs that this simulator does not tell apart. */
export const OTHER_POINTS = [
  ...["preEnqueue", "queueSort", "preFilter", "preScore", "reserve", "permit", "preBind", "bind", "postBind"],
] as const;

const BY_PLACE = {
  root: ROOT,
  profile: { acting: ["schedulerName", "percentageOfNodesToScore", "plugins", "pluginConfig"] },
  plugins: { acting: ["multiPoint", "filter", "postFilter", "score", ...OTHER_POINTS] },
  set: { acting: ["enabled", "disabled"] },
  plugin: { acting: ["name", "weight"] },
  pluginConfig: { acting: ["name", "args"] },
} as const satisfies Readonly<Record<string, Keys>>;

/** Keys of a map, or of each map in a list; of each key what stands below it, or that nothing more is asked. */
interface Shape {
  readonly [key: string]: Shape | "any";
}

function plain(...keys: readonly string[]): Shape {
  return Object.fromEntries(keys.map((key) => [key, "any" as const]));
}

const REQUIREMENT = plain("key", "operator", "values");
const NODE_TERM: Shape = { matchExpressions: REQUIREMENT, matchFields: REQUIREMENT };
const RESOURCES = plain("name", "weight");

/** Arguments by plugin, beside `apiVersion` and `kind`. */
const ARGS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [
    "NodeAffinity",
    {
      addedAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: NODE_TERM },
        preferredDuringSchedulingIgnoredDuringExecution: { ...plain("weight"), preference: NODE_TERM },
      },
    },
  ],
  [
    "NodeResourcesFit",
    {
      ...plain("ignoredResources", "ignoredResourceGroups"),
      scoringStrategy: {
        ...plain("type"),
        resources: RESOURCES,
        requestedToCapacityRatio: { shape: plain("utilization", "score") },
      },
    },
  ],
  ["NodeResourcesBalancedAllocation", { resources: RESOURCES }],
  [
    "PodTopologySpread",
    {
      ...plain("defaultingType"),
      defaultConstraints: {
        ...plain("maxSkew", "topologyKey", "whenUnsatisfiable", "minDomains", "matchLabelKeys"),
        ...plain("nodeAffinityPolicy", "nodeTaintsPolicy"),
        labelSelector: { ...plain("matchLabels"), matchExpressions: REQUIREMENT },
      },
    },
  ],
  ["InterPodAffinity", plain("hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods")],
  ["DefaultPreemption", plain("minCandidateNodesPercentage", "minCandidateNodesAbsolute")],
]);

/** Arguments that Kubernetes knows, of plugins that are not simulated. */
const IDLE_ARGS: ReadonlyMap<string, readonly string[]> = new Map([
  ["VolumeBinding", ["bindTimeoutSeconds", "shape"]],
  ["DynamicResources", ["filterTimeout", "bindingTimeout"]],
]);

/** @throws V1FieldError for a key that Kubernetes does not have there; one that does not act here is warned of. */
export function checkKeys(field: V1Field, place: keyof typeof BY_PLACE, warnings: ConfigWarning[]): void {
  check(field, BY_PLACE[place], warnings);
}

/** As `checkKeys`, for the arguments of one plugin and everything in them. */
export function checkArgKeys(args: V1Field, plugin: string, warnings: ConfigWarning[]): void {
  const shape = ARGS.get(plugin) ?? {};
  const kind = args.at("kind");
  if (!kind.isAbsent && kind.text() !== `${plugin}Args`) throw kind.refused(`${plugin}Args`);
  check(args, { acting: ["apiVersion", "kind", ...Object.keys(shape)], idle: IDLE_ARGS.get(plugin) ?? [] }, warnings);
  checkBelow(args, shape);
}

/** What stands in the wrong form, as a text where a map should be, is left to whoever reads it. */
function checkBelow(map: V1Field, shape: Shape): void {
  for (const [key, below] of Object.entries(shape)) {
    const field = map.at(key);
    if (below === "any" || field.isAbsent) continue;
    for (const item of Array.isArray(field.value) ? field.items() : [field]) {
      if (typeof item.value !== "object") continue;
      check(item, { acting: Object.keys(below) }, []);
      checkBelow(item, below);
    }
  }
}

function check(field: V1Field, { acting, idle = [] }: Keys, warnings: ConfigWarning[]): void {
  for (const [key, item] of field.entries()) {
    if (acting.includes(key)) continue;
    if (idle.includes(key)) warnings.push({ path: item.path, message: "is not simulated" });
    else throw item.refused(`one of Kubernetes' keys here${suggestion(key, [...acting, ...idle])}`);
  }
}
