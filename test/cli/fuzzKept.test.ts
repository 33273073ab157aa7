import { describe, expect, test } from "vitest";
import type { FuzzCrew } from "../../src/cli/fuzzCrew.ts";
import { findOfKept } from "../../src/cli/fuzzKept.ts";
import type { Tasks } from "../../src/cli/fuzzTasks.ts";
import { SECOND } from "../../src/kernel/time.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import { BUILT_IN, withPlugins } from "../../src/simulation/catalogue.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import { choicesForStrategy } from "../../src/testkit/choices.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";

/** Moves on when the new ones are available; `waits` says before each question whether to do nothing for a while. */
function strategy(waits: () => boolean): Strategy {
  return {
    kind: "strategy",
    name: "mine",
    describe: "for a test",
    plan({ next, previous, replicas }) {
      if (waits()) return { receiving: "all", wakeAfter: 3 * SECOND };
      const start = { release: next.id, desired: replicas };
      if (next.available < replicas) return { scale: [start], receiving: "all" };
      const stop = previous.map(({ id }) => ({ release: id, desired: 0 }));
      return { scale: [start, ...stop], receiving: "all", outcome: "completed" };
    },
  };
}

/** Waits at its first question only, and keeps that it was asked: each is put twice at a time. */
function keeping(): Strategy {
  let asked = 0;
  return strategy(() => asked++ < 2);
}

const sound = () => strategy(() => false);

/** A crew whose fresh threads are checks in this one, each with the plug-in as it is when it was just loaded. */
function crewOf(load: () => Strategy, limit = Number.POSITIVE_INFINITY) {
  const crew = {
    threads: 0,
    get isInterrupted() {
      return crew.threads >= limit;
    },
    fresh(act: (worker: unknown) => Promise<unknown>) {
      crew.threads++;
      return act({
        do: (task: Tasks["check"]["asked"]) => Promise.resolve({ kind: "done", answer: check(task, load()) }),
      });
    },
  };
  return crew;
}

function check({ scenario, ask, story }: Tasks["check"]["asked"], plugin: Strategy) {
  const asked = INVARIANTS.filter(({ name }) => typeof ask === "object" && name === ask.only);
  return checkScenario(scenario, { catalogue: withPlugins(BUILT_IN, [plugin]), invariants: asked, story });
}

/** What broke in the second scenario of a search's third batch, and not again. */
function found(load: () => Strategy, crew: ReturnType<typeof crewOf>, onTry: (tried: number) => void = () => {}) {
  const catalogue = withPlugins(BUILT_IN, [load()]);
  const choices = choicesForStrategy("mine", catalogue);
  const from = { batch: 2, runs: 40, found: [] };
  const plan = { catalogue, choices, invariants: [], seed: 2 };
  return findOfKept({ plan, crew: crew as unknown as FuzzCrew, from, count: 20, run: 2, onTry });
}

describe("what a plug-in keeps between runs", () => {
  test("shows as two runs that differ in a thread of their own, in a scenario as small as it gets", async () => {
    const tried: number[] = [];
    const crew = crewOf(keeping);
    const find = await found(keeping, crew, (count) => tried.push(count));
    expect(find?.violation.invariant).toBe("same-seed-same-run");
    expect(find?.run).toBe(42);
    expect(find?.scenario.cluster.hosts).toHaveLength(1);
    expect(find?.scenario.timeline.map(({ action }) => action.kind)).toEqual(["deploy"]);
    // At most 40 smaller ones: each takes a thread, and so do the first and the last look.
    expect(tried).toEqual(Array.from({ length: (find?.tried ?? 0) + 1 }, (_, place) => place));
    expect(crew.threads).toBeLessThanOrEqual(42);
  });

  test("is not claimed of a plug-in that keeps nothing, which is asked once", async () => {
    const crew = crewOf(sound);
    expect(await found(sound, crew)).toBeUndefined();
    expect(crew.threads).toBe(1);
  });

  test("is told in the scenario as it was, where Ctrl-C leaves no time to make it smaller", async () => {
    const crew = crewOf(keeping, 1);
    const find = await found(keeping, crew);
    expect(find).toMatchObject({ run: 42, tried: 0, violation: { invariant: "same-seed-same-run" } });
    expect(crew.threads).toBe(2);
  });
});
