import fc from "fast-check";
import type { HazardSpec, NamedSettings, Scenario, ServiceSpec, TimelineEntry } from "../../cluster/spec.ts";
import { MILLISECOND, type Micros, SECOND } from "../../kernel/time.ts";
import { hostsDraft } from "./anyHosts.ts";
import { imagesDraft } from "./anyImages.ts";
import { podDraft } from "./anyPods.ts";
import { anyBudget, anySize, BUILT_IN_STRATEGIES, otherServicesDraft, serviceDraft } from "./anyServices.ts";
import { meanwhileDraft, type TimelineSubjects, timelineDraft, withMeanwhile } from "./anyTimeline.ts";
import { anyFeatures, FEATURES, type Feature } from "./features.ts";

/** What generated scenarios are made of. */
export interface ScenarioChoices {
  /** A random subset of these is on in each scenario; all of `FEATURES` if left out. */
  readonly features?: readonly Feature[] | undefined;
  /** Ways of releasing, the plainest first; the built-in ones if left out. */
  readonly strategies?: readonly NamedSettings[] | undefined;
  /** The plainest first; the built-in ones if left out. */
  readonly schedulers?: readonly NamedSettings[] | undefined;
}

/** The built-in schedulers that need no settings. */
export const BUILT_IN_SCHEDULERS: readonly NamedSettings[] = [
  "default",
  "kubernetes",
  "bin-pack",
  "first-fit",
  "random",
].map((name) => ({ name, settings: {} }));

const LIFECYCLE = {
  heartbeat: 10 * SECOND,
  monitorPeriod: 5 * SECOND,
  unreachableAfter: 50 * SECOND,
  evictAfter: 300 * SECOND,
};
const QUICK_LIFECYCLE = {
  heartbeat: SECOND,
  monitorPeriod: SECOND,
  unreachableAfter: 5 * SECOND,
  evictAfter: 10 * SECOND,
};

/** How the services beside the first are released; no timeline does. */
const OTHERS: readonly NamedSettings[] = [{ name: "rolling", settings: {} }];
const OTHER_IMAGE = "cart:v1";

/** Rare enough that most runs have a few failures, and end in peace. */
const HAZARD: HazardSpec = {
  kind: "renewal",
  index: 0,
  what: "hosts",
  only: [],
  every: { kind: "exponential", mean: 120 * SECOND },
  for: { kind: "exponential", mean: 10 * SECOND },
};

/**
 * Any small scenario: one service, or two, rarely three, on one to five hosts, mostly with a release in it, and whatever the features
 * allow: faults, drains, further releases, changes of size. Valid by construction.
 *
 * It shrinks to what a person would write: features off, fewer hosts, replicas and entries, earlier whole seconds, a short
 * duration.
 */
export function anyScenario(choices: ScenarioChoices = {}): fc.Arbitrary<Scenario> {
  const strategies = choices.strategies ?? BUILT_IN_STRATEGIES;
  return fc
    .record({
      on: anyFeatures(choices.features ?? FEATURES),
      hosts: hostsDraft,
      images: imagesDraft,
      shop: serviceDraft("shop", strategies),
      others: otherServicesDraft(["cart", "mail"], OTHERS),
      budget: fc.record({ limits: anyBudget, only: fc.nat(3) }),
      timeline: timelineDraft,
      scheduler: fc.constantFrom(...(choices.schedulers ?? BUILT_IN_SCHEDULERS)),
      seed: fc.integer({ min: 1, max: 1000 }),
      rest: fc.constantFrom(20 * SECOND, 90 * SECOND, 120 * SECOND),
      pods: fc.tuple(podDraft, podDraft, podDraft),
      sizes: fc.tuple(anySize, anySize, anySize),
      meanwhile: meanwhileDraft,
    })
    .map((made): Scenario => {
      const { on } = made;
      const hosts = made.hosts(on);
      const [shopPod, cartPod, mailPod] = made.pods;
      const [shopSize, cartSize, mailSize] = on.has("tight-hosts") ? made.sizes : [];
      // Any other scheduler would pass the rules over, and say so at every run.
      const ruled = (give: typeof shopPod, service: ServiceSpec, other: string) =>
        made.scheduler.name === "kubernetes" ? give(on, service, other) : service;
      const shop = ruled(shopPod, { ...made.shop(on), ...shopSize }, "cart");
      // Nobody releases the others: one image will do for them.
      const [cart, mail] = on.has("several-services") ? made.others(on) : [];
      const second = cart && ruled(cartPod, { ...cart, ...cartSize, image: OTHER_IMAGE }, "shop");
      const third =
        mail && on.has("third-service")
          ? ruled(mailPod, { ...mail, ...mailSize, image: OTHER_IMAGE }, "cart")
          : undefined;
      const others = [second, third].filter((one) => one !== undefined);
      const services = [shop, ...others];
      const images = made.images(on);
      const subjects: TimelineSubjects = {
        hosts: hosts.map(({ name }) => name),
        zones: [...new Set(hosts.map(({ zone }) => zone))],
        services: services.map(({ name }) => name),
        empty: services.filter(({ replicas }) => replicas === 0).map(({ name }) => name),
        images: images.map(({ name }) => name),
      };
      const timeline = withMeanwhile(made.timeline(on, subjects), made.meanwhile(on, subjects));
      const deployed = timeline.flatMap(({ action }) => (action.kind === "deploy" ? [action.image] : []));
      const used = images.filter(({ name }) => name === shop.image || deployed.includes(name));
      const [first] = images;
      const own = others.length > 0 && first !== undefined ? [{ ...first, name: OTHER_IMAGE }] : [];
      const { limits, only } = made.budget;
      const names = services.map(({ name }) => name);
      const covered = names.filter((_, place) => place === only);
      return {
        name: "fuzz",
        description: "",
        seed: made.seed,
        duration: lastMoment(timeline) + made.rest,
        warmup: 0,
        cluster: {
          hosts,
          lifecycle: on.has("quick-control-plane") ? QUICK_LIFECYCLE : LIFECYCLE,
          control: { reaction: 50 * MILLISECOND, scheduling: 5 * MILLISECOND },
          scheduler: made.scheduler,
        },
        images: [...used, ...own],
        services,
        expect: [],
        budgets: on.has("shared-budgets") ? [{ ...limits, services: covered.length > 0 ? covered : names }] : undefined,
        timeline,
        hazards: on.has("hazards") ? [HAZARD] : [],
      };
    });
}

/** When the last entry of a timeline is over, those without an end at their beginning. */
export function lastMoment(timeline: readonly TimelineEntry[]): Micros {
  let last = 0;
  for (const { at, action } of timeline) {
    const length = "for" in action ? (action.for ?? 0) : 0;
    last = Math.max(last, at + length);
  }
  return last;
}
