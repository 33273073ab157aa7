import fc from "fast-check";
import type { HostSpec, TaintEffect } from "../../cluster/spec.ts";
import { ALL_FEATURES, type Draft, type Switches } from "./features.ts";

const GIBI = 2 ** 30;
const MEBI = 2 ** 20;
/** Where hosts are not tight a container takes 500 thousandths, so that this holds nearly all of them twice, many replicas too. */
const AMPLE_MILLICORES = 32_000;

interface HostsPart {
  readonly count: number;
  readonly tightMillicores: number;
  readonly tightBytes: number;
  readonly zones: number;
  readonly podLimit: number;
  readonly tainted: number;
  readonly effect: TaintEffect;
  readonly labelled: number;
  readonly hasOtherDisks: boolean;
}

const part: fc.Arbitrary<HostsPart> = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  tightMillicores: fc.constantFrom(2000, 1000, 1500),
  tightBytes: fc.constantFrom(64 * GIBI, 512 * MEBI),
  zones: fc.integer({ min: 1, max: 3 }),
  podLimit: fc.constantFrom(110, 110, 3),
  tainted: fc.nat(4),
  effect: fc.constantFrom("NoSchedule", "NoExecute", "PreferNoSchedule"),
  labelled: fc.nat(4),
  hasOtherDisks: fc.boolean(),
});

/** One to five hosts; roomy and alike unless a feature says otherwise. */
export const hostsDraft: Draft<readonly HostSpec[]> = part.map((made) => (on) => hostsOf(made, on));

/** One to five hosts with every feature on. */
export const anyHosts: fc.Arbitrary<readonly HostSpec[]> = hostsDraft.map((make) => make(ALL_FEATURES));

function hostsOf(made: HostsPart, on: Switches): HostSpec[] {
  const { count, tightMillicores, zones, podLimit, tainted, effect, labelled } = made;
  const tight = on.has("tight-hosts");
  const base = tight ? tightMillicores : AMPLE_MILLICORES;
  return Array.from({ length: count }, (_, place): HostSpec => {
    const larger = on.has("uneven-hosts") && place === 0;
    return {
      name: count === 1 ? "host" : `host-${place + 1}`,
      zone: on.has("zones") ? `zone-${"abc"[place % zones] ?? "a"}` : "zone-a",
      labels: on.has("labels") ? labelsOf(place === labelled % count, made) : {},
      // Only one of several, so that there is always one that anybody may use.
      taints:
        on.has("taints") && count > 1 && place === tainted % count ? [{ key: "dedicated", value: "db", effect }] : [],
      cpuMillicores: larger ? 2 * base : base,
      memoryBytes: tight ? made.tightBytes : 64 * GIBI,
      podLimit: tight ? podLimit : 110,
      bandwidthBytesPerSecond: 100 * MEBI,
    };
  });
}

/** The key alone does not say which host has the disk that is asked for. */
function labelsOf(isChosen: boolean, { hasOtherDisks }: HostsPart): Readonly<Record<string, string>> {
  if (isChosen) return { disk: "ssd" };
  return hasOtherDisks ? { disk: "hdd" } : {};
}
