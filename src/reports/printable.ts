/**
 * Text from a scenario made safe to print anywhere: no control characters, no bidirectional overrides, no lone
 * surrogates (which would make an SVG or a JSON file ill-formed). Line breaks and tabs become one space.
 */
export function printable(text: string): string {
  return text
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, " ")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu, "")
    .trim();
}

/** `text` cut to `length` characters (code points) with an ellipsis at the end; `length` is at least 1. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(printable(text));
  return characters.length <= length ? characters.join("") : `${characters.slice(0, length - 1).join("")}…`;
}

/** As `shorten`, but cuts the middle out, because a version's tag at the end tells it apart from its siblings. */
export function shortenMiddle(text: string, length: number): string {
  const characters = Array.from(printable(text));
  if (characters.length <= length) return characters.join("");
  const tail = Math.floor((length - 1) / 2);
  const head = length - 1 - tail;
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`;
}
