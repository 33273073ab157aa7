/**
 * The numbers that the bench's own programs draw, the same in C++ (peers/draws.hpp): Marsaglia, "Xorshift RNGs", 2003.
 *
 * A bench needs no bits that hold on every engine, so `Math.log` will do here.
 */
export class Draws {
  #x: number;
  #y = 362436069;
  #z = 521288629;
  #w = 88675123;

  constructor(seed: number) {
    this.#x = 123456789 ^ seed;
    for (let i = 0; i < 64; i++) this.#next();
  }

  /** Exponential with this mean, in whole microseconds. */
  exponential(mean: number): number {
    return Math.floor(-mean * Math.log(((this.#next() >>> 0) + 0.5) / 4294967296) + 0.5);
  }

  #next(): number {
    const t = this.#x ^ (this.#x << 11);
    this.#x = this.#y;
    this.#y = this.#z;
    this.#z = this.#w;
    this.#w = this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8);
    return this.#w;
  }
}
