import { shortenMiddle } from "../printable.ts";

/** Names as labels of at most `length` characters; names that look the same once cut or cleaned get a number. */
export function distinctLabels(names: readonly string[], length: number): Map<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    if (labels.has(name)) continue;
    const plain = shortenMiddle(name, length);
    let label = plain;
    for (let number = 2; taken.has(label); number += 1) label = `${plain} #${number}`;
    taken.add(label);
    labels.set(name, label);
  }
  return labels;
}
