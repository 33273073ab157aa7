/** Plain numbers and choices whose refusals name the whole range. */
import { z } from "zod";
import { suggestion } from "./nearest.ts";
import { refusal } from "./refusal.ts";

/** A whole number from `from` to `to`, both included. */
export function wholeNumber(range: { readonly from: number; readonly to: number }) {
  const error = (issue: { readonly input?: unknown }) =>
    refusal(issue.input, `a whole number from ${range.from} to ${range.to}`);
  return z.int({ error }).min(range.from, { error }).max(range.to, { error });
}

/** Any number above 0 and at most `most`. */
export function positiveNumber(most: number) {
  const error = (issue: { readonly input?: unknown }) => refusal(issue.input, `a number above 0, at most ${most}`);
  return z.number({ error }).gt(0, { error }).max(most, { error });
}

/** One of a few words; the refusal names them and the nearest. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  const expected = words.length === 1 ? words[0] : `one of ${words.join(", ")}`;
  return z.enum(words, {
    error: (issue) => {
      const near = typeof issue.input === "string" ? suggestion(issue.input, words) : "";
      return refusal(issue.input, near.includes("did you mean") ? `${expected}${near}` : expected);
    },
  });
}

/** `true` or `false`. */
export const trueOrFalse = z.boolean({ error: (issue) => refusal(issue.input, "true or false") });
