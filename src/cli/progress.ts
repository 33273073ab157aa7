/** Progress on stderr, one line that is written over; nothing where nobody watches. */
export class Progress {
  readonly #shown: boolean;
  #last = 0;
  #width = 0;

  constructor(options: { readonly quiet?: boolean | undefined }) {
    this.#shown = process.stderr.isTTY === true && options.quiet !== true;
  }

  /** `share` from 0 to 1; `what` says of what. Written at most ten times a second, and not in the first moment. */
  show(share: number, what: string): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (now - this.#last < 100 || now < 500) return;
    this.#last = now;
    const filled = Math.round(share * 24);
    const line = `${"█".repeat(filled)}${"░".repeat(24 - filled)} ${Math.floor(share * 100)} % ${what}`;
    process.stderr.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }

  /** Wipes the line. */
  done(): void {
    if (this.#width > 0) process.stderr.write(`\r${" ".repeat(this.#width)}\r`);
    this.#width = 0;
  }
}
