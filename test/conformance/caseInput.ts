/** The input of a case, read field by field: case files are data from outside. Knows what of it nobody read. */
export class CaseInput {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();
  readonly #parts = new Map<string, CaseInput>();

  constructor(input: unknown) {
    if (typeof input !== "object" || input === null || Array.isArray(input)) {
      throw new Error(`expected an object, found ${JSON.stringify(input)}`);
    }
    this.#fields = { ...input };
  }

  /** The raw value; absent and null are undefined. */
  raw(name: string): unknown {
    this.#read.add(name);
    return this.#fields[name] ?? undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** True even of a null: the field is named. */
  names(name: string): boolean {
    return name in this.#fields;
  }

  /** The names of its fields that a pattern fits. */
  namesLike(pattern: RegExp): string[] {
    return Object.keys(this.#fields).filter((name) => pattern.test(name));
  }

  /** Fields that a function knows and does not go by. */
  leaves(...names: readonly string[]): this {
    for (const name of names) this.#read.add(name);
    return this;
  }

  number(name: string): number {
    const value = this.numberOr(name);
    if (value === undefined) throw new Error(`expected a number "${name}", found nothing`);
    return value;
  }

  numberOr(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === "number") return value;
    throw new Error(`expected a number "${name}", found ${JSON.stringify(value)}`);
  }

  /** The first of those numbers that is there. */
  firstNumber(...names: readonly string[]): number | undefined {
    return names.map((name) => this.numberOr(name)).find((value) => value !== undefined);
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === "string") return value;
    throw new Error(`expected a text "${name}", found ${JSON.stringify(value)}`);
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (value === undefined || typeof value === "boolean") return value === true;
    throw new Error(`expected true or false "${name}", found ${JSON.stringify(value)}`);
  }

  /** A nested object; undefined where there is none. */
  part(name: string): CaseInput | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : this.#nested(name, value);
  }

  /** A list of objects, without its nulls; a single object is a list of one, nothing an empty one. */
  parts(name: string): CaseInput[] {
    const value = this.raw(name);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.flatMap((one, place) =>
      one === null || one === undefined ? [] : [this.#nested(Array.isArray(value) ? `${name}[${place}]` : name, one)],
    );
  }

  numbers(name: string): number[] {
    const value = this.raw(name) ?? [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.flatMap((one) => {
      if (one === null) return [];
      if (typeof one === "number") return [one];
      throw new Error(`expected numbers "${name}", found ${JSON.stringify(value)}`);
    });
  }

  /** The paths of the fields that nobody read; a null says nothing, so it is none of them. */
  unread(): string[] {
    const own = Object.entries(this.#fields).filter(([name, value]) => value !== null && !this.#read.has(name));
    const inner = [...this.#parts].flatMap(([path, part]) => part.unread().map((name) => `${path}.${name}`));
    return [...own.map(([name]) => name), ...inner];
  }

  /** One and the same for a path, so that what one reader left another may read. */
  #nested(path: string, value: unknown): CaseInput {
    const known = this.#parts.get(path) ?? new CaseInput(value);
    this.#parts.set(path, known);
    return known;
  }
}
