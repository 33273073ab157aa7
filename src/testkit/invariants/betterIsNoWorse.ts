import type { Scenario, ServiceSpec, TimelineAction } from "../../cluster/spec.ts";
import { type Distribution, samplerOf } from "../../kernel/distributions.ts";
import type { RunSummary } from "../../metrics/result.ts";
import type { Invariant, Rerun } from "../invariant.ts";
import { hasTimeToSpare, keeping, unlessRefused } from "./calm.ts";

/**
 * Paired seeds, of which every one must be worse. If better were as often worse as not, that would happen in one of 2^16
 * questions (one-sided sign test); over 600 questions, as many as 2,000 runs ask, by Bonferroni in less than one of 100.
 */
const PAIRS = 16;
const FAULTS: ReadonlySet<TimelineAction["kind"]> = new Set([
  "crash",
  "partition",
  "slow",
  "kill",
  "registry",
  "control-plane",
]);

/**
 * No paradox: asked of the first service, in scenarios without releases, where its slots are twice what its requests need.
 *
 * With less, a crash may do good: it empties a queue that feeds itself. With faults, one container more may be one more on the
 * very host that crashes. Releases are left out, because an outage puts them off, and whatever they would have lost.
 */
export const betterIsNoWorse: Invariant = {
  name: "better-is-no-worse",
  statement:
    "No faults instead of some, hosts twice as fast, or one container more never cost availability at each of 16 seeds.",
  appliesTo: "metamorphic",
  needsRuns: true,
  saysLittle: true,
  start: ({ scenario }, rerun) => ({
    atEnd: () =>
      unlessRefused(() => {
        const [service] = scenario.services;
        if (service === undefined || service.autoscale !== undefined || service.readiness.throughQueue)
          return undefined;
        if (!hasTimeToSpare(service, scenario.images)) return undefined;
        const faulty = keeping(scenario, ({ kind }) => FAULTS.has(kind));
        const sound = { ...keeping(scenario, () => false), hazards: [] };
        const hasFaults = faulty.timeline.length + faulty.hazards.length > 0;
        return (
          (hasFaults ? judge("without faults", [faulty, sound], rerun) : undefined) ??
          judge("on hosts twice as fast", [sound, faster(sound)], rerun) ??
          judge("with one container more", [sound, larger(sound, service)], rerun)
        );
      }),
  }),
};

/** Stops at the first pair that is not worse: nothing could be concluded any more. */
function judge(what: string, [worse, better]: readonly [Scenario, Scenario], rerun: Rerun): string | undefined {
  let [lost, before] = [0, 0];
  for (let pair = 0; pair < PAIRS; pair++) {
    const seed = worse.seed + pair;
    const one = failedShare(rerun({ ...worse, seed }).summary);
    const other = failedShare(rerun({ ...better, seed }).summary);
    if (other <= one) return undefined;
    lost += other / PAIRS;
    before += one / PAIRS;
  }
  return `${what} ${percent(lost)} of the requests fail, and ${percent(before)} otherwise: more at each of ${PAIRS} seeds`;
}

function failedShare({ services }: RunSummary): number {
  const { failed = 0, succeeded = 0 } = Object.values(services)[0]?.requests ?? {};
  return failed === 0 ? 0 : failed / (failed + succeeded);
}

function faster(scenario: Scenario): Scenario {
  return { ...scenario, images: scenario.images.map((image) => ({ ...image, service: halfOf(image.service) })) };
}

/** Where a distribution has no single scale, its median stands for it: no slower than half the draws. */
function halfOf(distribution: Distribution): Distribution {
  switch (distribution.kind) {
    case "constant":
      return { kind: "constant", value: distribution.value / 2 };
    case "exponential":
      return { kind: "exponential", mean: distribution.mean / 2 };
    default:
      return { kind: "constant", value: samplerOf(distribution)(0.5) / 2 };
  }
}

function larger(scenario: Scenario, { name }: ServiceSpec): Scenario {
  const services = scenario.services.map((one) => (one.name === name ? { ...one, replicas: one.replicas + 1 } : one));
  return { ...scenario, services };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
