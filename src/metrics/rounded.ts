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
  // Spread, and not key by key: it is quicker, and a service called `__proto__` is a name like any other.
  const twin: Record<string, unknown> = { ...value };
  for (const key in twin) twin[key] = round(twin[key]);
  return twin;
}
