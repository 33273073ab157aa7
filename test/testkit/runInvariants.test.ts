import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { blueGreen } from "../../src/rollout/strategies/blueGreen.ts";
import { readScenario } from "../../src/scenario/readScenario.ts";
import { BUILT_IN, withPlugins } from "../../src/simulation/catalogue.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";
import { mutant as deadlockWithoutSurge } from "../mutants/08-deadlock-without-surge.ts";
import { mutant as flaps } from "../mutants/23-flaps.ts";

import { mutant as chosenByImageName } from "../mutants/37-chosen-by-image-name.ts";
import { mutant as rollbackOfRollback } from "../mutants/42-rollback-of-rollback.ts";
import { mutant as servesAfterCrash } from "../mutants/44-serves-after-crash.ts";
import { mutant as latencyFromTheServer } from "../mutants/45-latency-from-the-server.ts";
import { mutant as oldestBeforeMostUrgent } from "../mutants/46-oldest-before-most-urgent.ts";
import { mutant as evictedNotReplaced } from "../mutants/49-evicted-not-replaced.ts";
import { mutant as slotGivenBackTwice } from "../mutants/51-slot-given-back-twice.ts";
import { mutant as forkSharesItsTallies } from "../mutants/53-fork-shares-its-tallies.ts";
import { mutant as serviceDrawsWhenMade } from "../mutants/54-service-draws-when-made.ts";
import { mutant as firstTolerationOnly } from "../mutants/56-first-toleration-only.ts";
import { mutant as waitCutShort } from "../mutants/57-wait-cut-short.ts";
import { mutant as twoRequestsAtOneInstant } from "../mutants/58-two-requests-at-one-instant.ts";
import { mutant as tooFastToBeTrue } from "../mutants/59-too-fast-to-be-true.ts";
import { mutant as delayFromTheBeginning } from "../mutants/64-delay-from-the-beginning.ts";
import { mutant as startupProbedOnce } from "../mutants/76-startup-probed-once.ts";
import { mutant as turnMovesOnInModule } from "../mutants/80-turn-moves-on-in-module.ts";
import type { Mutant } from "../mutants/base/mutant.ts";
import { rollingWith } from "../mutants/base/rollingBase.ts";
import { schedulerWith } from "../mutants/base/schedulerBase.ts";

/** What a plug-in with a bug is made from, under the same name: sound. */
type Sound = NonNullable<Mutant["plugin"]>;

let mend: (() => void) | undefined;
afterEach(() => {
  mend?.();
  mend = undefined;
});

/** The scenario of that invariant: small, and such that the bug beside it shows. */
function read(name: string, catalog: typeof BUILT_IN) {
  const file = `test/testkit/runs/${name}.yaml`;
  return readScenario(readFileSync(file, "utf8"), { file, catalog, readFile: () => new Uint8Array() }).scenario;
}

/** What an invariant says, asked alone. */
function said(name: string, plugin: Sound | undefined): string | undefined {
  const catalogue = plugin === undefined ? BUILT_IN : withPlugins(BUILT_IN, [plugin]);
  const invariants = INVARIANTS.filter((one) => one.name === name);
  const violation = checkScenario(read(name, catalogue), { catalogue, invariants, story: false });
  return violation && `${violation.invariant}: ${violation.message}`;
}

const ROWS: readonly { name: string; mutant: Mutant; sound?: Sound }[] = [
  { name: "better-is-no-worse", mutant: tooFastToBeTrue },
  { name: "comes-to-rest", mutant: startupProbedOnce },
  { name: "down-hosts-serve-nobody", mutant: servesAfterCrash },
  { name: "forked-is-the-same", mutant: forkSharesItsTallies },
  { name: "higher-priority-first", mutant: oldestBeforeMostUrgent },
  { name: "image-names-do-not-matter", mutant: chosenByImageName, sound: schedulerWith({}) },
  { name: "latency-above-service", mutant: latencyFromTheServer },
  { name: "missing-are-replaced", mutant: evictedNotReplaced },
  { name: "no-flapping", mutant: flaps, sound: rollingWith({}) },
  { name: "order-does-not-matter", mutant: firstTolerationOnly, sound: schedulerWith({}) },
  { name: "requests-split", mutant: twoRequestsAtOneInstant },
  { name: "rollback-goes-back", mutant: rollbackOfRollback },
  { name: "rollouts-end", mutant: deadlockWithoutSurge, sound: rollingWith({}) },
  { name: "same-seed-same-run", mutant: turnMovesOnInModule, sound: schedulerWith({}) },
  { name: "scale-down-delay-kept", mutant: delayFromTheBeginning, sound: { ...blueGreen, name: "mutant" } as Sound },
  { name: "slots-respected", mutant: slotGivenBackTwice },
  { name: "times-scale", mutant: waitCutShort },
  { name: "unused-changes-nothing", mutant: serviceDrawsWhenMade },
];

describe("an invariant of whole runs is broken by a bug, and holds in the same scenario without it", () => {
  test.each(ROWS)("$name", ({ name, mutant, sound }) => {
    expect(said(name, sound)).toBeUndefined();
    mend = mutant.patch?.();
    expect(said(name, mutant.plugin)).toMatch(new RegExp(`^${name}: .`));
  });

  test("each scenario is asked", () => {
    expect(readdirSync("test/testkit/runs")).toEqual(ROWS.map(({ name }) => `${name}.yaml`));
  });
});
