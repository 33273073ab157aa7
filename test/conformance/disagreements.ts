/**
 * Where `actual` differs from `expected`, in words. Of maps, only the fields that `expected` names count; lists must be as long and
 * agree one by one; null and absent are the same.
 */
export function disagreements(actual: unknown, expected: unknown, path = "result"): readonly string[] {
  if (expected === null || expected === undefined)
    return actual === null || actual === undefined ? [] : [differs(path, actual, expected)];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [differs(path, actual, expected)];
    return expected.flatMap((item, i) => disagreements(actual[i], item, `${path}[${i}]`));
  }
  if (typeof expected === "object") {
    if (typeof actual !== "object" || actual === null) return [differs(path, actual, expected)];
    const fields = actual as Readonly<Record<string, unknown>>;
    return Object.entries(expected).flatMap(([key, value]) => disagreements(fields[key], value, `${path}.${key}`));
  }
  return actual === expected ? [] : [differs(path, actual, expected)];
}

function differs(path: string, actual: unknown, expected: unknown): string {
  return `${path} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}
