/** One cell of a CSV file; null is an empty cell. */
export type Cell = string | number | boolean | null;

/** What spreadsheets take for the start of a formula (OWASP, "CSV Injection"). */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/u;

/**
 * Rows as CSV by RFC 4180: CRLF after every row, quotes where needed. Text that a spreadsheet would run as a formula gets a
 * leading `'`; numbers stay as they are, negative ones too.
 */
export function csv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  let text = `${header.map(cell).join(",")}\r\n`;
  for (const row of rows) text += `${row.map(cell).join(",")}\r\n`;
  return text;
}

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const guarded = FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
