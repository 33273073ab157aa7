import type { Micros } from "../../src/kernel/time.ts";
import { checkedPlan } from "../../src/rollout/checkedPlan.ts";
import type { Plan, ReleaseView, RolloutView, Strategy } from "../../src/rollout/strategy.ts";

interface FakeContainer {
  ready: boolean;
  readySince: Micros;
  crashing: boolean;
}

/** A release of the fake world. `good`: its containers get ready. `errors`: of 100 answers so many fail. */
export interface FakeRelease {
  readonly id: number;
  readonly good: boolean;
  readonly errors: number;
  revision: number;
  desired: number;
  containers: FakeContainer[];
  terminating: number;
  succeeded: number;
  failed: number;
}

/** What happened in one step, for those who check laws after every one. */
export type Happening = "planned" | "reconciled" | "got ready" | "stopped" | "crashed" | "restarted" | "waited";

/**
 * A cluster in small, for one service: containers start, get ready, stop and crash in an order drawn from a seed, and a
 * strategy's plans are played at random moments in between. Nothing of the simulator proper takes part but the check of
 * plans.
 */
export class FakeWorld {
  readonly releases: FakeRelease[] = [];
  now: Micros = 0;
  replicas: number;
  receiving: readonly number[] | undefined;
  weights: Plan["weights"] = "none";
  crashes = 0;
  /** What a person told the rollout under way. */
  promotions = 0;
  promotedInFull = false;
  abortAsked = false;
  paused = false;
  /** By how many versions the rollout under way goes back. */
  revisionsBack = 0;
  stable = 0;
  plan: Plan = {};
  readonly notes: string[] = [];
  readonly #strategy: Strategy;
  readonly #settings: unknown;
  readonly #minReady: Micros;
  #state: unknown;
  #next = 0;
  #startedAt = 0;
  #progressedAt = 0;
  #counts: readonly number[] = [];
  #wakeAt = Number.POSITIVE_INFINITY;
  #random: number;

  constructor(part: { strategy: Strategy; settings?: object; replicas: number; seed?: number }) {
    this.#strategy = part.strategy;
    this.#settings = part.strategy.settings?.parse(part.settings ?? {});
    this.#minReady = part.strategy.minReady?.(this.#settings) ?? 0;
    this.replicas = part.replicas;
    this.#random = part.seed ?? 1;
    this.#add(true, 0, part.replicas);
  }

