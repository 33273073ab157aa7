import type { Scenario } from "../../cluster/spec.ts";
import type { RunResult, RunSummary } from "../../metrics/result.ts";
import { rounded } from "../../metrics/rounded.ts";
import type { Simulation } from "../../simulation/simulation.ts";
import type { Rerun } from "../invariant.ts";

/** A run at its end. Its figures, and its course over time, are only put together where somebody asks for them. */
class EndOfRun implements RunResult {
  readonly #simulation: Simulation;
  #summary: RunResult["summary"] | undefined;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  get summary(): RunResult["summary"] {
    this.#summary ??= this.#simulation.figures();
    return this.#summary;
  }

  get series(): RunResult["series"] {
    return this.#simulation.result().series;
  }
}

/** Runs to the end. */
export function endOf(simulation: Simulation): RunResult {
  simulation.runUntil(simulation.scenario.duration);
  return new EndOfRun(simulation);
}

type Words = readonly [string, string];

/** How two runs that should be one differ, in words; undefined: not even in their figures and their course over time. */
export function difference(one: RunResult, other: RunResult, words: Words): string | undefined {
  // Each by its name: a getter of a class is none of the keys that a loop goes through.
  return (
    summaryDifference(one.summary, other.summary, words) ??
    inWords(differing({ series: one.series }, { series: other.series }), words)
  );
}

/** The same of their figures only. */
export function summaryDifference(one: RunSummary, other: RunSummary, words: Words): string | undefined {
  const [first, second] = words;
  if (one.digest !== other.digest) return `digest ${one.digest} ${first}, ${other.digest} ${second}`;
  return inWords(differing({ summary: one }, { summary: other }), words);
}

function inWords(figure: Difference | undefined, [first, second]: Words): string | undefined {
  return figure && `one history, but ${placeOf(figure)} is ${figure.one} ${first}, ${figure.other} ${second}`;
}

/**
 * What another run has otherwise than the watched one, which spares a further run of the same scenario. Only where there is
 * such a thing that run is made: what looking on changes belongs to `same-seed-same-run`.
 */
export function unlikeThis(
  watched: RunResult,
  again: () => RunResult,
  compare: (result: RunResult) => string | undefined,
): string | undefined {
  return compare(watched) === undefined ? undefined : compare(again());
}

/**
 * What a renamed scenario has otherwise than the watched run: its history, or where a container was bound, which is no part
 * of the history as long as nothing comes of it.
 */
export function otherWhenRenamed(watched: Simulation, renamed: Scenario, rerun: Rerun): string | undefined {
  const { hosts, containers } = watched.world.cluster.state;
  const twin = courseOf(renamed, rerun);
  const mismatch = ({ digest, bound }: Course) => {
    if (digest !== twin.digest) return `digest ${digest}, renamed ${twin.digest}`;
    const place = bound.findIndex((host, id) => host !== twin.bound[id]);
    if (place === -1) return undefined;
    const [here, there] = [bound, twin.bound].map((all) => hosts[all[place] ?? -1]?.spec.name ?? "no host");
    return `${containers[place]?.name} is bound to ${here}, renamed to what was ${there}`;
  };
  const seen = { digest: watched.digest, bound: boundIn(watched) };
  return mismatch(seen) === undefined ? undefined : mismatch(courseOf(watched.scenario, rerun));
}

interface Course {
  readonly digest: string;
  /** By container id, the id of its last host, or none. */
  readonly bound: readonly number[];
}

function courseOf(scenario: Scenario, rerun: Rerun): Course {
  let course: Course = { digest: "", bound: [] };
  rerun(scenario, (simulation) => {
    const result = endOf(simulation);
    course = { digest: simulation.digest, bound: boundIn(simulation) };
    return result;
  });
  return course;
}

function boundIn({ world }: Simulation): number[] {
  return world.cluster.state.containers.map(({ host }) => host);
}

/** The first figure of one's services that another run has otherwise; undefined: none. What only the other has is passed over. */
export function otherFigure(one: RunSummary, other: RunSummary): string | undefined {
  for (const [name, service] of Object.entries(one.services)) {
    // Sums in another order are the same figures.
    const figure = differing(rounded(service), rounded(other.services[name]));
    if (figure !== undefined) return `${[name, placeOf(figure)].join(".")} is ${figure.one}, and ${figure.other}`;
  }
  return undefined;
}

interface Difference {
  /** Innermost key first, so that only what differs is ever named. */
  readonly path: readonly string[];
  readonly one: string;
  readonly other: string;
}

function differing(one: unknown, other: unknown): Difference | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return { path: [], one: String(one), other: String(other) };
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    for (let place = 0; place < one.length; place++) {
      const inner = differing(one[place], other[place]);
      if (inner !== undefined) return { ...inner, path: [...inner.path, String(place)] };
    }
    return undefined;
  }
  for (const key in one) {
    const inner = differing(valueAt(one, key), valueAt(other, key));
    if (inner !== undefined) return { ...inner, path: [...inner.path, key] };
  }
  for (const key in other) {
    if (!(key in one) && valueAt(other, key) !== undefined)
      return { path: [key], one: "undefined", other: String(valueAt(other, key)) };
  }
  return undefined;
}

function valueAt(map: object, key: string): unknown {
  return (map as Readonly<Record<string, unknown>>)[key];
}

function placeOf({ path }: Difference): string {
  return path.toReversed().join(".");
}
