/** A tree as YAML or JSON has it. */
export type Tree = { [key: string]: Branch };
/** What a tree is made of. */
export type Branch = string | number | boolean | null | Branch[] | Tree;

/**
 * The tree without every key that can go while `keeps` still holds, larger parts first.
 *
 * The reader itself is asked, so that no default stands written twice.
 */
export function withoutDefaults(tree: Tree, keeps: (tree: Tree) => boolean): Tree {
  const kept = structuredClone(tree);
  prune(kept, () => keeps(kept));
  return kept;
}

/** Removed and put back in place: keys keep their order. */
function prune(branch: Branch, keeps: () => boolean): void {
  if (Array.isArray(branch)) {
    for (const item of branch) prune(item, keeps);
    return;
  }
  if (typeof branch !== "object" || branch === null) return;
  const entries = Object.entries(branch);
  const without = new Set<string>();
  const show = () => {
    for (const key of Object.keys(branch)) delete branch[key];
    for (const [key, value] of entries) if (!without.has(key)) branch[key] = value;
  };
  for (const [key, value] of entries) {
    without.add(key);
    show();
    if (keeps()) continue;
    without.delete(key);
    show();
    prune(value, keeps);
  }
}

/** Deep equality of plain data in which an undefined field is no field. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return Object.is(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one, other].map(
    (value) => new Map(Object.entries(value).filter(([, field]) => field !== undefined)),
  );
  if (left === undefined || right === undefined || left.size !== right.size) return false;
  return [...left].every(([key, value]) => right.has(key) && sameValue(value, right.get(key)));
}
