/** Names that Windows keeps for devices, whatever the extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/u;

/** Bytes, not characters: file systems limit a name to 255 bytes, and an extension or a suffix still has to fit. */
const MAX_BYTES = 80;

/**
 * A name as one safe path segment: letters and digits of any script, `-`, `_` and inner dots; lower case, because two
 * names that differ only in case are one file on macOS and Windows. Never empty, never `..`, never reserved, at most 80 bytes.
 */
export function slug(name: string): string {
  const folded = name
    .replace(/\p{Cs}/gu, "-")
    .normalize("NFC")
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}_.]+/gu, "-")
    .replace(/\.{2,}/gu, ".");
  const trimmed = trimEnds(cutToBytes(trimEnds(folded)));
  if (trimmed === "") return "unnamed";
  return RESERVED.test(trimmed.split(".")[0] ?? "") ? `_${trimmed}` : trimmed;
}

/** One slug per name, in order; distinct names get distinct slugs, the first taker the plain one, the next `-2`, `-3`, … */
export function slugs(names: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const result = new Map<string, string>();
  for (const name of names) {
    if (result.has(name)) continue;
    const plain = slug(name);
    let candidate = plain;
    for (let number = 2; taken.has(candidate); number += 1) candidate = `${plain}-${number}`;
    taken.add(candidate);
    result.set(name, candidate);
  }
  return result;
}

function trimEnds(text: string): string {
  return text.replace(/^[-.]+|[-.]+$/gu, "");
}

function cutToBytes(text: string): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    if (bytes > MAX_BYTES) break;
    kept += character;
  }
  return kept;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
