import fc from "fast-check";

/**
 * What a generated scenario may use beyond plain hosts, one service and one release.
 *
 * Swarm testing (Groce et al., ISSTA 2012): a run with a random half of them on finds more than a run with all of them,
 * because features mask one another.
 */
export const FEATURES = [
  "several-services",
  "third-service",
  "zones",
  "uneven-hosts",
  "tight-hosts",
  "taints",
  "labels",
  "required-spread",
  "priorities",
  "cold-start",
  "slow-shutdown",
  "quick-control-plane",
  "balancers",
  "health-checks",
  "probes",
  "outliers",
  "retries",
  "users",
  "bad-images",
  "hangs",
  "host-faults",
  "zone-faults",
  "container-faults",
  "partitions",
  "slow-hosts",
  "outages",
  "scaling",
  "from-zero",
  "more-deploys",
  "rollbacks",
  "drains",
  "budgets",
  "shared-budgets",
  "pauses",
  "promotions",
  "aborts",
  "traffic-changes",
  "autoscaling",
  "hazards",
  "pod-rules",
  "many-replicas",
] as const;

/** One of `FEATURES`. */
export type Feature = (typeof FEATURES)[number];

/** The features that are on in one scenario. */
export type Switches = ReadonlySet<Feature>;

/**
 * A part of a scenario as a function of the features that are on.
 *
 * Drafts are only mapped and put side by side, never chained, so that fast-check shrinks every part by itself: a feature
 * that does not matter is switched off, and all that hung on it goes.
 */
export type Draft<Part> = fc.Arbitrary<(on: Switches) => Part>;

/** On in one of four: with these a run seldom comes to rest, so that little can be said of its end, or it takes long. */
const SELDOM: ReadonlySet<Feature> = new Set(["bad-images", "hangs", "probes", "autoscaling", "hazards", "outages"]);
/** On in one of eight: a run of these takes as long as two or three others. */
const RARE: ReadonlySet<Feature> = new Set(["many-replicas", "third-service"]);

/** A random subset of some features, shrinking to none. */
export function anyFeatures(among: readonly Feature[] = FEATURES): fc.Arbitrary<Switches> {
  return fc.tuple(...among.map(anySwitch)).map((flags) => new Set(among.filter((_, place) => flags[place] === true)));
}

function anySwitch(feature: Feature): fc.Arbitrary<boolean> {
  if (RARE.has(feature)) return fc.nat(7).map((draw) => draw === 7);
  return SELDOM.has(feature) ? fc.nat(3).map((draw) => draw === 3) : fc.boolean();
}

/** Every feature. */
export const ALL_FEATURES: Switches = new Set(FEATURES);
