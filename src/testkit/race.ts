import type { Scenario } from "../cluster/spec.ts";
import { BAND } from "../kernel/engine.ts";
import type { Tie, TieChoice } from "../kernel/ties.ts";
import { formatDuration, type Micros } from "../kernel/time.ts";
import { type CheckOptions, checkScenario } from "./checkScenario.ts";
import type { Frame, Violation } from "./invariant.ts";
import { INVARIANTS } from "./invariants.ts";
import { nameOfEvent } from "./tieNames.ts";

/** Two simultaneous events whose order decides whether something breaks. */
export interface Race {
  /** What breaks it: where another event runs than the first by order of scheduling; as few and as small steps as were found. */
  readonly choices: readonly TieChoice[];
  readonly at: Micros;
  /** Ran first, though scheduled later. */
  readonly early: string;
  /** Ran later, though scheduled first. */
  readonly late: string;
}

/** A race with what it breaks, told of the run that has no other change of order. */
export interface FoundRace {
  readonly race: Race;
  readonly violation: Violation;
}

/** Runs that are spent on making a race smaller, at most; and of those, on looking for a single step. */
const MOST_RUNS = 1000;
const MOST_TRIED = 400;
/** A storyboard has at most so many frames. */
const MOST_FRAMES = 7;

/**
 * What in the order of simultaneous events a violation hangs on, if it does: undefined where it breaks in order of scheduling too.
 *
 * @param options as they were when `violation` was found, its `ties` among them.
 */
export function raceBehind(
  scenario: Scenario,
  { invariant, at }: Pick<Violation, "invariant" | "at">,
  options: CheckOptions,
): FoundRace | undefined {
  const asked = (options.invariants ?? INVARIANTS).filter(({ name }) => name === invariant);
  const check = (choices: readonly TieChoice[], more: CheckOptions = {}) => {
    const found = checkScenario(scenario, {
      ...options,
      coverage: undefined,
      invariants: asked,
      ties: { choices },
      ...more,
    });
    return found?.invariant === invariant ? found : undefined;
  };
  let left = MOST_RUNS;
  const breaks = (choices: readonly TieChoice[]) => left-- > 0 && check(choices, { story: false }) !== undefined;
  if (options.ties === undefined || breaks([])) return undefined;
  const usual = { ...options, invariants: asked, ties: { choices: [] } };
  const made = tiesOf(scenario, { ...options, invariants: asked }).filter(({ choice }) => choice > 0);
  const some = fewer(upTo(made, breaks), breaks);
  const choices = smallerSteps(
    some.length === 1 ? some : (oneStep(tiesOf(scenario, usual), at, breaks) ?? some),
    breaks,
  );
  let last: { readonly tie: Tie; readonly early: string; readonly late: string } | undefined;
  const atTie: CheckOptions["atTie"] = (tie, { world: { cluster } }) => {
    const [early, late] = [tie.events[tie.choice], tie.events[0]];
    if (tie.choice > 0 && early !== undefined && late !== undefined) {
      last = { tie, early: nameOfEvent(early, cluster), late: nameOfEvent(late, cluster) };
    }
    return false;
  };
  check(choices, { story: false, atTie });
  const violation = check(choices);
  if (violation === undefined || last === undefined) return undefined;
  const race = { choices, at: last.tie.time, early: last.early, late: last.late };
  return { race, violation: { ...violation, story: withRace(violation.story, race) } };
}

/** A race as one sentence. */
export function raceInWords({ at, early, late, choices }: Race): string {
  const others = choices.length === 1 ? "" : `, after ${choices.length - 1} other such changes of order`;
  return `at ${formatDuration(at)} ${early} runs before ${late}, which was scheduled first${others}`;
}

/** The choices of a run among simultaneous events, as they were made, up to what broke. */
function tiesOf(scenario: Scenario, options: CheckOptions): Tie[] {
  const ties: Tie[] = [];
  checkScenario(scenario, {
    ...options,
    coverage: undefined,
    story: false,
    atTie: (tie) => {
      ties.push(tie);
      return false;
    },
  });
  return ties;
}

type Breaks = (choices: readonly TieChoice[]) => boolean;

/** The choices up to the one without which it does not break: what comes before a choice is the same in both runs. */
function upTo(ties: readonly Tie[], breaks: Breaks): readonly TieChoice[] {
  const choices = ties.map(({ point, choice }) => ({ point, choice }));
  let [enough, tooFew] = [choices.length, 0];
  while (enough - tooFew > 1) {
    const middle = (enough + tooFew) >> 1;
    if (breaks(choices.slice(0, middle))) enough = middle;
    else tooFew = middle;
  }
  return choices.slice(0, enough);
}

/** Leaves out halves, quarters and so on, as long as it still breaks (Zeller and Hildebrandt 2002, ddmin). */
function fewer(choices: readonly TieChoice[], breaks: Breaks): readonly TieChoice[] {
  let kept = choices;
  for (let size = Math.max(1, kept.length >> 1); ; size = size >> 1) {
    for (let from = 0; from < kept.length && kept.length > 1; ) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (breaks(without)) kept = without;
      else from += size;
    }
    if (size <= 1) return kept;
  }
}

/**
 * One event that runs before one other, and nothing else, if that breaks it too: where several changes of order are left, the
 * meaning of each depends on those before. The last moments are tried first, and requests last.
 */
function oneStep(usual: readonly Tie[], until: Micros, breaks: Breaks): readonly TieChoice[] | undefined {
  const candidates = usual
    .filter(({ time }) => time <= until)
    .flatMap(({ point, band, events }) => events.slice(1).map((_, place) => ({ point, band, choice: place + 1 })));
  candidates.sort(
    (one, other) =>
      Number(one.band === BAND.traffic) - Number(other.band === BAND.traffic) ||
      other.point - one.point ||
      one.choice - other.choice,
  );
  for (const { point, choice } of candidates.slice(0, MOST_TRIED)) {
    if (breaks([{ point, choice }])) return [{ point, choice }];
  }
  return undefined;
}

/**
 * Moves each event before as few others as it takes. An event that must come before the j-th, and need not come before the next,
 * makes a pair with the j-th: that is the order that matters.
 */
function smallerSteps(choices: readonly TieChoice[], breaks: Breaks): readonly TieChoice[] {
  let kept = choices;
  for (let at = kept.length - 1; at >= 0; at--) {
    const { point, choice } = kept[at] as TieChoice;
    for (let passed = choice - 1; passed > 0; passed--) {
      const smaller = kept.map((one, place) =>
        place === at ? { point: point + passed, choice: choice - passed } : one,
      );
      if (!breaks(smaller)) continue;
      kept = smaller;
      break;
    }
  }
  return kept;
}

/** The frames with one more, in its place in time; of the others the oldest makes room. The last one stays the violation. */
function withRace(story: readonly Frame[], race: Race): Frame[] {
  const others = story.slice(-(MOST_FRAMES - 1));
  const place = others.findIndex(({ at }) => at > race.at);
  const at = place < 0 ? others.length - 1 : place;
  return [...others.slice(0, at), { at: race.at, text: raceInWords(race) }, ...others.slice(at)];
}
