/**
 * Roots as people read them. In results a root is `timeline[1] crash host-3 at 5m`: the place in the file, then what happened.
 * Checks and programs rely on that text; a sentence says it in words, and leaves the place to a table.
 */

/** The place in the scenario's file: `timeline[1]`, `hazards[0]`; undefined for a root that has none. */
export function rootPlace(root: string): string | undefined {
  return PLACED.exec(root)?.[1];
}

/** `the crash of host-3 at 5m` for `timeline[1] crash host-3 at 5m`: fits after "after". */
export function rootInWords(root: string): string {
  const [, place, what] = PLACED.exec(root) ?? [];
  if (place === undefined || what === undefined) return wordsOf(root, OTHERS);
  return place.startsWith("hazards") ? `failures of ${what}` : wordsOf(what, ACTIONS);
}

/** The words, and where in the file it is. */
export function rootWithPlace(root: string): string {
  const place = rootPlace(root);
  return place === undefined ? rootInWords(root) : `${rootInWords(root)} (${place})`;
}

const PLACED = /^((?:timeline|hazards)\[\d+\]) (.+)$/su;

type Rule = readonly [pattern: RegExp, words: string];

/** What `labelOf` in simulation/timeline.ts writes, but for `traffic × 3 to shop`, which is in words. */
const ACTIONS: readonly Rule[] = [
  [/^(deploy|rollback|abort|pause|crash|partition|drain|cordon|uncordon|upgrade) /u, "the $1 of "],
  [/^promote /u, "the promotion of "],
  [/^resume /u, "the resumption of "],
  [/^scale /u, "the scaling of "],
  [/^slow /u, "the slowdown of "],
  [/^kill 1 of /u, "the kill of 1 container of "],
  [/^kill (\d+) of /u, "the kill of $1 containers of "],
  [/^(registry|control plane) down /u, "the failure of the $1 "],
];

const OTHERS: readonly Rule[] = [
  [/^start of the run$/u, "the start of the run"],
  [/^image /u, "the start of the run with "],
  [/^(startup|readiness|liveness) probe of /u, "a failed $1 probe of "],
  [/^autoscaler of /u, "a decision of the autoscaler of "],
];

function wordsOf(text: string, rules: readonly Rule[]): string {
  const rule = rules.find(([pattern]) => pattern.test(text));
  return rule === undefined ? text : text.replace(...rule);
}
