import fc from "fast-check";
import type { ImageSpec } from "../../cluster/spec.ts";
import type { Distribution } from "../../kernel/distributions.ts";
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import { ALL_FEATURES, type Draft } from "./features.ts";

const MEBI = 2 ** 20;

const constant = (value: number): Distribution => ({ kind: "constant", value });
const startup = fc.constantFrom<Distribution[]>(constant(2 * SECOND), constant(SECOND), constant(5 * SECOND), {
  kind: "lognormal",
  median: 2 * SECOND,
  p95: 4 * SECOND,
});
const service = fc.constantFrom<Distribution[]>(
  { kind: "exponential", mean: 20 * MILLISECOND },
  constant(20 * MILLISECOND),
  constant(200 * MILLISECOND),
);

/** How a healthy version behaves: starts in a few seconds, answers in a fraction of one; and whether it may hang, all the same. */
const healthy = fc.record({ startup, service, hangs: fc.boolean() });

/** Rare enough that a container serves for a while, often enough that one hangs within a run. */
const HANG: Distribution = { kind: "exponential", mean: 30 * SECOND };

/** Names of the versions that a release may bring, healthy ones first; the last two are only made with `bad-images`. */
export const VERSIONS = ["shop:v1", "shop:v2", "shop:v3", "shop:broken", "shop:faulty"] as const;

/**
 * Five versions of one image: three healthy ones, one that never gets ready, one that errs and crashes.
 *
 * Without the feature `bad-images` only the healthy ones; with `hangs`, some of them do.
 */
export const imagesDraft: Draft<readonly ImageSpec[]> = fc.tuple(healthy, healthy, healthy).map((versions) => (on) => {
  const base = { sizeBytes: 100 * MEBI, errors: 0, crash: undefined, ready: true };
  const sound = versions.map(
    ({ hangs, ...made }, place): ImageSpec => ({
      ...base,
      ...made,
      name: VERSIONS[place] ?? "shop:v1",
      hang: hangs && on.has("hangs") ? HANG : undefined,
    }),
  );
  const [first] = sound;
  if (first === undefined || !on.has("bad-images")) return sound;
  return [
    ...sound,
    { ...base, ...first, name: "shop:broken", ready: false },
    { ...base, ...first, name: "shop:faulty", errors: 0.3, crash: { kind: "exponential", mean: 20 * SECOND } },
  ];
});

/** Five versions of one image, two of them bad. */
export const anyImages: fc.Arbitrary<readonly ImageSpec[]> = imagesDraft.map((make) => make(ALL_FEATURES));
