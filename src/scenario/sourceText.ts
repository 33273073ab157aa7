import { ScenarioError } from "./scenarioError.ts";

const LINE_FEED = 0x0a;

/**
 * The text of a file's bytes, a byte order mark left out.
 *
 * @throws ScenarioError with the line of the first bytes that are no UTF-8: read with a guess they would be names that nobody wrote.
 */
export function decodeSource(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const line = firstBadLine(bytes);
    const message = "found bytes that are no UTF-8 text, expected a text file in UTF-8";
    throw new ScenarioError([{ file, line, column: 1, path: "", message }]);
  }
}

/** No character reaches over a line break, so each line can be judged by itself. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}
