/**
 * The same data with every number cut to 12 significant digits: the noise of adding floating-point numbers in another order is
 * not a result. Whole numbers stay exact.
 */
export function rounded<T>(value: T): T {
  return round(value) as T;
}

function round(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(round);
  if (typeof value !== "object" || value === null) return value;
  const twin: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    // A service may be called `__proto__`: it is a name like any other.
    if (key !== "__proto__") twin[key] = round(entry);
    else
      Object.defineProperty(twin, key, { value: round(entry), enumerable: true, writable: true, configurable: true });
  }
  return twin;
}
