import { BAND, type Engine, type EventKind } from "../kernel/engine.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import { type Host, isUp, type Pull } from "./hosts.ts";

/**
 * Images on their way to hosts. The pulls under way on a host share its bandwidth evenly; containers that want the same image
 * share one pull.
 */
export class Pulls {
  readonly #engine: Engine;
  readonly #hostOf: (id: number) => Host;
  readonly #finished: EventKind;
  readonly #arrived: (host: Host, pull: Pull) => void;

  /** `arrived` is told when an image is there, with the containers that waited for it. */
  constructor(engine: Engine, hostOf: (id: number) => Host, arrived: (host: Host, pull: Pull) => void) {
    this.#engine = engine;
    this.#hostOf = hostOf;
    this.#arrived = arrived;
    this.#finished = engine.define("pull-finished", BAND.lifecycle, (host, mark) => this.#advance(host, mark));
  }

  start(host: Host, image: { name: string; sizeBytes: number }, container: number): void {
    this.#settle(host);
    const known = host.pulls.find((pull) => pull.image === image.name);
    if (known !== undefined) known.waiting.push(container);
    else host.pulls.push({ image: image.name, remainingBytes: image.sizeBytes, waiting: [container] });
    this.#scheduleNext(host);
  }

  /** One container no longer waits; a pull that nobody waits for stops. */
  leave(host: Host, container: number): void {
    this.#settle(host);
    for (const pull of host.pulls) pull.waiting = pull.waiting.filter((id) => id !== container);
    host.pulls = host.pulls.filter((pull) => pull.waiting.length > 0);
    this.#scheduleNext(host);
  }

  /** Every pull on a host breaks off; the containers that waited, in order. */
  breakOff(host: Host): number[] {
    const waiting = host.pulls.flatMap((pull) => pull.waiting);
    host.pulls = [];
    host.pulledAt = this.#engine.now;
    return waiting;
  }

  /** Writes down what has come since the last change. */
  #settle(host: Host): void {
    const elapsed = this.#engine.now - host.pulledAt;
    host.pulledAt = this.#engine.now;
    if (host.pulls.length === 0 || elapsed === 0) return;
    const share = (host.spec.bandwidthBytesPerSecond * elapsed) / SECOND / host.pulls.length;
    for (const pull of host.pulls) pull.remainingBytes -= share;
  }

  #scheduleNext(host: Host): void {
    if (host.pulls.length === 0) return;
    const least = Math.min(...host.pulls.map((pull) => pull.remainingBytes));
    const perSecond = host.spec.bandwidthBytesPerSecond / host.pulls.length;
    const delay: Micros = Math.max(0, Math.ceil((least / perSecond) * SECOND));
    this.#engine.after(delay, this.#finished, host.id, host.pulls.length);
  }

  /** A finish that was scheduled before the pulls changed finds nothing done, and is dropped. */
  #advance(hostId: number, _pulls: number): void {
    const host = this.#hostOf(hostId);
    if (!isUp(host) || host.pulls.length === 0) return;
    this.#settle(host);
    const done = host.pulls.filter((pull) => pull.remainingBytes < 1);
    if (done.length === 0) return;
    host.pulls = host.pulls.filter((pull) => pull.remainingBytes >= 1);
    for (const pull of done) {
      host.cached.push(pull.image);
      this.#arrived(host, pull);
    }
    this.#scheduleNext(host);
  }
}
