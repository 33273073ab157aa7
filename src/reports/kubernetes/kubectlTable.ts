import { printable } from "../printable.ts";
import { cellWidth } from "../terminalTable.ts";

/** A column is at least so wide, and so far from the next (kubectl, printers/tabwriter.go). */
const LEAST_WIDTH = 6;
const PADDING = 3;

/** Columns and rows of text, the headings apart. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Lines as kubectl aligns them: to the left, three spaces apart, nothing cut, and no space after the last column. */
export function kubectlTable({ headings, rows }: Table): string[] {
  const lines = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, at) =>
    Math.max(LEAST_WIDTH, PADDING + Math.max(...lines.map((line) => cellWidth(line[at] ?? "")))),
  );
  return lines.map((line) =>
    line
      .map((text, at) => text + " ".repeat((widths[at] ?? 0) - cellWidth(text)))
      .join("")
      .trimEnd(),
  );
}

/** The same with the namespace in front where there is more than one, as `kubectl get --all-namespaces` does. */
export function withNamespaces({ headings, rows }: Table, namespaces: readonly string[]): Table {
  if (new Set(namespaces).size < 2) return { headings, rows };
  return {
    headings: ["NAMESPACE", ...headings],
    rows: rows.map((row, at) => [namespaces[at] ?? "", ...row]),
  };
}

/** Order of names as the API lists them: by character code, so `shop-10` comes before `shop-2`. */
export function byName(
  one: { readonly namespace: string; readonly name: string },
  other: { readonly namespace: string; readonly name: string },
): number {
  return compare(one.namespace, other.namespace) || compare(one.name, other.name);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
