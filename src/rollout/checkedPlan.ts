import type { TrafficWeight } from "../cluster/services.ts";
import { copy } from "../kernel/copy.ts";
import { PluginError } from "../kernel/errors.ts";
import type { Plan, RolloutView, ScaleTo } from "./strategy.ts";

/** More containers than this of one release is a slip, not a wish. */
const MOST_CONTAINERS = 100_000;
/** Synthetic requests of one rollout: more are a slip as well. */
const MOST_REQUESTS = 10_000_000;
/** Whatever a plan may have. A field of another name would be wished for, and never done. */
const FIELDS: Readonly<Record<keyof Plan, true>> = {
  scale: true,
  receiving: true,
  weights: true,
  outcome: true,
  keepsNew: true,
  smokeRequests: true,
  wakeAfter: true,
  note: true,
  state: true,
};
const OUTCOMES: readonly unknown[] = [undefined, "completed", "rolled-back", "aborted", "stuck"];

/**
 * A strategy's answer, checked: a strategy may come from outside, and what it says goes straight into the cluster.
 *
 * @throws PluginError that names the strategy, the field, and what was wrong with it.
 */
export function checkedPlan(answer: unknown, view: RolloutView, strategy: string): Plan {
  const broken = (what: string): PluginError => new PluginError(`strategy "${strategy}": its plan ${what}`);
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) {
    throw broken(`is ${shown(answer)}; expected an object such as { scale: [{ release: view.next.id, desired: 1 }] }`);
  }
  if (answer instanceof Promise) {
    // What it fails with has nobody to hear it, and would end the program.
    answer.catch(() => undefined);
    throw broken("is a promise; expected the plan itself, from a function that is not async");
  }
  const stranger = Object.keys(answer).find((field) => !Object.hasOwn(FIELDS, field));
  if (stranger !== undefined)
    throw broken(`has ${shown(stranger)}, which no plan has; expected ${Object.keys(FIELDS).join(", ")}`);
  const plan: { readonly [Field in keyof Plan]: unknown } = { ...answer };
  const { receiving, outcome, wakeAfter, note, smokeRequests, keepsNew } = plan;
  const known = [view.next, ...view.previous].map((release) => release.id);
  const scale = checkedScale(plan.scale, known, broken);
  if (receiving !== undefined && receiving !== "all" && !isListOf(receiving, known)) {
    throw broken(`has receiving ${shown(receiving)}; expected "all" or a list of releases (${known.join(", ")})`);
  }
  if (!OUTCOMES.includes(outcome))
    throw broken(`has outcome ${shown(outcome)}; expected completed, rolled-back, aborted or stuck`);
  if (wakeAfter !== undefined && !(isWhole(wakeAfter) && wakeAfter > 0)) {
    throw broken(`has wakeAfter ${shown(wakeAfter)}; expected whole microseconds above 0`);
  }
  if (
    smokeRequests !== undefined &&
    !(isWhole(smokeRequests) && smokeRequests >= 0 && smokeRequests <= MOST_REQUESTS)
  ) {
    throw broken(`has smokeRequests ${shown(smokeRequests)}; expected a whole number from 0 to ${MOST_REQUESTS}`);
  }
  if (keepsNew !== undefined && typeof keepsNew !== "boolean") {
    throw broken(`has keepsNew ${shown(keepsNew)}; expected true or false`);
  }
  if (!isNote(note)) throw broken(`has note ${shown(note)}; expected a text, or a list of texts`);
  const weights = checkedWeights(plan.weights, known, broken);
  const checked: Plan = {
    scale,
    receiving,
    weights,
    outcome: outcome as Plan["outcome"],
    keepsNew,
    wakeAfter,
    note,
    smokeRequests,
  };
  if (outcome === "completed") checkCompleted(checked, view, broken);
  return { ...checked, state: plainState(plan.state, broken) };
}

type Broken = (what: string) => PluginError;

function checkedScale(scale: unknown, known: readonly number[], broken: Broken): readonly ScaleTo[] {
  if (scale === undefined) return [];
  if (!Array.isArray(scale)) throw broken(`has scale ${shown(scale)}; expected a list of { release, desired }`);
  return scale.map((entry: unknown) => {
    const { release, desired } = typeof entry === "object" && entry !== null ? (entry as Partial<ScaleTo>) : {};
    if (release === undefined || !known.includes(release)) {
      throw broken(`scales release ${shown(release)}, which is not in its view; it may name ${known.join(", ")}`);
    }
    if (!isWhole(desired) || desired < 0 || desired > MOST_CONTAINERS) {
      throw broken(`wants ${shown(desired)} containers; expected a whole number from 0 to ${MOST_CONTAINERS}`);
    }
    return { release, desired };
  });
}

function checkedWeights(weights: unknown, known: readonly number[], broken: Broken): Plan["weights"] {
  if (weights === undefined || weights === "none") return weights;
  if (!Array.isArray(weights))
    throw broken(`has weights ${shown(weights)}; expected "none" or a list of { release, percent }`);
  let total = 0;
  const checked = weights.map((entry: unknown) => {
    const { release, percent } = typeof entry === "object" && entry !== null ? (entry as Partial<TrafficWeight>) : {};
    if (release === undefined || !known.includes(release)) {
      throw broken(
        `gives traffic to release ${shown(release)}, which is not in its view; it may name ${known.join(", ")}`,
      );
    }
    if (typeof percent !== "number" || !(percent >= 0 && percent <= 100)) {
      throw broken(`gives ${shown(percent)} percent; expected a number from 0 to 100`);
    }
    total += percent;
    return { release, percent };
  });
  if (Math.abs(total - 100) > 1e-9) throw broken(`splits ${total} percent of the traffic; expected 100 in all`);
  return checked;
}

/** "Completed" promises that the new release alone is in force. */
function checkCompleted({ scale }: Plan, { previous }: RolloutView, broken: Broken): void {
  for (const old of previous) {
    const wanted = scale?.findLast(({ release }) => release === old.id)?.desired ?? old.desired;
    if (wanted > 0) throw broken(`is completed, yet leaves ${wanted} containers of ${old.image} wanted`);
  }
}

function plainState(state: unknown, broken: Broken): unknown {
  try {
    return copy(state);
  } catch {
    throw broken("has a state that is not plain data; expected numbers, texts, lists and plain objects only");
  }
}

function isListOf(value: unknown, known: readonly number[]): value is readonly number[] {
  return Array.isArray(value) && value.every((id: unknown) => known.some((one) => one === id));
}

function isNote(note: unknown): note is Plan["note"] {
  if (note === undefined || typeof note === "string") return true;
  return Array.isArray(note) && note.every((line: unknown) => typeof line === "string");
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(shown).join(", ")}]`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}
