import { accepted, type Parsed, refused, textOrNumberField } from "./refusal.ts";

/** A number of replicas, or a percentage of them: Kubernetes' IntOrString. `value` of a percent is 25 for 25%. */
export type CountOrPercent =
  | { readonly kind: "count"; readonly value: number }
  | { readonly kind: "percent"; readonly value: number };

const EXPECTED = "a whole number or a percentage, such as 1 or 25%";
const MOST = 100_000;

/** Reads `3` or `25%`; a percentage may go beyond 100 (a surge of 200%). */
export function parseCountOrPercent(text: string): Parsed<CountOrPercent> {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return refused(EXPECTED);
  const value = Number(digits);
  if (percent === "%") return value <= MOST ? accepted({ kind: "percent", value }) : refused(`at most ${MOST}%`);
  if (!Number.isInteger(value)) return refused(EXPECTED);
  return value <= MOST ? accepted({ kind: "count", value }) : refused(`at most ${MOST}`);
}

/** `3` → `{ kind: "count", value: 3 }`; `25%` → `{ kind: "percent", value: 25 }`. */
export const countOrPercent = textOrNumberField(EXPECTED, parseCountOrPercent).meta({
  title: "count or percentage",
  description: "A whole number, or a percentage of the replicas, such as 25%.",
});

/** The number meant for `total` replicas, a fraction rounded up (Kubernetes' rule for maxSurge). */
export function resolveUp(amount: CountOrPercent, total: number): number {
  return amount.kind === "count" ? amount.value : Math.ceil(part(amount.value, total));
}

/** The number meant for `total` replicas, a fraction rounded down (Kubernetes' rule for maxUnavailable). */
export function resolveDown(amount: CountOrPercent, total: number): number {
  return amount.kind === "count" ? amount.value : Math.floor(part(amount.value, total));
}

/** Cleared of binary dust, so that 30.1% of 1000 is 301 both up and down. */
function part(percent: number, total: number): number {
  const exact = (percent * total) / 100;
  const whole = Math.round(exact);
  return Math.abs(exact - whole) < 1e-9 * Math.max(1, whole) ? whole : exact;
}
