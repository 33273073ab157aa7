/** The ids of `list` that `other` lacks, in order. Both ascend; each is walked once. */
export function missingFrom(other: readonly number[], list: readonly number[]): number[] {
  const missing: number[] = [];
  let at = 0;
  for (const id of list) {
    while (at < other.length && (other[at] as number) < id) at++;
    if (other[at] !== id) missing.push(id);
  }
  return missing;
}
