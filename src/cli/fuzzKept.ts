import type { Scenario } from "../cluster/spec.ts";
import { type Find, Fuzzer, type FuzzPlan, type SearchPlace } from "../testkit/fuzzer.ts";
import type { FuzzCrew } from "./fuzzCrew.ts";
import { checkWatched } from "./fuzzHang.ts";

/** What broke in a batch, and did not break when the batch was run again. */
export interface BrokenOnce {
  readonly plan: FuzzPlan;
  readonly crew: FuzzCrew;
  readonly from: SearchPlace;
  readonly count: number;
  /** The scenario of the batch in which it broke, from 1. */
  readonly run: number;
  /** Is told how many smaller scenarios were tried. */
  readonly onTry: (tried: number) => void;
}

/** Shows that one run leaves something for the next. */
const ASK = { only: "same-seed-same-run" } as const;
/** Each takes a new thread. */
const MOST_TRIED = 40;

/**
 * A plug-in that keeps something between runs answers as no repetition can: what it has kept is not in the scenario. So each
 * scenario is run twice in a thread of its own, in which nothing was kept before. Undefined: these two runs are alike.
 */
export async function findOfKept({ plan, crew, from, count, run, onTry }: BrokenOnce): Promise<Find | undefined> {
  let most = 0;
  const inFreshThread = (scenario: Scenario) => crew.fresh((worker) => checkWatched(worker, scenario, ASK));
  const shrunk = await new Fuzzer({ ...plan, from }).shrink(count, run - 1, async (scenario, tried) => {
    if (tried > MOST_TRIED || crew.isInterrupted) return false;
    most = tried;
    onTry(tried);
    return (await inFreshThread(scenario)) !== undefined;
  });
  const violation = shrunk && (await inFreshThread(shrunk.scenario));
  return violation && { violation, scenario: shrunk.scenario, run: from.runs + run, tried: most };
}
