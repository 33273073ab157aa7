import type { Phase } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";

/** How often runs went through which transition: `container pending → assigned`, `rollout rolling: completed`, … */
export class Coverage {
  readonly #counts = new Map<string, number>();

  /** Takes a fact into account. */
  note(fact: Fact): void {
    const transition = transitionOf(fact);
    if (transition !== undefined) this.#counts.set(transition, (this.#counts.get(transition) ?? 0) + 1);
  }

  /** Adds what another search went through. */
  merge(counts: readonly (readonly [transition: string, times: number])[]): void {
    for (const [transition, times] of counts) this.#counts.set(transition, (this.#counts.get(transition) ?? 0) + times);
  }

  /** Different transitions seen so far. */
  get size(): number {
    return this.#counts.size;
  }

  /** By name, in alphabetical order. */
  get counts(): readonly (readonly [transition: string, times: number])[] {
    return [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1));
  }
}

function transitionOf(fact: Fact): string | undefined {
  switch (fact.kind) {
    case "container-phase":
      return phaseWords(fact.from, fact.container.phase);
    case "rollout-began":
      return `rollout ${fact.rollout.strategy}: ${fact.rollout.reason}`;
    case "rollout-ended":
      return `rollout ${fact.rollout.strategy}: ${fact.outcome}`;
    case "registry":
    case "control-plane":
      return `${fact.kind} ${fact.up ? "up" : "down"}`;
    case "container-died":
      return fact.silently ? "container dies with its host" : "container dies";
    case "probe-missed":
      return `${fact.probe} probe: ${fact.miss}`;
    case "container-condemned":
      return `container condemned by its ${fact.probe} probe`;
    case "eviction-refused":
      return `eviction-refused ${fact.forGood ? "for good" : "for now"}`;
    case "rollout-step":
    case "desired-changed":
    case "container-created":
    case "resources-freed":
      return undefined;
    default:
      return fact.kind;
  }
}

const PHASE_WORDS = new Map<Phase, Map<Phase, string>>();

/** Put together once for each pair: most facts are of this kind, and a new text would be hashed at each. */
function phaseWords(from: Phase, to: Phase): string {
  const known = PHASE_WORDS.get(from)?.get(to);
  if (known !== undefined) return known;
  const words = `container ${from} → ${to}`;
  PHASE_WORDS.set(from, (PHASE_WORDS.get(from) ?? new Map<Phase, string>()).set(to, words));
  return words;
}
