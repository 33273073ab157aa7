/** What the process says when it ends. */
export const EXIT = {
  done: 0,
  /** An expectation, a `--fail-if`, or under `--strict` an objective did not hold. */
  broken: 1,
  /** The input is wrong. */
  input: 2,
  /** A plug-in threw or broke its interface. */
  plugin: 3,
  /** A fault of the program's own. */
  internal: 70,
  /** `fuzz`: an invariant was broken. */
  found: 4,
  interrupted: 130,
} as const;

/** The user asked for something that cannot be done as it stands; the message says what, where and how to mend it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The user pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("interrupted; nothing was written");
  }
}
