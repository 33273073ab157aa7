import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const NOT_OURS = new Set(["node_modules", "dist", "reports", "coverage"]);

/** Every Markdown page of the project, by its path from the root, in order. */
export function pages(): string[] {
  return below("").sort();
}

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith(".") || NOT_OURS.has(entry.name) ? [] : below(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** A page's text, with line feeds only. */
export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8").replaceAll("\r\n", "\n");
}

/** A fenced block: ```` ```yaml examples/shop.yaml ```` has the language `yaml` and the mark `examples/shop.yaml`. */
export interface Block {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly mark: string;
  readonly body: string;
}

/** The fenced blocks of a page, in order. A fence that is never closed is a mistake, and thrown. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; mark: string; lines: string[] } | undefined;
  textOf(page)
    .split("\n")
    .forEach((line, i) => {
      const fence = /^```(\S*)[ ]*(.*)$/.exec(line);
      if (open === undefined && fence !== null) {
        open = { line: i + 1, language: fence[1] ?? "", mark: fence[2] ?? "", lines: [] };
      } else if (open !== undefined && line === "```") {
        const { lines, ...head } = open;
        blocks.push({ page, ...head, body: lines.map((text) => `${text}\n`).join("") });
        open = undefined;
      } else open?.lines.push(line);
    });
  if (open !== undefined) throw new Error(`${page}:${open.line}: the block has no end`);
  return blocks;
}

/** The targets of a page's links outside of code, as written. */
export function linksOf(page: string): string[] {
  const prose = textOf(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? "");
}

/** What GitHub calls a heading in a link: lower case, words joined by hyphens. */
export function anchorsOf(page: string): Set<string> {
  const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, "");
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}
