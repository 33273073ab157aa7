import { quote } from "../fields/refusal.ts";
import { type Path, parsePath } from "./path.ts";
import { ScenarioError } from "./scenarioError.ts";
import { type Place, readSource, type SourceTree } from "./sourceTree.ts";

const LONGEST_PATH = 64;

/**
 * Puts `--set path=value` into the tree: the value is read as YAML, maps on the way are made, a plain value on the way gives way to
 * a map (so that `strategy.rolling.maxSurge=1` works over `strategy: rolling`), and the position after a list's last one adds to it.
 *
 * @throws ScenarioError that names the override.
 */
export function applyOverride(tree: SourceTree, override: string): void {
  const place: Place = { file: `--set ${override}`, line: undefined, column: undefined };
  const refuse = (message: string): never => {
    throw new ScenarioError([{ ...place, path: "", message }]);
  };
  const { path, text } =
    split(override) ?? refuse("found no path with a value, expected such as services.shop.replicas=7");
  if (path.length > LONGEST_PATH) refuse(`found a path of ${path.length} steps, expected at most ${LONGEST_PATH}`);
  if (path.includes("__proto__")) refuse('found the key "__proto__", which JavaScript keeps for itself');
  const value = withPlace(readSource(text, place.file), place);
  put(tree, path, { value, place, refuse });
}

interface Putting {
  readonly value: SourceTree;
  readonly place: Place;
  readonly refuse: (message: string) => never;
}

function put(tree: SourceTree, path: Path, putting: Putting): void {
  const [step, ...rest] = path;
  if (step === undefined || tree.kind === "scalar") return;
  const { value, place, refuse } = putting;
  const next = (old: SourceTree | undefined): SourceTree => {
    if (rest.length === 0) return value;
    return old === undefined || old.kind === "scalar" ? empty(rest[0], place) : old;
  };
  if (tree.kind === "map") {
    const old = tree.entries.get(String(step));
    const child = next(old?.tree);
    const keyPlace = rest.length === 0 || old === undefined ? place : old.keyPlace;
    tree.entries.set(String(step), { keyPlace, tree: child });
    put(child, rest, putting);
    return;
  }
  const position = /^\d+$/.test(String(step))
    ? Number(step)
    : refuse(`found ${quote(step)} in a list, expected a position`);
  const { length } = tree.items;
  if (position > length) refuse(`found position ${position} in a list of ${length}, expected at most ${length}`);
  const item = next(tree.items[position]);
  tree.items[position] = item;
  put(item, rest, putting);
}

function empty(step: string | number | undefined, place: Place): SourceTree {
  return typeof step === "number" ? { kind: "list", place, items: [] } : { kind: "map", place, entries: new Map() };
}

/** At the first `=` outside quotes. */
function split(override: string): { path: Path; text: string } | undefined {
  const match = /^((?:[^"'=]|"(?:[^"\\]|\\.)*"|'[^']*')+)=([\s\S]*)$/.exec(override);
  const path = parsePath(match?.[1]?.trim() ?? "");
  return path === undefined ? undefined : { path, text: match?.[2] ?? "" };
}

/** The same tree, every value of it standing in the override. */
function withPlace(tree: SourceTree, place: Place): SourceTree {
  if (tree.kind === "scalar") return { ...tree, place };
  if (tree.kind === "list") return { kind: "list", place, items: tree.items.map((item) => withPlace(item, place)) };
  const entries = [...tree.entries].map(
    ([key, entry]) => [key, { keyPlace: place, tree: withPlace(entry.tree, place) }] as const,
  );
  return { kind: "map", place, entries: new Map(entries) };
}
