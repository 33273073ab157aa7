import { gunzipSync } from "node:zlib";
import { UsageError } from "./exitCodes.ts";

/** Of a trace, unpacked: the few kilobytes of a `.gz` may hold any number of them. */
export const LARGEST_TRACE_BYTES: number = 128 * 2 ** 20;

/** A trace's bytes; those of a `.gz` unpacked. @throws UsageError where it is broken, cut off, or too large unpacked. */
export function unpacked(path: string, bytes: Uint8Array, most: number = LARGEST_TRACE_BYTES): Uint8Array {
  if (!path.endsWith(".gz")) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const reason =
      code === "ERR_BUFFER_TOO_LARGE"
        ? `it unpacks to more than ${Math.floor(most / 2 ** 20)} MB`
        : error instanceof Error
          ? error.message
          : String(error);
    throw new UsageError(`${path}: this is not a readable .gz file (${reason}).`);
  }
}
