import fc from "fast-check";
import type { TimelineAction, TimelineEntry } from "../../cluster/spec.ts";
import { type Micros, SECOND } from "../../kernel/time.ts";
import { ALL_FEATURES, type Feature, type Switches } from "./features.ts";

/** What a timeline can be about. */
export interface TimelineSubjects {
  readonly hosts: readonly string[];
  readonly zones: readonly string[];
  readonly services: readonly string[];
  /** Those of them that begin without a container. */
  readonly empty: readonly string[];
  /** Of the first service; the first is the one that runs at the beginning. */
  readonly images: readonly string[];
}

/** Which feature each kind of entry belongs to. */
const KINDS = {
  deploy: "more-deploys",
  rollback: "rollbacks",
  scale: "scaling",
  promote: "promotions",
  abort: "aborts",
  pause: "pauses",
  resume: "pauses",
  crash: "host-faults",
  zone: "zone-faults",
  container: "container-faults",
  kill: "container-faults",
  partition: "partitions",
  slow: "slow-hosts",
  drain: "drains",
  cordon: "drains",
  uncordon: "drains",
  upgrade: "drains",
  registry: "outages",
  "control-plane": "outages",
  traffic: "traffic-changes",
} as const satisfies Record<string, Feature>;
type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

interface EntryPart {
  readonly kind: Kind;
  readonly at: number;
  readonly which: number;
  readonly service: number;
  readonly number: number;
  readonly length: Micros | undefined;
  /** It comes within seconds of the release, in the middle of things. */
  readonly soon: boolean;
}

const entry: fc.Arbitrary<EntryPart> = fc.record({
  kind: fc.constantFrom(...KIND_NAMES),
  at: fc.integer({ min: 1, max: 40 }),
  which: fc.nat(9),
  service: fc.nat(2),
  number: fc.integer({ min: 1, max: 7 }),
  length: fc.constantFrom(20 * SECOND, 5 * SECOND, undefined),
  soon: fc.boolean(),
});

/** A timeline as a function of what is on and of whom it can be about. */
export type TimelineDraft = fc.Arbitrary<(on: Switches, subjects: TimelineSubjects) => TimelineEntry[]>;

/**
 * Mostly one release at some whole second, then up to six things that the features allow, in order of time; and mostly what
 * begins without a container gets some, before or after the release.
 */
export const timelineDraft: TimelineDraft = fc
  .record({
    release: fc.option(fc.record({ at: fc.integer({ min: 1, max: 30 }), which: fc.nat(3) }), {
      nil: undefined,
      freq: 8,
    }),
    entries: fc.array(entry, { maxLength: 6 }),
    wake: fc.option(fc.record({ at: fc.integer({ min: 1, max: 30 }), replicas: fc.integer({ min: 1, max: 6 }) }), {
      nil: undefined,
      freq: 4,
    }),
  })
  .map(({ release, entries, wake }) => (on: Switches, subjects: TimelineSubjects) => {
    const first: EntryPart[] =
      release === undefined
        ? []
        : [{ ...release, kind: "deploy", service: 0, number: 1, length: undefined, soon: false }];
    const allowed = entries
      .filter(({ kind }) => on.has(KINDS[kind]))
      .map((made) => (made.soon && release !== undefined ? { ...made, at: release.at + (made.at % 8) } : made));
    const woken = wake === undefined ? [] : subjects.empty.map((service) => wokenAt(wake, service));
    const others = [...first, ...allowed].flatMap((made) => {
      const action = actionOf(made, subjects);
      return action === undefined ? [] : [{ at: made.at * SECOND, every: undefined, action }];
    });
    return [...woken, ...others].sort((one, other) => one.at - other.at).map((made, index) => ({ index, ...made }));
  });

/**
 * One more thing that a person tells the first service within seconds of its release, where the features allow it: what is asked
 * for in the middle of a rollout is what strategies forget, and among all that may happen it would come up too seldom.
 */
