import type { ChartTable, DrawnChart } from "./charts/chart.ts";
import { escapeHtml, escapeJson } from "./escapeHtml.ts";
import { keepUnits } from "./numbers.ts";
import { PAGE_STYLE } from "./pageStyle.ts";
import { shorten } from "./printable.ts";

/** Content of a page that is already HTML, escaped where it had to be. */
export type Html = string;

/** The parts of a report page. */
export interface PageParts {
  readonly kind: string;
  readonly title: string;
  readonly answer: string;
  /** What else has to be known at once: a line each, below the answer. */
  readonly notes: readonly string[];
  readonly sections: readonly Html[];
  /** Lines of the foot: what was run, and how to run it again. */
  readonly foot: readonly (readonly [string, string])[];
  /** Put into the page as JSON, for whoever reads the page by machine. */
  readonly data: unknown;
}

const MOST_NOTES = 20;

/** Nothing may be loaded or run: not from the network, not from the disk, not from a name in the scenario. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A whole page in one file: opens from disk, needs no script and no network. */
export function page({ kind, title, answer, notes, sections, foot, data }: PageParts): string {
  const facts = foot.map(([term, value]) => `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Rehearsal">
<title>${escapeHtml(title)} – ${escapeHtml(kind)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<p class="kind">Rehearsal · ${escapeHtml(kind)}</p>
<h1 dir="auto">${escapeHtml(shorten(title, 160))}</h1>
<p class="answer" dir="auto">${escapeHtml(keepUnits(answer))}</p>
${notesHtml(notes)}</header>
${sections.filter((section) => section !== "").join("\n")}
<footer>
<h2>How to repeat this</h2>
<dl class="facts">${facts.join("")}</dl>
</footer>
</main>
<script type="application/json" id="data">${escapeJson(data)}</script>
</body>
</html>
`;
}

function notesHtml(notes: readonly string[]): Html {
  const rest = notes.length - MOST_NOTES;
  const shown = [
    ...notes.slice(0, MOST_NOTES),
    ...(rest > 0 ? [`${rest} more are in summary.json beside this page.`] : []),
  ];
  return shown.map((note) => `<p class="note" dir="auto">${escapeHtml(keepUnits(note))}</p>\n`).join("");
}

/** A section with a heading; empty where it has no content. */
export function section(heading: string, content: Html): Html {
  return content === "" ? "" : `<section>\n<h2>${escapeHtml(heading)}</h2>\n${content}\n</section>`;
}

/** A paragraph that explains; empty without words. */
export function leadText(text: string): Html {
  return text === "" ? "" : `<p class="lead">${escapeHtml(text)}</p>`;
}

/** A column with longer texts than this does not shrink to a word a line. */
const WORDY = 24;

/** A table of text cells; columns of numbers are set flush right. The first column heads its row. */
export function table({ header, rows }: ChartTable, caption?: string): Html {
  const flushRight = header.map((_, at) => at > 0 && numericColumn(rows, at));
  // Always a class, so that no name of the scenario changes the mark-up.
  const kinds = header.map((_, at) =>
    flushRight[at] === true ? "n" : rows.some((row) => (row[at] ?? "").length > WORDY) ? "w" : "t",
  );
  const attribute = (at: number): string => ` class="${kinds[at] ?? "t"}"`;
  const head = header.map((text, at) => `<th scope="col"${attribute(at)} dir="auto">${escapeHtml(text)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((text, at) =>
      at === 0
        ? `<th scope="row"${attribute(at)} dir="auto">${escapeHtml(text)}</th>`
        : `<td${attribute(at)} dir="auto">${escapeHtml(text)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  const title = caption === undefined ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  return `<div class="scroll"><table>${title}<thead><tr>${head.join("")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

function numericColumn(rows: readonly (readonly string[])[], at: number): boolean {
  const cells = rows.map((row) => row[at] ?? "–");
  return cells.some((text) => text !== "–") && cells.every((text) => text === "–" || isNumber(text));
}

/** Text as `numbers.ts` writes numbers, times and intervals: no other words, so that `1 killed` is none. */
function isNumber(text: string): boolean {
  return /^[−<>+]? ?\d(?:[\d,.()–−+<>% ]|min|ms|[dhms]|to|unclear)*$/u.test(text);
}

/** A drawn chart inside the page, with its table of numbers folded away below. */
export function figure({ chart, svg }: DrawnChart): Html {
  const inline = svg.replace(/<style>.*?<\/style>/su, "").replace(/<!--.*?-->/gsu, "");
  return `<figure id="${escapeHtml(chart.slug)}">
<figcaption><strong dir="auto">${escapeHtml(chart.title)}</strong> <span>${escapeHtml(chart.caption)}</span></figcaption>
<div class="scroll">${inline}</div>
<details><summary>The figure in numbers</summary>${table(chart.table)}</details>
</figure>`;
}

/** Key numbers as tiles: a value, what it is, and a remark. */
export function tiles(entries: readonly { value: string; label: string; note?: string; bad?: boolean }[]): Html {
  const items = entries.map(
    ({ value, label, note, bad = false }) =>
      `<div${bad ? ' class="bad"' : ""}><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>${note === undefined ? "" : `<dd class="note">${escapeHtml(note)}</dd>`}</div>`,
  );
  return `<dl class="tiles ${items.length % 4 === 0 ? "four" : "five"}">${items.join("")}</dl>`;
}

/** More warnings than this are folded away under a line that counts them. */
const OPEN_WARNINGS = 4;

/** Warnings as a list; empty where there are none. */
export function warningList(warnings: readonly string[]): Html {
  if (warnings.length === 0) return "";
  const items = warnings.map((warning) => `<li dir="auto">${escapeHtml(warning)}</li>`);
  const list = `<ul>${items.join("")}</ul>`;
  const shown =
    warnings.length > OPEN_WARNINGS
      ? `<details><summary>${warnings.length} things that were assumed, or that have no effect in the simulation</summary>${list}</details>`
      : list;
  return `<section class="warnings"><h2>Warnings</h2>${shown}</section>`;
}
