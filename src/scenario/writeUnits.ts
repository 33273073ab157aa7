import type { NamedSettings } from "../cluster/spec.ts";
import type { Branch, Tree } from "./writePruned.ts";

const UNITS = [
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
] as const;

/** Bytes in the largest unit that says them exactly: `256Mi`. */
export function bytes(count: number): string {
  const unit = UNITS.find(([, size]) => count > 0 && count % size === 0);
  return unit === undefined ? `${count}B` : `${count / unit[1]}${unit[0]}`;
}

/** Thousandths of a core: `4`, or `500m`. */
export function cores(millicores: number): Branch {
  return millicores % 1000 === 0 ? millicores / 1000 : `${millicores}m`;
}

/** Without the fields that are undefined. */
export function defined(fields: Readonly<Record<string, Branch | undefined>>): Tree {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** `rolling`, or `{ rolling: { maxSurge: 1 } }`. */
export function treeOfPlugin({ name, settings }: NamedSettings): Branch {
  // Settings are kept as the file gave them: data that YAML can say.
  return Object.keys(settings).length === 0 ? name : { [name]: structuredClone(settings) as Tree };
}
