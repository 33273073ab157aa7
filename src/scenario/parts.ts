/** Parsing piece by piece, so that one bad piece does not hide what is wrong with the others. */
import type { z } from "zod";
import { suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import { parsePart } from "./issues.ts";
import type { Path } from "./path.ts";
import type { Findings } from "./scenarioError.ts";

/** Where a piece stands, and who hears of its problems. */
export interface Spot {
  readonly path: Path;
  readonly findings: Findings;
}

/** The spot one step further down. */
export function below(spot: Spot, ...steps: readonly (string | number)[]): Spot {
  return { path: [...spot.path, ...steps], findings: spot.findings };
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** Each key's value as parsed; undefined where it has problems. */
export type KeyOutputs<Given extends Shape> = { [Key in keyof Given]: z.output<Given[Key]> | undefined };

/** The own keys of a map; undefined, with a problem, where the value is none. */
export function mapOf(raw: unknown, spot: Spot): ReadonlyMap<string, unknown> | undefined {
  if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) return new Map(Object.entries(raw));
  spot.findings.problem(spot.path, refusal(raw, "a map of keys, as { key: value }"));
  return undefined;
}

/** Parses each key of a map by itself; keys of `elsewhere` are known, and left to the caller. */
export function parseKeys<Given extends Shape>(
  shape: Given,
  raw: ReadonlyMap<string, unknown>,
  spot: Spot,
  elsewhere: readonly string[] = [],
): KeyOutputs<Given> {
  const known = [...Object.keys(shape), ...elsewhere];
  for (const key of raw.keys()) {
    if (known.includes(key)) continue;
    const names = known.filter((name) => !name.startsWith("$"));
    spot.findings.keyProblem([...spot.path, key], `unknown key ${JSON.stringify(key)}${suggestion(key, names)}`);
  }
  const outputs = Object.entries(shape).map(([key, schema]) => [
    key,
    parsePart(schema, raw.get(key), below(spot, key)),
  ]);
  return Object.fromEntries(outputs) as KeyOutputs<Given>;
}

/** Parses each entry of a list by itself; nothing at all is an empty list. */
export function parseList<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  spot: Spot,
): (z.output<Schema> | undefined)[] {
  if (raw === undefined || raw === null) return [];
  if (Array.isArray(raw)) return raw.map((item: unknown, i) => parsePart(schema, item, below(spot, i)));
  spot.findings.problem(spot.path, refusal(raw, "a list"));
  return [];
}

/** What the entries of a map by name must be. */
export interface NamedRules<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly isName: (name: string) => boolean;
  /** Goes after "expected". */
  readonly nameExpected: string;
}

/** An entry of a map by name; `form` undefined: it has problems. */
export interface NamedPart<Form> {
  readonly raw: unknown;
  readonly form: Form | undefined;
}

/** Parses each entry of a map by name by itself; nothing at all is an empty map, and an entry of nothing all defaults. */
export function parseNamed<Schema extends z.ZodType>(
  rules: NamedRules<Schema>,
  raw: unknown,
  spot: Spot,
): ReadonlyMap<string, NamedPart<z.output<Schema>>> {
  const outputs = new Map<string, NamedPart<z.output<Schema>>>();
  if (raw === undefined || raw === null) return outputs;
  for (const [name, value] of mapOf(raw, spot) ?? []) {
    if (!rules.isName(name)) spot.findings.keyProblem([...spot.path, name], refusal(name, rules.nameExpected));
    outputs.set(name, { raw: value, form: parsePart(rules.schema, value ?? undefined, below(spot, name)) });
  }
  return outputs;
}
