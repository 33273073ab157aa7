import { assert } from "./errors.ts";
import { Stream, type StreamState } from "./random.ts";
import type { Micros } from "./time.ts";

/**
 * How a kind of event takes part when ties are reordered. `free`: in any order. `in-order`: events of this kind stay in the order
 * of scheduling among themselves. `after-earlier`: after everything of its instant and band that was scheduled before it.
 */
export type TieRule = "free" | "in-order" | "after-earlier";

/** At the `point`-th choice of a run, counted from 0, the `choice`-th event runs, counted from 0 in order of scheduling. */
export interface TieChoice {
  readonly point: number;
  readonly choice: number;
}

/**
 * In which order simultaneous events run, where it is not the order of scheduling: by chance, or as these choices say and else in
 * order of scheduling. Only events of the same time and band change places, and none comes before the one that scheduled it.
 */
export type Ties = { readonly seed: number } | { readonly choices: readonly TieChoice[] };

/** An event that waits, as an onlooker sees it. */
export interface TiedEvent {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
}

/** Several events that may run next, in order of scheduling, and which of them will. */
export interface Tie {
  readonly time: Micros;
  readonly band: number;
  readonly point: number;
  readonly choice: number;
  readonly events: readonly TiedEvent[];
}

/** Where the choices stand: plain data. */
export interface TieState {
  readonly point: number;
  readonly stream: StreamState | undefined;
}

/** Makes the choices of one run, one after another. */
export class TieOrder {
  /** Choices made so far. */
  #point = 0;
  readonly #stream: Stream | undefined;
  readonly #choices: ReadonlyMap<number, number>;

  constructor(ties: Ties) {
    this.#stream = "seed" in ties ? new Stream("ties", `${ties.seed}/ties`) : undefined;
    this.#choices = new Map("choices" in ties ? ties.choices.map(({ point, choice }) => [point, choice]) : []);
  }

  /** Number of the next choice. */
  get point(): number {
    return this.#point;
  }

  /** Which of `count` events, at least 2, runs next. A choice that asks for more than there are takes the last. */
  choose(count: number): number {
    assert(count >= 2, "one event leaves no choice");
    const point = this.#point++;
    if (this.#stream !== undefined) return this.#stream.below(count);
    return Math.min(this.#choices.get(point) ?? 0, count - 1);
  }

  save(): TieState {
    return { point: this.#point, stream: this.#stream?.save() };
  }

  restore({ point, stream }: TieState): void {
    this.#point = point;
    if (stream !== undefined) this.#stream?.restore(stream);
  }
}

/**
 * Which of these simultaneous events may run next, as places in the list.
 *
 * @param kinds of the events, in order of scheduling; `ruleOf` by kind.
 */
export function eligible(kinds: readonly number[], ruleOf: readonly TieRule[]): number[] {
  const places: number[] = [];
  kinds.forEach((kind, place) => {
    const rule = ruleOf[kind];
    if (rule === "after-earlier" && place > 0) return;
    if (rule === "in-order" && kinds.indexOf(kind) < place) return;
    places.push(place);
  });
  return places;
}
