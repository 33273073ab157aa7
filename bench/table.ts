import type { Spread } from "./turns.ts";

/** Columns wide enough for their longest cell; the first one flush left, the others right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** A median with its range: `1,630,000 (1,560,000 to 1,640,000)`. */
export function shown(spread: Spread, digits: number): string {
  const text = (value: number) => {
    const [whole = "", fraction] = value.toFixed(digits).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return fraction === undefined ? grouped : `${grouped}.${fraction}`;
  };
  return `${text(spread.median)} (${text(spread.min)} to ${text(spread.max)})`;
}
