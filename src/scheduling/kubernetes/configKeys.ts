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
  /** What the map under a key, or each item of the list under it, may have. */
  readonly below?: Readonly<Record<string, Keys>>;
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

const RESOURCES: Keys = { acting: ["name", "weight"] };
const STRATEGY: Keys = {
  acting: ["type", "resources", "requestedToCapacityRatio"],
  below: {
    resources: RESOURCES,
    requestedToCapacityRatio: { acting: ["shape"], below: { shape: { acting: ["utilization", "score"] } } },
  },
};
const REQUIREMENT: Keys = { acting: ["key", "operator", "values"] };
const NODE_TERM: Keys = {
  acting: ["matchExpressions", "matchFields"],
  below: { matchExpressions: REQUIREMENT, matchFields: REQUIREMENT },
};
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const NODE_AFFINITY: Keys = {
  acting: [REQUIRED, PREFERRED],
  below: {
    [REQUIRED]: { acting: ["nodeSelectorTerms"], below: { nodeSelectorTerms: NODE_TERM } },
    [PREFERRED]: { acting: ["weight", "preference"], below: { preference: NODE_TERM } },
  },
};
/** Default constraints take their selector from the pod: Kubernetes refuses one here, and goes by no `matchLabelKeys`. */
const DEFAULT_CONSTRAINT: Keys = {
  acting: [
    ...["maxSkew", "topologyKey", "whenUnsatisfiable", "minDomains"],
    ...["nodeAffinityPolicy", "nodeTaintsPolicy"],
  ],
  idle: ["matchLabelKeys"],
};

/** Arguments by plugin, beside `apiVersion` and `kind`. */
const ARGS: ReadonlyMap<string, Keys> = new Map([
  ["NodeAffinity", { acting: ["addedAffinity"], below: { addedAffinity: NODE_AFFINITY } }],
  [
    "NodeResourcesFit",
    {
      acting: ["ignoredResources", "ignoredResourceGroups", "scoringStrategy"],
      below: { scoringStrategy: STRATEGY },
    },
  ],
  ["NodeResourcesBalancedAllocation", { acting: ["resources"], below: { resources: RESOURCES } }],
  [
    "PodTopologySpread",
    { acting: ["defaultConstraints", "defaultingType"], below: { defaultConstraints: DEFAULT_CONSTRAINT } },
  ],
  ["InterPodAffinity", { acting: ["hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods"] }],
  ["DefaultPreemption", { acting: ["minCandidateNodesPercentage", "minCandidateNodesAbsolute"] }],
  ["VolumeBinding", { acting: [], idle: ["bindTimeoutSeconds", "shape"] }],
  ["DynamicResources", { acting: [], idle: ["filterTimeout", "bindingTimeout"] }],
]);

/** @throws V1FieldError for a key that Kubernetes does not have there; one that does not act here is warned of. */
export function checkKeys(field: V1Field, place: keyof typeof BY_PLACE, warnings: ConfigWarning[]): void {
  check(field, BY_PLACE[place], warnings);
}

/** As `checkKeys`, for the arguments of one plugin. */
export function checkArgKeys(args: V1Field, plugin: string, warnings: ConfigWarning[]): void {
  const keys: Keys = ARGS.get(plugin) ?? { acting: [] };
  const kind = args.at("kind");
  if (!kind.isAbsent && kind.text() !== `${plugin}Args`) throw kind.refused(`${plugin}Args`);
  check(args, { ...keys, acting: ["apiVersion", "kind", ...keys.acting] }, warnings);
}

function check(field: V1Field, { acting, idle = [], below = {} }: Keys, warnings: ConfigWarning[]): void {
  for (const [key, item] of field.entries()) {
    const inner = Object.hasOwn(below, key) ? below[key] : undefined;
    if (inner !== undefined) for (const part of partsOf(item)) check(part, inner, warnings);
    if (acting.includes(key)) continue;
    if (idle.includes(key)) warnings.push({ path: item.path, message: "is not simulated" });
    else throw item.refused(`one of Kubernetes' keys here${suggestion(key, [...acting, ...idle])}`);
  }
}

function partsOf(field: V1Field): readonly V1Field[] {
  return Array.isArray(field.value) ? field.items() : [field];
}
