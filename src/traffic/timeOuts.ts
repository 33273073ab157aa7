import { BAND, type Engine, type EventKind } from "../kernel/engine.ts";
import type { Micros } from "../kernel/time.ts";
import { addDeadline, dropEnded } from "./deadlines.ts";
import type { ServiceTraffic, TrafficState } from "./trafficState.ts";

/**
 * The clients' patience: one timer for each service instead of one for each request.
 *
 * All attempts of a service wait equally long, so deadlines fall due in the order in which they were set; most belong to
 * attempts that ended long before, and are dropped without an event.
 */
export class TimeOuts {
  readonly #engine: Engine;
  readonly #state: TrafficState;
  readonly #expired: (row: number) => void;
  readonly #due: EventKind;

  constructor(engine: Engine, state: TrafficState, expired: (row: number) => void) {
    this.#engine = engine;
    this.#state = state;
    this.#expired = expired;
    this.#due = engine.define("deadlines", BAND.traffic, (service) => this.#fallDue(service));
  }

  /** This attempt, as its row stands now, ends at `time` at the latest. */
  add(service: number, row: number, time: Micros): void {
    const { columns, services } = this.#state;
    const { deadlines } = services[service] as ServiceTraffic;
    dropEnded(deadlines, columns.generation);
    addDeadline(deadlines, row, columns.generation[row] as number, time);
    if (deadlines.armed) return;
    deadlines.armed = true;
    this.#engine.at(time, this.#due, service);
  }

  #fallDue(service: number): void {
    const { deadlines } = this.#state.services[service] as ServiceTraffic;
    deadlines.armed = false;
    for (;;) {
      dropEnded(deadlines, this.#state.columns.generation);
      if (deadlines.count === 0) return;
      const due = deadlines.times[deadlines.head] as number;
      if (due > this.#engine.now) {
        if (deadlines.armed) return;
        deadlines.armed = true;
        this.#engine.at(due, this.#due, service);
        return;
      }
      const row = deadlines.rows[deadlines.head] as number;
      deadlines.head = (deadlines.head + 1) & (deadlines.rows.length - 1);
      deadlines.count--;
      this.#expired(row);
    }
  }
}
