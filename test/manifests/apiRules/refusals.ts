/** Tells whether a mistake is refused, once and at its line. */
import { expect } from "vitest";
import { problemsOf } from "../manifestSets.ts";

/** What is wrong, in which text; where the path ends, and what is said there. */
export type Case = readonly [what: string, text: string, path: string, says: string];

export function expectRefusal(text: string, path: string, says: string): void {
  const lines = problemsOf(text).split("\n");
  expect(lines, "one mistake, told once, at its line").toEqual([
    expect.stringMatching(/^app\.yaml:\d+:\d+ document \d, \w+ [^,]+, /),
  ]);
  const [head = "", tail = ""] = (lines[0] ?? "").split(/: (?=found)/);
  expect(head.endsWith(path), `${head} ends with ${path}`).toBe(true);
  expect(tail).toContain(says);
}
