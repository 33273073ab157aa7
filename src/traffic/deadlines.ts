/** Deadlines of one service's attempts, in order: all wait equally long, so first in is first due. Plain data. */
export interface Deadlines {
  rows: Int32Array;
  generations: Int32Array;
  times: Float64Array;
  /** A ring: `count` entries from `head` on; its length is a power of two. */
  head: number;
  count: number;
  /** A timer event is pending. */
  armed: boolean;
}

/** As few as there is room for among the objects; most runs have few requests at a time. */
const FIRST_PLACES = 8;

export function newDeadlines(): Deadlines {
  return {
    rows: new Int32Array(FIRST_PLACES),
    generations: new Int32Array(FIRST_PLACES),
    times: new Float64Array(FIRST_PLACES),
    head: 0,
    count: 0,
    armed: false,
  };
}

export function addDeadline(deadlines: Deadlines, row: number, generation: number, time: number): void {
  if (deadlines.count === deadlines.rows.length) grow(deadlines);
  const at = (deadlines.head + deadlines.count++) & (deadlines.rows.length - 1);
  deadlines.rows[at] = row;
  deadlines.generations[at] = generation;
  deadlines.times[at] = time;
}

/** Drops those at the head whose attempt is over. */
export function dropEnded(deadlines: Deadlines, generations: Int32Array): void {
  const mask = deadlines.rows.length - 1;
  while (deadlines.count > 0) {
    const row = deadlines.rows[deadlines.head] as number;
    if (generations[row] === deadlines.generations[deadlines.head]) return;
    deadlines.head = (deadlines.head + 1) & mask;
    deadlines.count--;
  }
}

function grow(deadlines: Deadlines): void {
  const old = deadlines.rows.length;
  const rows = new Int32Array(2 * old);
  const generations = new Int32Array(2 * old);
  const times = new Float64Array(2 * old);
  for (let i = 0; i < deadlines.count; i++) {
    const at = (deadlines.head + i) & (old - 1);
    rows[i] = deadlines.rows[at] as number;
    generations[i] = deadlines.generations[at] as number;
    times[i] = deadlines.times[at] as number;
  }
  deadlines.rows = rows;
  deadlines.generations = generations;
  deadlines.times = times;
  deadlines.head = 0;
}
