/**
 * Advance widths of U+0020…U+007E in thousandths of the font size, as in Arimo, Liberation Sans, Arial and Helvetica, which
 * share them. Measured from a table, not from a canvas, so that a drawing is the same on every machine.
 */
const REGULAR = widths(
  "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 " +
    "584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 " +
    "278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 " +
    "500 500 500 334 260 334 584",
);
const BOLD = widths(
  "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 " +
    "584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 " +
    "333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 " +
    "556 556 500 389 280 389 584",
);

/** Anything past the table: a wide letter, or a full em for East Asian scripts and pictographs. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f000}-\u{3ffff}…—]/u;
const COMBINING = /\p{M}/u;

/** The family every chart asks for: metric-compatible faces first, so that the table's widths hold. */
export const CHART_FONT = "Arimo, Liberation Sans, Arial, Helvetica, sans-serif";

/** Width of one line of `text` in pixels at `size` pixels. */
export function textWidth(text: string, size: number, bold = false): number {
  const table = bold ? BOLD : REGULAR;
  let thousandths = 0;
  for (const character of text) {
    thousandths += table[(character.codePointAt(0) ?? 0) - 32] ?? otherWidth(character);
  }
  return (thousandths * size) / 1000;
}

/** `text` cut with an ellipsis so that it is at most `width` pixels wide at `size` pixels. */
export function fitText(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && textWidth(characters.join(""), size) + size > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

function otherWidth(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 1000 : 600;
}

function widths(text: string): readonly number[] {
  return text.split(" ").map(Number);
}
