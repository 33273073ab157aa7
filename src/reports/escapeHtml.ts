import { printable } from "./printable.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** Text for HTML content and quoted attributes: control characters gone, every significant character an entity. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);
}

/**
 * A value as JSON for `<script type="application/json">`: no `<` is left, so that no name can close the element,
 * nor open a comment. Still plain JSON for every parser.
 */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