  get next(): FakeRelease {
    return this.releases[this.#next] as FakeRelease;
  }

  /** The others, newest first, that have anything left. */
  get previous(): FakeRelease[] {
    return this.releases
      .filter(
        ({ id, desired, containers, terminating }) =>
          id !== this.#next && desired + containers.length + terminating > 0,
      )
      .sort((one, other) => other.revision - one.revision);
  }

  /** A new version comes, on top of whatever is under way. */
  deploy({ good = true, errors = 0 }: { good?: boolean; errors?: number } = {}): void {
    this.#begin(this.#add(good, errors, 0).id);
  }

  /** Back to a release that is still known. */
  back(id: number): void {
    (this.releases[id] as FakeRelease).revision = this.releases.length + this.now;
    this.#begin(id);
  }

  existing(): number {
    return this.releases.reduce((total, { containers }) => total + containers.length, 0);
  }

  available(): number {
    return this.releases.reduce((total, release) => total + this.#availableOf(release), 0);
  }

  /** Ready containers that get traffic. */
  serving(): number {
    return this.releases.reduce(
      (total, { id, containers }) => total + (this.#receives(id) ? containers.filter(({ ready }) => ready).length : 0),
      0,
    );
  }

  view(): RolloutView {
    const next = this.#viewOf(this.next);
    const previous = this.previous.map((release) => this.#viewOf(release));
    const { now, replicas } = this;
    const rest = {
      startedAt: this.#startedAt,
      progressedAt: this.#progressedAt,
      reason: "deploy",
      wasKept: false,
      promoted: this.promotions > 0,
      promotions: this.promotions,
      promotedInFull: this.promotedInFull,
      abortAsked: this.abortAsked,
      revisionsBack: this.revisionsBack,
      paused: this.paused,
    } as const;
    return { now, replicas, next, previous, ...rest, state: this.#state };
  }

  /** Plays until the rollout ends, is stuck with nothing left to happen, or `limit` steps are over. */
  play(check: (happening: Happening) => void = () => {}, limit = 5_000): Plan["outcome"] {
    for (let step = 0; step < limit; step++) {
      const happening = this.step();
      check(happening);
      if (this.plan.outcome === "stuck" && happening === "waited") return "stuck";
      if (this.plan.outcome !== undefined && this.plan.outcome !== "stuck") return this.plan.outcome;
    }
    return undefined;
  }

  /** One thing happens; when nothing else can, time passes. */
  step(): Happening {
    const possible = this.#possible();
    if (this.#draw(4) === 0 || possible.length === 0) {
      const before = JSON.stringify([this.plan.outcome, this.releases.map(({ desired }) => desired), this.receiving]);
      this.ask();
      const after = JSON.stringify([this.plan.outcome, this.releases.map(({ desired }) => desired), this.receiving]);
      if (before !== after || possible.length > 0) return "planned";
      this.#wait();
      return "waited";
    }
    this.now += 1 + this.#draw(500_000);
    return (possible[this.#draw(possible.length)] as () => Happening)();
  }

  /** Asks the strategy and does what it says. */
  ask(): Plan {
    const view = this.view();
    const counts = [view.next.existing, -sum(view.previous, "existing"), this.#ready(), this.available()];
    if (counts.some((count, i) => count > (this.#counts[i] ?? Number.NEGATIVE_INFINITY))) this.#progressedAt = this.now;
    this.#counts = counts;
    this.plan = checkedPlan(this.#strategy.plan(this.view(), this.#settings), view, this.#strategy.name);
    this.#state = this.plan.state;
    for (const { release, desired } of this.plan.scale ?? []) (this.releases[release] as FakeRelease).desired = desired;
    if (this.plan.receiving !== undefined)
      this.receiving = this.plan.receiving === "all" ? undefined : this.plan.receiving;
    if (this.plan.weights !== undefined || this.plan.receiving !== undefined)
      this.weights = this.plan.weights ?? "none";
    if (this.plan.outcome === "completed") this.stable = this.#next;
    for (const note of [this.plan.note ?? []].flat()) if (!this.notes.includes(note)) this.notes.push(note);
    this.#wakeAt = this.plan.wakeAfter === undefined ? Number.POSITIVE_INFINITY : this.now + this.plan.wakeAfter;
    return this.plan;
  }

  #begin(id: number): void {
    this.#next = id;
    this.#state = undefined;
    this.#startedAt = this.now;
    this.#progressedAt = this.now;
    this.#counts = [];
    this.promotions = 0;
    this.promotedInFull = false;
    this.abortAsked = false;
    this.plan = {};
  }

  #add(good: boolean, errors: number, running: number): FakeRelease {
    const id = this.releases.length;
    const containers = Array.from({ length: running }, () => ({ ready: true, readySince: -1e12, crashing: false }));
    const release = {
      id,
      good,
      errors,
      revision: id + 1,
      desired: running,
      containers,
      terminating: 0,
      succeeded: 0,
      failed: 0,
    };
    this.releases.push(release);
    return release;
  }

  #possible(): (() => Happening)[] {
    const acts: (() => Happening)[] = [];
    for (const release of this.releases) {
      const waiting = release.containers.find(({ ready, crashing }) => !ready && !crashing);
      const crashed = release.containers.find(({ crashing }) => crashing);
      const serving = release.containers.find(({ ready }) => ready);
      if (release.containers.length !== release.desired) acts.push(() => this.#reconcile(release));
      if (release.terminating > 0) acts.push(() => this.#change("stopped", () => release.terminating--));
      if (crashed) acts.push(() => this.#change("restarted", () => Object.assign(crashed, { crashing: false })));
      if (waiting && release.good) {
        acts.push(() => this.#change("got ready", () => Object.assign(waiting, { ready: true, readySince: this.now })));
      }
      if (serving && this.crashes > 0 && this.#draw(3) === 0) {
        acts.push(() => {
          this.crashes--;
          return this.#change("crashed", () => Object.assign(serving, { ready: false, crashing: true }));
        });
      }
    }
    return acts;
  }

  #change(happening: Happening, change: () => void): Happening {
    change();
    return happening;
  }

  /** What a replicas controller does: those that are not ready go first. */
  #reconcile(release: FakeRelease): Happening {
    const { containers } = release;
    while (containers.length < release.desired) containers.push({ ready: false, readySince: 0, crashing: false });
    containers.sort((one, other) => Number(other.ready) - Number(one.ready) || one.readySince - other.readySince);
    release.terminating += containers.length - release.desired;
    containers.length = release.desired;
    return "reconciled";
  }

  /** Time passes to what comes next, and the requests of that time are answered. */
  #wait(): void {
    const aging = this.releases.flatMap(({ containers }) =>
      containers.filter(({ ready }) => ready).map(({ readySince }) => readySince + this.#minReady),
    );
    const later = [this.#wakeAt, ...aging].filter((at) => at > this.now);
    const passed = Math.min(...later, this.now + 60_000_000) - this.now;
    this.now += passed;
    for (const release of this.releases) {
      const answers =
        this.#shareOf(release.id) > 0 && release.containers.some(({ ready }) => ready) ? Math.ceil(passed / 10_000) : 0;
      const failed = Math.round((answers * release.errors) / 100);
      release.failed += failed;
      release.succeeded += answers - failed;
    }
  }

  #viewOf(release: FakeRelease): ReleaseView {
    const { id, revision, desired, containers, terminating, succeeded, failed } = release;
    return {
      id,
      image: `app:v${id + 1}`,
      revision,
      desired,
      existing: containers.length,
      ready: containers.filter(({ ready }) => ready).length,
      available: this.#availableOf(release),
      terminating,
      crashing: containers.filter(({ crashing }) => crashing).length,
      pending: 0,
      unschedulable: 0,
      stable: id === this.stable,
      receiving: this.#receives(id),
      signals: { succeeded, failed },
    };
  }

  #availableOf({ containers }: FakeRelease): number {
    return containers.filter(({ ready, readySince }) => ready && this.now - readySince >= this.#minReady).length;
  }

  #ready(): number {
    return this.releases.reduce((total, { containers }) => total + containers.filter(({ ready }) => ready).length, 0);
  }

  /** 0 without traffic; else something above, or the percent that it was given. */
  #shareOf(id: number): number {
    if (!this.#receives(id)) return 0;
    if (this.weights === "none" || this.weights === undefined) return 100;
    return this.weights.find(({ release }) => release === id)?.percent ?? 0;
  }

  #receives(id: number): boolean {
    return this.receiving === undefined || this.receiving.includes(id);
  }

  /** A whole number below `limit`, from a small generator of its own (Numerical Recipes' linear congruence). */
  #draw(limit: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#random / 2 ** 32) * limit);
  }
}

function sum(releases: readonly ReleaseView[], field: "existing"): number {
  return releases.reduce((total, release) => total + release[field], 0);
}
