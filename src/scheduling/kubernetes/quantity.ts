/** Kubernetes' resource quantities (`500m`, `1.5Gi`, `1e3`), read exactly up to 2⁵³. */

const QUANTITY = /^\+?(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d{1,3})?$/;
const PLAIN = /^\d{1,15}$/;

const BINARY_POWERS: ReadonlyMap<string, bigint> = new Map([
  ["Ki", 10n],
  ["Mi", 20n],
  ["Gi", 30n],
  ["Ti", 40n],
  ["Pi", 50n],
  ["Ei", 60n],
]);
const DECIMAL_POWERS: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);

/**
 * A quantity in whole units (`scale` 1: bytes, devices, pods) or thousandths (`scale` 1000: millicores), rounded up as
 * `Quantity.Value` and `Quantity.MilliValue` do. `undefined` if the text is no quantity, or is negative. Above 2⁵³ such units it
 * is the nearest number that there is, and at most 2⁶³: nothing larger is told apart there either.
 *
 * Source: Kubernetes API reference, Quantity: no number is above 2⁶³-1, larger ones are capped.
 */
export function parseQuantity(given: string | number, scale: 1 | 1000): number | undefined {
  const text = typeof given === "number" ? String(given) : given;
  if (PLAIN.test(text)) return nearest(BigInt(text) * BigInt(scale));
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const binary = BINARY_POWERS.get(suffix);
  const power = decimalPower(suffix) - fraction.length;
  const digits = BigInt(whole + fraction) * BigInt(scale) * 2n ** (binary ?? 0n);
  if (power >= 0) return nearest(digits * 10n ** BigInt(power));
  const divisor = 10n ** BigInt(-power);
  return nearest((digits + divisor - 1n) / divisor);
}

function decimalPower(suffix: string): number {
  if (/^[eE][+-]?\d/.test(suffix)) return Number(suffix.slice(1));
  return DECIMAL_POWERS.get(suffix) ?? 0;
}

const MOST = 2n ** 63n;

function nearest(units: bigint): number {
  return Number(units < MOST ? units : MOST);
}
