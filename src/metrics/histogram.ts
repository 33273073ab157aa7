/**
 * Counts of whole µs in buckets that widen with the value: exact below 128 µs, then 64 to each octave.
 *
 * A quantile read from it is off by less than 1 % (half a bucket: 1/128). Plain data; a fixed size, however much is counted.
 */
export interface Histogram {
  readonly counts: Uint32Array;
  total: number;
  /** Buckets that may hold something: from here, up to and including there. */
  lowest: number;
  highest: number;
}

/** Values up to 128 µs have a bucket of their own; each octave above is cut into 64. */
const EXACT = 128;
const PER_OCTAVE_BITS = 6;
/** Up to 2^40 µs, twelve days: longer ones share the last bucket. */
const OCTAVES = 33;
const BUCKETS = EXACT + (OCTAVES << PER_OCTAVE_BITS);

export function newHistogram(): Histogram {
  return { counts: new Uint32Array(BUCKETS), total: 0, lowest: BUCKETS, highest: -1 };
}

/** Counts one value, a whole number of µs from 0. */
export function count(histogram: Histogram, value: number): void {
  countIn(histogram, bucketOf(value));
}

/** Counts one value of that bucket: for a value that several histograms count. */
export function countIn(histogram: Histogram, bucket: number): void {
  histogram.counts[bucket] = (histogram.counts[bucket] as number) + 1;
  histogram.total++;
  if (bucket < histogram.lowest) histogram.lowest = bucket;
  if (bucket > histogram.highest) histogram.highest = bucket;
}

/** The value, in µs, that `share` (0…1) of the counted ones do not exceed; undefined when nothing was counted. */
export function quantile(histogram: Histogram, share: number): number | undefined {
  return quantiles(histogram, [share])[0];
}

/** The same of several shares, in ascending order: the buckets are gone through once, and not at all for the ends. */
export function quantiles(
  { counts, total, lowest, highest }: Histogram,
  shares: readonly number[],
): (number | undefined)[] {
  let bucket = lowest;
  let seen = total === 0 ? 0 : (counts[lowest] as number);
  return shares.map((share) => {
    if (total === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * total));
    // Of few values, as in a second of quiet traffic, the high quantiles are the last one.
    if (rank === total) return middleOf(highest);
    while (seen < rank && bucket < highest) seen += counts[++bucket] as number;
    return middleOf(bucket);
  });
}

/** Empties it for another use. */
export function clear(histogram: Histogram): void {
  if (histogram.highest >= histogram.lowest) histogram.counts.fill(0, histogram.lowest, histogram.highest + 1);
  histogram.total = 0;
  histogram.lowest = BUCKETS;
  histogram.highest = -1;
}

/** The bucket of a value, the same in every histogram. */
export function bucketOf(value: number): number {
  if (value < EXACT) return value;
  // Above 2^31 the bit tricks no longer hold: halve by division first.
  let octave = 0;
  let small = value;
  while (small >= 0x40000000) {
    small = Math.floor(small / 2);
    octave++;
  }
  const shift = 31 - Math.clz32(small) - PER_OCTAVE_BITS;
  const bucket = EXACT + ((octave + shift - 1) << PER_OCTAVE_BITS) + ((small >> shift) & 63);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

function middleOf(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const octave = ((bucket - EXACT) >> PER_OCTAVE_BITS) + 1;
  const low = (64 + ((bucket - EXACT) & 63)) * 2 ** octave;
  return low + (2 ** octave - 1) / 2;
}
