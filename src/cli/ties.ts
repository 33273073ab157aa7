import { InvalidArgumentError } from "commander";
import type { TieChoice, Ties } from "../kernel/ties.ts";

/** Flags that reorder simultaneous events. */
export interface TieOptions {
  /** True without a seed of its own. */
  readonly shuffleTies?: number | true;
  readonly ties?: readonly TieChoice[];
}

const USUAL_SEED = 1;
/** How a file says in which order of ties it shows what it shows; `fuzz --corpus` reads it back. */
const COMMENT = /^# ties (\S+)$/m;

/** What the flags ask for; undefined: the order of scheduling. The choices, where both are given, win. */
export function tiesOf({ shuffleTies, ties }: TieOptions): Ties | undefined {
  if (ties !== undefined) return { choices: ties };
  if (shuffleTies === undefined) return undefined;
  return { seed: shuffleTies === true ? USUAL_SEED : shuffleTies };
}

/** The flags that ask for these ties, with a space before; nothing for the order of scheduling. */
export function tieFlags(ties: Ties | undefined): string {
  if (ties === undefined) return "";
  if ("seed" in ties) return ` --shuffle-ties=${ties.seed}`;
  return ties.choices.length === 0 ? "" : ` --ties ${writeChoices(ties.choices)}`;
}

/** The line of a scenario file that keeps choices. */
export function tieComment(choices: readonly TieChoice[]): string {
  return `# ties ${writeChoices(choices)}`;
}

/** The ties that a file's comment asks for. */
export function tiesInText(text: string): Ties | undefined {
  const choices = COMMENT.exec(text)?.[1];
  return choices === undefined ? undefined : { choices: readChoices(choices) };
}

/** `12:1,40:2`: at the choice 12 the event after the first, at the choice 40 the one after that. */
function writeChoices(choices: readonly TieChoice[]): string {
  return choices.map(({ point, choice }) => `${point}:${choice}`).join(",");
}

/** The value of `--ties`. @throws InvalidArgumentError */
export function readChoices(text: string): TieChoice[] {
  return text.split(",").map((part) => {
    const [, point, choice] = /^(\d{1,15}):(\d{1,9})$/.exec(part.trim()) ?? [];
    if (point === undefined || choice === undefined)
      throw new InvalidArgumentError(`Found "${part.trim()}"; give pairs of numbers, such as 12:1,40:2.`);
    return { point: Number(point), choice: Number(choice) };
  });
}

/** The value of `--shuffle-ties`. @throws InvalidArgumentError */
export function readTieSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new InvalidArgumentError(
      `Found "${text}"; give the seed with =, as --shuffle-ties=7, or the flag at the end.`,
    );
  return seed;
}
