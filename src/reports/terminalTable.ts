import { keepUnits } from "./numbers.ts";
import { printable } from "./printable.ts";

/** Characters that take two cells on a terminal (Unicode Standard Annex 11, "East Asian Width": W and F). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /[\p{M}\u200b-\u200d]/u;

/** How many cells `text` takes on a terminal. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** `text`, made printable, cut with an ellipsis to at most `width` cells. */
export function fitCells(text: string, width: number): string {
  const clean = printable(text);
  if (cellWidth(clean) <= width) return clean;
  let kept = "";
  let used = 1;
  for (const character of clean) {
    used += cellWidth(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Rows as aligned columns, two spaces apart: the first to the left, the others to the right unless `left` names them. When they
 * are wider than `width`, the widest columns give way, down to eight cells each.
 */
export function terminalTable(
  rows: readonly (readonly string[])[],
  width: number,
  left: readonly number[] = [0],
): string[] {
  const clean = rows.map((row) => row.map(printable));
  const columns = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(0, ...clean.map((row) => cellWidth(row[at] ?? ""))),
  );
  shrink(widths, width - 2 * (columns - 1));
  return clean.map((row) =>
    widths
      .map((room, at) => {
        const text = fitCells(row[at] ?? "", room);
        const gap = " ".repeat(Math.max(0, room - cellWidth(text)));
        return left.includes(at) ? text + gap : gap + text;
      })
      .join("  ")
      .trimEnd(),
  );
}

function shrink(widths: number[], room: number): void {
  const least = 8;
  let excess = widths.reduce((sum, each) => sum + each, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= least) return;
    const at = widths.indexOf(widest);
    const second = Math.max(least, ...widths.filter((each) => each < widest));
    const cut = Math.min(excess, Math.max(1, widest - second));
    widths[at] = widest - cut;
    excess -= cut;
  }
}

/** `text` in lines of at most `width` cells, broken at spaces but not before a unit; a longer word is cut. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of keepUnits(printable(text)).split(/ +/u)) {
    const word = part.replaceAll("\u00a0", " ");
    const joined = line === "" ? word : `${line} ${word}`;
    if (cellWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = fitCells(word, width);
  }
  return line === "" ? lines : [...lines, line];
}
