import type { NamedSettings } from "../cluster/spec.ts";
import { InternalError, PluginError, thrownAt } from "../kernel/errors.ts";
import { checkedPlan } from "./checkedPlan.ts";
import { STRATEGIES } from "./strategies.ts";
import type { Pace, Plan, RolloutView, Strategy } from "./strategy.ts";

/** A strategy with its settings checked and completed. */
export interface ConfiguredStrategy {
  readonly name: string;
  readonly byPerson: boolean;
  /** How long a container must be ready to count as available, in µs. */
  readonly minReady: number;
  /** Old releases that are remembered; undefined: all. */
  readonly revisionHistoryLimit: number | undefined;
  /** Of the person, where one operates it; else zeros. */
  readonly pace: Pace;
  /** @throws PluginError where the strategy throws or answers nonsense. */
  plan(view: RolloutView): Plan;
}

/** The strategies of a run by name; settings are read once for every mention. */
export class StrategyBook {
  readonly #strategies: ReadonlyMap<string, Strategy>;
  readonly #configured = new WeakMap<NamedSettings, ConfiguredStrategy>();

  constructor(strategies: ReadonlyMap<string, Strategy>) {
    this.#strategies = strategies;
  }

  /** @throws PluginError for a name that is not in the book, and for settings that the strategy refuses. */
  configured(named: NamedSettings): ConfiguredStrategy {
    let known = this.#configured.get(named);
    if (known === undefined) {
      known = this.#configure(named);
      this.#configured.set(named, known);
    }
    return known;
  }

  #configure(named: NamedSettings): ConfiguredStrategy {
    const strategy = this.#strategies.get(named.name);
    if (strategy === undefined) {
      const names = [...this.#strategies.keys()].join(", ");
      throw new PluginError(`there is no strategy "${named.name}"; expected one of ${names}`);
    }
    const settings = parsed(strategy, named.settings);
    const call = <T>(what: string, act: () => T): T => guarded(strategy, what, act);
    const minReady = call("minReady", () => strategy.minReady?.(settings) ?? 0);
    const pace = call("pace", () => strategy.pace?.(settings) ?? { notice: 0, act: 0 });
    for (const [what, time] of Object.entries({ minReady, notice: pace.notice, act: pace.act })) {
      if (Number.isSafeInteger(time) && time >= 0) continue;
      throw new PluginError(`strategy "${strategy.name}": ${what} is ${time}; expected whole microseconds from 0`);
    }
    return {
      name: strategy.name,
      byPerson: strategy.operatedBy === "person",
      minReady,
      revisionHistoryLimit: call("revisionHistoryLimit", () => strategy.revisionHistoryLimit?.(settings)),
      pace,
      plan: (view) =>
        checkedPlan(
          call("plan", () => strategy.plan(view, settings)),
          view,
          strategy.name,
        ),
    };
  }
}

function parsed(strategy: Strategy, raw: NamedSettings["settings"]): unknown {
  if (strategy.settings === undefined) {
    const [first] = Object.keys(raw);
    if (first === undefined) return raw;
    throw new PluginError(`strategy "${strategy.name}" takes no settings; found "${first}"`);
  }
  const result = guarded(strategy, "settings", () => strategy.settings?.safeParse(raw));
  if (result?.success) return result.data;
  const issues = result?.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`) ?? [];
  throw new PluginError(`strategy "${strategy.name}" refuses its settings: ${issues.join("; ")}`);
}

/** A strategy from outside that throws has a fault of its own; one of ours shows a fault of this program. */
function guarded<T>(strategy: Strategy, what: string, act: () => T): T {
  try {
    return act();
  } catch (fault) {
    if (fault instanceof PluginError || fault instanceof InternalError || STRATEGIES.includes(strategy)) throw fault;
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new PluginError(`strategy "${strategy.name}" threw in ${what}: ${reason}${thrownAt(fault)}`);
  }
}
