/** How the terminal may be used. */
export interface TerminalLook {
  readonly colour: boolean;
  readonly width: number;
}

/** Colour only on a terminal, and not where `NO_COLOR` says so (no-color.org). */
export function lookOf(stream: NodeJS.WriteStream): TerminalLook {
  const noColour = (process.env.NO_COLOR ?? "") !== "";
  return { colour: stream.isTTY === true && !noColour, width: Math.min(stream.columns ?? 100, 120) };
}

/** Results for machines on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Messages for people: on stdout, or on stderr where stdout belongs to a machine. */
export function printText(text: string, options: { readonly json?: boolean; readonly quiet?: boolean }): void {
  if (options.quiet === true) return;
  const stream = options.json === true ? process.stderr : process.stdout;
  stream.write(text.endsWith("\n") ? text : `${text}\n`);
}
