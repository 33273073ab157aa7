import { PluginError, thrownAt } from "../kernel/errors.ts";
import { PluginMisdeed } from "./misdeeds.ts";

/** Plain data seen frozen before: what never changes is walked through once. */
const frozen = new WeakSet<object>();

/** Freezes plain data through and through; functions and maps are left as they are. */
export function freezeDeeply<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || frozen.has(value)) return value;
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) return value;
  frozen.add(value);
  for (const inner of Object.values(value)) freezeDeeply(inner);
  return Object.freeze(value);
}

/**
 * Calls a plug-in with ambient chance and clocks taken away for as long as the call takes.
 *
 * @throws PluginMisdeed that names what it did: drew chance, changed what it was shown, or threw.
 */
export function guardedCall<Answer>(who: string, call: () => Answer): Answer {
  const restore = forbidAmbience(who);
  try {
    const answer = call();
    // Refused by whoever checks the answer; what it fails with until then has nobody to hear it, and would end the thread.
    if (answer instanceof Promise) answer.catch(() => undefined);
    return answer;
  } catch (error) {
    if (error instanceof PluginMisdeed) throw error;
    // What a filter or score threw comes as the scheduler's own error, with the first one as its cause.
    const first = error instanceof PluginError ? error.cause : error;
    const message = error instanceof Error ? error.message : String(error);
    if (first instanceof TypeError && FROZEN.test(first.message)) {
      throw new PluginMisdeed(
        "plug-in-mutates-its-view",
        `${who} changes what it was shown: ${first.message}${thrownAt(first)}`,
        error,
      );
    }
    if (error instanceof PluginError) throw error;
    throw new PluginMisdeed("plug-in-throws", `${who} threw: ${message}${thrownAt(error)}`, error);
  } finally {
    restore();
  }
}

/** How engines word a write to something frozen (V8; SpiderMonkey and JavaScriptCore). */
const FROZEN =
  /read.?only|not extensible|non-extensible|cannot delete property|can't delete|unconfigurable|non-configurable/i;

/** @returns what puts everything back. */
function forbidAmbience(who: string): () => void {
  const caught = (what: string) => () => {
    throw new PluginMisdeed("plug-in-draws-ambient-chance", `${who} uses ${what}; it may use only what it is given`);
  };
  const { random } = Math;
  const { Date: clock, performance: timer } = globalThis;
  const now = timer.now;
  Math.random = caught("Math.random");
  globalThis.Date = new Proxy(clock, {
    construct: (target, given: unknown[]) =>
      given.length === 0 ? caught("new Date()")() : Reflect.construct(target, given),
    get: (target, key) => (key === "now" ? caught("Date.now") : Reflect.get(target, key)),
    apply: caught("Date()"),
  });
  timer.now = caught("performance.now");
  return () => {
    Math.random = random;
    globalThis.Date = clock;
    timer.now = now;
  };
}
