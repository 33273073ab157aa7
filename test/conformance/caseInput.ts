/** The input of a case, read field by field: case files are data from outside. */
export class CaseInput {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(input: unknown) {
    if (typeof input !== "object" || input === null || Array.isArray(input)) {
      throw new Error(`expected an object, found ${JSON.stringify(input)}`);
    }
    this.#fields = { ...input };
  }

  /** The raw value; absent and null are undefined. */
  raw(name: string): unknown {
    return this.#fields[name] ?? undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  names(): string[] {
    return Object.keys(this.#fields);
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

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === "string") return value;
    throw new Error(`expected a text "${name}", found ${JSON.stringify(value)}`);
  }

  flag(name: string): boolean {
    return this.raw(name) === true;
  }

  /** A nested object; undefined where there is none. */
  part(name: string): CaseInput | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : new CaseInput(value);
  }

  /** A list of objects, without its nulls; a single object is a list of one, nothing an empty one. */
  parts(name: string): CaseInput[] {
    const value = this.raw(name);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.filter((one) => one !== null && one !== undefined).map((one) => new CaseInput(one));
  }

  numbers(name: string): number[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) return [];
    return value.filter((one): one is number => typeof one === "number");
  }
}