export const meanwhileDraft: fc.Arbitrary<(on: Switches, subjects: TimelineSubjects) => readonly MeanwhileEntry[]> = fc
  .option(
    fc.record({
      kind: fc.constantFrom("deploy", "scale", "rollback", "abort"),
      after: fc.integer({ min: 1, max: 8 }),
      which: fc.nat(3),
      number: fc.integer({ min: 1, max: 7 }),
    }),
    { nil: undefined, freq: 2 },
  )
  .map((made) => (on, subjects) => {
    if (made === undefined || !on.has(KINDS[made.kind])) return [];
    const action = actionOf({ ...made, at: 0, service: 0, length: undefined, soon: true }, subjects);
    return action === undefined ? [] : [{ after: made.after * SECOND, action }];
  });

/** Something that happens so long after the first release. */
export interface MeanwhileEntry {
  readonly after: Micros;
  readonly action: TimelineAction;
}

/** The same timeline with these in it, in order of time; as it was where nothing is released. */
export function withMeanwhile(timeline: readonly TimelineEntry[], extra: readonly MeanwhileEntry[]): TimelineEntry[] {
  const release = timeline.find(({ action }) => action.kind === "deploy");
  if (release === undefined) return [...timeline];
  const added = extra.map(({ after, action }) => ({ index: 0, at: release.at + after, every: undefined, action }));
  return [...timeline, ...added].sort((one, other) => one.at - other.at).map((made, index) => ({ ...made, index }));
}

/** A timeline about one service `shop` and three hosts, with every feature on. */
export const anyTimeline: fc.Arbitrary<readonly TimelineEntry[]> = timelineDraft.map((make) =>
  make(ALL_FEATURES, {
    hosts: ["host-1", "host-2", "host-3"],
    zones: ["zone-a"],
    services: ["shop"],
    empty: [],
    images: ["shop:v1", "shop:v2"],
  }),
);

function wokenAt({ at, replicas }: { readonly at: number; readonly replicas: number }, service: string) {
  const action: TimelineAction = { kind: "scale", service, replicas };
  return { at: at * SECOND, every: undefined, action };
}

function actionOf(made: EntryPart, { hosts, zones, services, images }: TimelineSubjects): TimelineAction | undefined {
  const host = hosts[made.which % hosts.length];
  const service = services[made.service % services.length];
  const [shop] = services;
  if (host === undefined || service === undefined || shop === undefined) return undefined;
  const length = made.length;
  switch (made.kind) {
    case "deploy": {
      // The second of the images is the plainest thing to release.
      const image = images[(made.which + 1) % images.length];
      return image === undefined ? undefined : { kind: "deploy", service: shop, image, strategy: undefined };
    }
    case "rollback":
      return { kind: "rollback", service: shop };
    case "promote":
      return { kind: "promote", service: shop, full: made.number === 1 };
    case "abort":
    case "pause":
    case "resume":
      return { kind: made.kind, service: shop };
    case "scale":
      return { kind: "scale", service, replicas: made.number - 1 };
    case "crash":
      return { kind: "crash", what: "host", name: host, for: length };
    case "zone":
      return { kind: "crash", what: "zone", name: zones[made.which % zones.length] ?? "zone-a", for: length };
    case "container":
      return { kind: "crash", what: "container", name: `${service}-${made.number}`, for: undefined };
    case "kill":
      return { kind: "kill", service, count: made.number };
    case "partition": {
      const from = (["both", "control-plane", "clients"] as const)[made.number % 3] ?? "both";
      return { kind: "partition", host, from, for: length };
    }
    case "slow":
      return { kind: "slow", host, factor: made.number + 1, for: length };
    case "drain":
    case "cordon":
    case "uncordon":
      return { kind: made.kind, host };
    case "upgrade":
      return { kind: "upgrade", hosts: [...hosts], maxUnavailable: 1, length: 5 * SECOND };
    case "registry":
    case "control-plane":
      return { kind: made.kind, for: length };
    case "traffic":
      return { kind: "traffic", service, factor: made.number - 1, for: length };
  }
}
