import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import type { TrafficWeight } from "../cluster/services.ts";
import { counted } from "../fields/refusal.ts";
import type { Micros } from "../kernel/time.ts";
import type { Plan, RolloutView } from "../rollout/strategy.ts";
import type { PlacementRequest, Snapshot } from "../scheduling/framework.ts";
import type { Frame, Placement, Planning } from "./invariant.ts";

/** A storyboard has at most so many frames, the last of which says what is wrong. */
const MOST_FRAMES = 7;

/** Writes down what a violation may have come from. */
export class Story {
  readonly #frames: Frame[] = [];

  /** A fact, if it is worth a frame. */
  fact(fact: Fact, now: Micros, cluster: Cluster): void {
    const text = wordsOf(fact, cluster);
    if (text !== undefined) this.#add(now, text);
  }

  /** What a strategy saw, and what it then said. */
  planned({ strategy, view, plan }: Planning): void {
    this.#add(view.now, `${strategy.name} saw ${seen(view)}; it said ${said(plan, view)}`);
  }

  /** What a scheduler saw, and what it then said. */
  placed({ scheduler, request, snapshot, verdict }: Placement, now: Micros): void {
    const where = verdict.kind === "unschedulable" ? "nowhere" : (snapshot.hosts[verdict.host]?.spec.name ?? "?");
    const how = verdict.kind === "preempt" ? `, after ${verdict.victims.length} others have gone` : "";
    this.#add(now, `${scheduler} ${askedFor(request, snapshot)}; it said ${where}${how}`);
  }

  /** The latest frames, and the end. */
  frames(at: Micros, ending: string): Frame[] {
    const before = this.#frames.slice(-(MOST_FRAMES - 1));
    return [...before, { at, text: ending }];
  }

  /** What is said twice in a row is one frame. */
  #add(at: Micros, text: string): void {
    if (this.#frames.at(-1)?.text !== text) this.#frames.push({ at, text });
  }
}

/** What a scheduler is asked, in words that follow its name. */
export function askedFor({ container }: PlacementRequest, { hosts }: Snapshot): string {
  const free = hosts.map(({ spec, freeMillicores }) => `${spec.name} ${freeMillicores}m free`).join(", ");
  return `was asked for ${container} with ${free}`;
}

/** What a strategy is shown, in words that follow its name and "saw". */
export function seen({ replicas, next, previous }: RolloutView): string {
  const releases = [next, ...previous].map(
    ({ image, desired, existing, available, receiving }) =>
      `${image} ${available}/${existing} available of ${desired} wanted${receiving ? "" : ", no traffic"}`,
  );
  return `${counted(replicas, "replica")} wanted, ${releases.join("; ")}`;
}

function said(plan: Plan, { next, previous }: RolloutView): string {
  const nameOf = (id: number) => [next, ...previous].find((release) => release.id === id)?.image ?? `release ${id}`;
  const parts = [
    ...(plan.scale ?? []).map(({ release, desired }) => `${nameOf(release)} → ${desired}`),
    ...(plan.receiving === undefined ? [] : [`traffic to ${receivers(plan.receiving, nameOf)}`]),
    ...(Array.isArray(plan.weights) ? [shares(plan.weights, nameOf)] : []),
    ...(plan.outcome === undefined ? [] : [plan.outcome]),
  ];
  return parts.length === 0 ? "wait" : parts.join(", ");
}

function receivers(receiving: readonly number[] | "all", nameOf: (id: number) => string): string {
  if (receiving === "all") return "all";
  return receiving.length === 0 ? "nobody" : receiving.map(nameOf).join(" and ");
}

function wordsOf(fact: Fact, cluster: Cluster): string | undefined {
  switch (fact.kind) {
    case "host-down":
    case "host-up":
    case "host-cut":
    case "host-mended":
    case "host-unreachable":
    case "host-cordoned":
    case "host-uncordoned":
      return `${fact.host.spec.name}: ${fact.kind.slice("host-".length)}`;
    case "container-deleted":
      return `${fact.container.name} (${imageOf(fact.container.release, cluster)}) deleted: ${fact.why}`;
    case "container-died":
      return `${fact.container.name} dies`;
    case "container-unschedulable":
      return `${fact.container.name} finds no place: ${fact.reasons.join(", ")}`;
    case "replicas-changed":
      return `${fact.service.spec.name}: ${counted(fact.service.replicas, "replica")} wanted`;
    case "registry":
    case "control-plane":
      return `${fact.kind} ${fact.up ? "up" : "down"}`;
    case "rollout-began":
      return `${fact.rollout.reason} of ${fact.rollout.to} with ${fact.rollout.strategy} begins`;
    case "rollout-ended":
      return `rollout to ${fact.rollout.to}: ${fact.outcome}`;
    default:
      return undefined;
  }
}

function imageOf(release: number, cluster: Cluster): string {
  return cluster.release(release).image.name;
}

function shares(weights: readonly TrafficWeight[], nameOf: (id: number) => string): string {
  return weights.map(({ release, percent }) => `${percent} % to ${nameOf(release)}`).join(" and ");
}
