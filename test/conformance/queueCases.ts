import { podFromV1 } from "../../src/scheduling/kubernetes/fromV1.ts";
import type { PodInfo } from "../../src/scheduling/kubernetes/podInfo.ts";
import { queueOrder } from "../../src/scheduling/kubernetes/preemption.ts";
import type { CaseJson } from "./conformanceCases.ts";

interface Queued {
  readonly pod: PodInfo;
  readonly queuedAt: number;
  /** What `expect` may call it. */
  readonly names: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What a moment in the queue is called, beside the pod, in it, or for both pods together. */
const TIME = /^t\d?$|time|stamp|queued|enqueued|second/i;
const ORDINALS = ["first", "second"];

/**
 * Two pods in the queue: `pods`, or two fields that hold a pod each; with a timestamp each. Expected is whether the first is taken
 * before the second (true or false), the name or the field of the one that is, or both in order; null: neither before the other.
 */
export function queueCase(one: CaseJson): readonly string[] {
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(one.pods)
    ? one.pods.map((entry, i) => [ORDINALS[i] ?? "", entry])
    : Object.entries(one).filter(([, value]) => holdsPod(value));
  const shared = sharedTimes(one);
  const [left, right] = entries.map(([field, entry], i) => queued(field, entry as Fields, shared[i]));
  if (left === undefined || right === undefined) throw new Error("a case about the queue has two pods");
  const isLeftFirst = queueOrder(left, right) < 0;
  const isRightFirst = queueOrder(right, left) < 0;
  const wanted = outcome(one.expect);
  if (typeof wanted === "boolean")
    return wanted === isLeftFirst ? [] : [`the first is ${isLeftFirst ? "" : "not "}taken before the second`];
  if (wanted === null) return isLeftFirst || isRightFirst ? ["one is taken before the other"] : [];
  const front = isRightFirst ? right : left;
  return front.names.includes(String(wanted)) ? [] : [`${front.pod.name} is taken first, expected ${String(wanted)}`];
}

function holdsPod(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return "metadata" in value || "spec" in value || "pod" in value;
}

/** Times that stand beside both pods: a list, or two fields. */
function sharedTimes(one: CaseJson): readonly unknown[] {
  const values = Object.entries(one).flatMap(([key, value]) => (TIME.test(key) ? [value] : []));
  return values.flat();
}

function queued(field: string, entry: Fields, shared: unknown): Queued {
  const json = (entry.pod ?? entry) as Fields;
  const metadata = (json.metadata ?? {}) as Fields;
  const own = [entry, metadata].map((fields) => Object.entries(fields).find(([key]) => TIME.test(key))?.[1]);
  const pod = podFromV1({ ...json, metadata: { name: field, ...metadata } });
  return { pod, queuedAt: momentOf(shared ?? own.find((value) => value !== undefined)), names: [field, pod.name] };
}

function momentOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return 0;
  return Number.isNaN(Number(value)) ? Date.parse(value) : Number(value);
}

/** Whatever `expect` calls it: a boolean, a name, or the names in order. */
function outcome(expected: unknown): unknown {
  if (typeof expected !== "object" || expected === null) return expected;
  const [value] = Array.isArray(expected) ? expected : Object.values(expected);
  return Array.isArray(value) ? value[0] : value;
}
