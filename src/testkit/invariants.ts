import type { Invariant } from "./invariant.ts";
import { antiAffinityHeld } from "./invariants/antiAffinityHeld.ts";
import { betterIsNoWorse } from "./invariants/betterIsNoWorse.ts";
import { booksBalance } from "./invariants/booksBalance.ts";
import { budgetsKept } from "./invariants/budgetsKept.ts";
import { capacityNeverExceeded } from "./invariants/capacityNeverExceeded.ts";
import { causesAddUp } from "./invariants/causesAddUp.ts";
import { comesToRest } from "./invariants/comesToRest.ts";
import { completedIsTrue } from "./invariants/completedIsTrue.ts";
import { containersLiveOnce } from "./invariants/containersLiveOnce.ts";
import { downHostsServeNobody } from "./invariants/downHostsServeNobody.ts";
import { forkedIsTheSame } from "./invariants/forkedIsTheSame.ts";
import { higherPriorityFirst } from "./invariants/higherPriorityFirst.ts";
import { hostNamesDoNotMatter } from "./invariants/hostNamesDoNotMatter.ts";
import { hostPortsNotShared } from "./invariants/hostPortsNotShared.ts";
import { imageNamesDoNotMatter } from "./invariants/imageNamesDoNotMatter.ts";
import { lastCapacityKept } from "./invariants/lastCapacityKept.ts";
import { latencyAboveService } from "./invariants/latencyAboveService.ts";
import { looksDoNotCount } from "./invariants/looksDoNotCount.ts";
import { missingAreReplaced } from "./invariants/missingAreReplaced.ts";
import { neverAboveDesired } from "./invariants/neverAboveDesired.ts";
import { neverAboveSurge } from "./invariants/neverAboveSurge.ts";
import { neverBelowFloor } from "./invariants/neverBelowFloor.ts";
import { noFlapping } from "./invariants/noFlapping.ts";
import { onlyProvenGetTraffic } from "./invariants/onlyProvenGetTraffic.ts";
import { openHostsOnly } from "./invariants/openHostsOnly.ts";
import { orderDoesNotMatter } from "./invariants/orderDoesNotMatter.ts";
import { placedWhenItFits } from "./invariants/placedWhenItFits.ts";
import { preemptionIsMinimal } from "./invariants/preemptionIsMinimal.ts";
import { requestsConserved } from "./invariants/requestsConserved.ts";
import { requestsSplit } from "./invariants/requestsSplit.ts";
import { requiredSpreadHeld } from "./invariants/requiredSpreadHeld.ts";
import { rollbackGoesBack } from "./invariants/rollbackGoesBack.ts";
import { rolloutsEnd } from "./invariants/rolloutsEnd.ts";
import { sameSeedSameRun } from "./invariants/sameSeedSameRun.ts";
import { scaleDownDelayKept } from "./invariants/scaleDownDelayKept.ts";
import { servingCapacityKept } from "./invariants/servingCapacityKept.ts";
import { slotsRespected } from "./invariants/slotsRespected.ts";
import { switchKeepsCapacity } from "./invariants/switchKeepsCapacity.ts";
import { taintsAndSelectorsHeld } from "./invariants/taintsAndSelectorsHeld.ts";
import { timesScale } from "./invariants/timesScale.ts";
import { topologySpreadHeld } from "./invariants/topologySpreadHeld.ts";
import { trafficOnlyToReady } from "./invariants/trafficOnlyToReady.ts";
import { unusedChangesNothing } from "./invariants/unusedChangesNothing.ts";

/** Every invariant, in the order in which they are asked. */
export const INVARIANTS: readonly Invariant[] = [
  capacityNeverExceeded,
  openHostsOnly,
  taintsAndSelectorsHeld,
  requiredSpreadHeld,
  antiAffinityHeld,
  topologySpreadHeld,
  hostPortsNotShared,
  placedWhenItFits,
  preemptionIsMinimal,
  higherPriorityFirst,
  booksBalance,
  containersLiveOnce,
  budgetsKept,
  neverAboveSurge,
  neverBelowFloor,
  trafficOnlyToReady,
  switchKeepsCapacity,
  lastCapacityKept,
  servingCapacityKept,
  scaleDownDelayKept,
  looksDoNotCount,
  completedIsTrue,
  neverAboveDesired,
  missingAreReplaced,
  onlyProvenGetTraffic,
  rolloutsEnd,
  comesToRest,
  noFlapping,
  rollbackGoesBack,
  requestsConserved,
  causesAddUp,
  latencyAboveService,
  downHostsServeNobody,
  slotsRespected,
  sameSeedSameRun,
  forkedIsTheSame,
  unusedChangesNothing,
  imageNamesDoNotMatter,
  hostNamesDoNotMatter,
  orderDoesNotMatter,
  timesScale,
  requestsSplit,
  betterIsNoWorse,
];
