import { podFromV1 } from "../../src/scheduling/kubernetes/fromV1.ts";
import type { PodInfo } from "../../src/scheduling/kubernetes/podInfo.ts";
import { queueOrder } from "../../src/scheduling/kubernetes/preemption.ts";
import type { CaseFile, CaseJson } from "./conformanceCases.ts";
import { ABOUT, FILE, POD, refuse, unknownFields } from "./schedulerFields.ts";

interface Queued {
  readonly pod: PodInfo;
  readonly queuedAt: number;
  /** What `expect` may call it. */
  readonly names: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What a moment in the queue is called, beside the pod, in it, or for both pods together. */
const TIME = /^(t\d?|at)$|time|stamp|queue|added|second/i;
const ORDINALS = ["first", "second"];

/**
 * Two pods in the queue: `pods`, or two fields that hold a pod each (or its priority); with a timestamp each. Expected is whether the
 * first is taken before the second (true or false; the other way round under a key that begins with the second's field), the name or
 * the field of the one that is, or both in order; null: neither before the other.
 *
 * @throws Error naming a field that is none of these
 */
export function queueCase(file: CaseFile, one: CaseJson): readonly string[] {
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(one.pods)
    ? one.pods.map((entry, i) => [ORDINALS[i] ?? "", entry])
    : Object.entries(one).filter(([, value]) => holdsPod(value));
  const others = Object.entries(one).filter(([key, value]) => key !== "pods" && !holdsPod(value) && !TIME.test(key));
  refuse([
    ...unknownFields(file, FILE, "of the file"),
    ...unknownFields(Object.fromEntries(others), { ...ABOUT, expect: true }, ""),
  ]);
  const [left, right, ...more] = entries.map(([field, entry], i) =>
    queued(field, entry as Fields, sharedTime(one, field, i)),
  );
  if (left === undefined || right === undefined || more.length > 0)
    throw new Error("a case about the queue has two pods");
  const isLeftFirst = queueOrder(left, right) < 0;
  const isRightFirst = queueOrder(right, left) < 0;
  const { key, wanted } = outcome(one.expect);
  if (typeof wanted === "boolean") {
    const isAsExpected = wanted === (key.startsWith(right.names[0] ?? "") ? isRightFirst : isLeftFirst);
    return isAsExpected ? [] : [`the first is ${isLeftFirst ? "" : "not "}taken before the second`];
  }
  if (wanted === null) return isLeftFirst || isRightFirst ? ["one is taken before the other"] : [];
  const front = isRightFirst ? right : left;
  return front.names.includes(String(wanted)) ? [] : [`${front.pod.name} is taken first, expected ${String(wanted)}`];
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function holdsPod(value: unknown): value is Fields {
  return isMap(value) && ["metadata", "spec", "pod", "priority"].some((key) => key in value);
}

/** A time that stands beside both pods: of a list, of a map by the pods' fields, or of two fields. */
function sharedTime(one: CaseJson, field: string, place: number): unknown {
  const given = Object.entries(one).filter(([key, value]) => TIME.test(key) && !holdsPod(value));
  const values = given.flatMap(([, value]): unknown[] => {
    if (Array.isArray(value)) return value;
    return isMap(value) ? Object.entries(value).map(([name, time]) => (name === field ? time : undefined)) : [value];
  });
  return isMap(given[0]?.[1]) ? values.find((time) => time !== undefined) : values[place];
}

const ENTRY = { ...POD, pod: POD, name: true, priority: true } as const;

function queued(field: string, entry: Fields, shared: unknown): Queued {
  const isTimed = ([key]: readonly [string, unknown]) => TIME.test(key);
  const untimed = Object.entries(entry).filter((one) => !isTimed(one));
  refuse(unknownFields(Object.fromEntries(untimed), ENTRY, field));
  const json = (entry.pod ?? entry) as Fields;
  const metadata = (json.metadata ?? {}) as Fields;
  const { priority = (json.spec as Fields | undefined)?.priority, name = field } = entry;
  const pod = podFromV1({ ...json, metadata: { name, ...metadata }, spec: { ...(json.spec as Fields), priority } });
  const own = [entry, metadata].map((fields) => Object.entries(fields).find(isTimed)?.[1]);
  return { pod, queuedAt: momentOf(shared ?? own.find((value) => value !== undefined)), names: [field, pod.name] };
}

function momentOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === "number") return value;
  const moment = Number.isNaN(Number(value)) ? Date.parse(String(value)) : Number(value);
  if (Number.isNaN(moment)) throw new Error(`expected a time, found ${JSON.stringify(value)}`);
  return moment;
}

/** What is expected, whatever `expect` calls it: a boolean, a name, or the first of the names in order; and under which key. */
function outcome(expected: unknown): { readonly key: string; readonly wanted: unknown } {
  const [key, value] = isMap(expected) ? (Object.entries(expected)[0] ?? ["", null]) : ["", expected];
  return { key, wanted: Array.isArray(value) ? value[0] : value };
}
