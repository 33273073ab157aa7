/** Reads fields of Kubernetes objects, strict about shapes and silent about fields that nobody asks for. */

/** A Kubernetes object has a field of the wrong shape. The user's doing: callers add file and line. */
export class V1FieldError extends Error {
  override readonly name = "V1FieldError";
  /** Such as `spec.containers[0].resources.requests.cpu`. */
  readonly path: string;
  /** What was found there, in a few words. */
  readonly found: string;
  /** What should stand there, a phrase that goes after "expected". */
  readonly expected: string;

  constructor(path: string, value: unknown, expected: string) {
    const found = describe(value);
    super(`${path}: found ${found}, expected ${expected}`);
    this.path = path;
    this.found = found;
    this.expected = expected;
  }
}

const LONGEST = 60;

function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A value and where it stands in its object. Absent and null are the same, as in Kubernetes. */
export class V1Field {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value ?? undefined;
    this.path = path;
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  /** A field of this map; of an absent map, an absent field. */
  at(key: string): V1Field {
    const path = this.path === "" ? key : `${this.path}.${key}`;
    const map = this.#map();
    return new V1Field(map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined, path);
  }

  /** The items of this list; none if absent. */
  items(): readonly V1Field[] {
    if (this.value === undefined) return [];
    if (!Array.isArray(this.value)) throw this.refused("a list");
    return this.value.map((item, index) => new V1Field(item, `${this.path}[${index}]`));
  }

  /** The fields of this map, by key; none if absent. */
  entries(): readonly (readonly [string, V1Field])[] {
    const map = this.#map();
    return map === undefined ? [] : Object.keys(map).map((key) => [key, this.at(key)]);
  }

  text(): string | undefined {
    if (this.value === undefined || typeof this.value === "string") return this.value;
    throw this.refused("text (put it in quotes)");
  }

  requiredText(): string {
    const text = this.text();
    if (text === undefined || text === "") throw this.refused("text");
    return text;
  }

  isTrue(): boolean {
    if (this.value === undefined) return false;
    if (typeof this.value === "boolean") return this.value;
    throw this.refused("true or false");
  }

  /** A whole number within a range, both ends included. */
  whole(from: number, to: number): number | undefined {
    if (this.value === undefined) return undefined;
    if (typeof this.value === "number" && Number.isInteger(this.value) && this.value >= from && this.value <= to)
      return this.value;
    throw this.refused(`a whole number from ${from} to ${to}`);
  }

  /** One of a few words. */
  choice<const Words extends readonly string[]>(words: Words): Words[number] | undefined {
    const text = this.text();
    if (text === undefined || text === "") return undefined;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw this.refused(`one of ${words.join(", ")}`);
    return word;
  }

  refused(expected: string): V1FieldError {
    return new V1FieldError(this.path, this.value, expected);
  }

  #map(): Readonly<Record<string, unknown>> | undefined {
    if (this.value === undefined) return undefined;
    if (typeof this.value !== "object" || Array.isArray(this.value)) throw this.refused("a map");
    return this.value as Readonly<Record<string, unknown>>;
  }
}
