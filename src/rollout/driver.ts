import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import { bookPerson } from "../cluster/person.ts";
import { BEGINNING } from "../cluster/roots.ts";
import type { Service } from "../cluster/services.ts";
import type { NamedSettings } from "../cluster/spec.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { PluginError } from "../kernel/errors.ts";
import { type Micros, NEVER } from "../kernel/time.ts";
import { deploymentProgressing } from "./deploymentStatus.ts";
import { applyChange, type Change, changesOf, describeScaling, oneAct } from "./planChanges.ts";
import { RolloutFigures } from "./rolloutFigures.ts";
import { RolloutLedger } from "./rolloutLedger.ts";
import { type ActiveRollout, othersThan, type RolloutRow, type ServiceRollouts } from "./rolloutState.ts";
import { nextAvailability, progressCounts, rolloutView, type ViewSources, waitingNote } from "./rolloutView.ts";
import { sendSmokeRequests } from "./smokeTests.ts";
import type { Pace, Plan, RolloutReason, RolloutView, Signals, Strategy } from "./strategy.ts";
import { type ConfiguredStrategy, StrategyBook } from "./strategyBook.ts";

/** Whether a command began a rollout, or why there was nothing to do. */
export type RolloutAnswer = "begun" | "already-current" | "nothing-to-roll-back-to";

/** Plans in a row at one instant after which a strategy is taken to go round in circles. */
const MOST_PLANS_AT_ONCE = 10_000;

/**
 * Carries rollouts out: shows its strategy the state of a rollout after every change, and does what the plan says.
 *
 * It is a controller like any other: it reacts `control.reaction` after a change, at most once for many changes, and
 * not while the control plane is down. A service operated by a person is planned the same way, but each act waits for
 * the person.
 */
export class RolloutDriver {
  readonly #cluster: Cluster;
  readonly #book: StrategyBook;
  readonly #signalsOf: (release: number) => Signals;
  readonly #figures: RolloutFigures;
  readonly #ledger: RolloutLedger;
  readonly #sync: EventKind;
  readonly #timer: EventKind;
  readonly #act: EventKind;

  constructor(parts: {
    readonly cluster: Cluster;
    /** By name; those of `STRATEGIES` and the plug-ins. */
    readonly strategies: ReadonlyMap<string, Strategy>;
    /** Attempts of users answered by a release since it exists. */
    readonly signalsOf: (release: number) => Signals;
  }) {
    this.#cluster = parts.cluster;
    this.#book = new StrategyBook(parts.strategies);
    this.#signalsOf = parts.signalsOf;
    this.#figures = new RolloutFigures(parts.cluster, ({ named }) => this.#book.configured(named).minReady);
    this.#ledger = new RolloutLedger(parts.cluster, this.#figures);
    const { engine } = parts.cluster;
    const onService = (name: string, act: (service: Service, rollouts: ServiceRollouts) => void): EventKind =>
      engine.define(name, BAND.control, (id) => act(this.#cluster.service(id), this.#ledger.of(id)));
    this.#sync = onService("rollout-sync", (service, rollouts) => {
      rollouts.syncPending = false;
      this.#look(service, rollouts);
    });
    this.#timer = onService("rollout-timer", (service, rollouts) => {
      rollouts.timerAt = NEVER;
      this.#look(service, rollouts);
    });
    this.#act = onService("rollout-act", (service, rollouts) => this.#actByHand(service, rollouts));
    this.#cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** Every service's rollouts: plain data, to be copied and put back. */
  get state(): ServiceRollouts[] {
    return this.#ledger.state;
  }

  set state(state: ServiceRollouts[]) {
    this.#ledger.state = state;
  }

  /** The rollouts of a service so far, oldest first; one under way as it stands now. */
  rolloutsOf(service: Service): readonly RolloutRow[] {
    return this.#ledger.rowsOf(service);
  }

  /** How long the person who looks after that service takes; zeros where an orchestrator does. */
  paceOf(service: Service): Pace {
    return this.#book.configured(service.spec.strategy).pace;
  }

  /** Brings a service into being at the beginning of the run: its first release, and how it is looked after. */
  begin(service: Service): void {
    const strategy = this.#book.configured(service.spec.strategy);
    service.orchestrated = !strategy.byPerson;
    this.#ledger.of(service.id).paused = service.spec.paused ?? false;
    if (strategy.byPerson && service.spec.initially === "cold") {
      this.#open(service, service.spec.image, { named: service.spec.strategy, reason: "deploy", root: BEGINNING });
      return;
    }
    const release = this.#cluster.addRelease(service, service.spec.image, BEGINNING);
    service.stable = release.id;
    this.#cluster.setDesired(release, service.replicas, BEGINNING);
  }

  /**
   * Puts another version in force, with `strategy` or else the service's own. A rollout under way is superseded, and
   * its release is one more to be replaced. A version that is already on its way in or in force: nothing happens.
   */
  deploy(service: Service, image: string, strategy: NamedSettings | undefined, root: number): RolloutAnswer {
    if (service.current >= 0 && this.#cluster.release(service.current).image.name === image) return "already-current";
    this.#open(service, image, { named: strategy ?? service.spec.strategy, reason: "deploy", root });
    return "begun";
  }

  /** Goes back to the version before, with the service's own strategy (Kubernetes, `kubectl rollout undo`). */
  rollback(service: Service, root: number): RolloutAnswer {
    const image = this.#ledger.imageBefore(service, this.#book.configured(service.spec.strategy).revisionHistoryLimit);
    if (image === undefined) return "nothing-to-roll-back-to";
    this.#open(service, image, { named: service.spec.strategy, reason: "rollback", root });
    return "begun";
  }

  /** Changes how many containers a service should have; a rollout under way goes on with the new number. */
  scale(service: Service, replicas: number, root: number): void {
    const rollouts = this.#ledger.of(service.id);
    rollouts.scaleRoot = root;
    rollouts.unsettled = true;
    this.#cluster.setReplicas(service, replicas);
    this.#wake(service, rollouts);
  }

  /**
   * Tells a rollout that waits for a person to go on (Argo Rollouts, `promote`); does nothing where none is under way.
   */
  promote(service: Service, extent: "step" | "full" = "step"): void {
    const rollouts = this.#ledger.of(service.id);
    if (rollouts.active === undefined) return;
    rollouts.active.promotions++;
    if (extent === "full") rollouts.active.promotedInFull = true;
    this.#wake(service, rollouts);
  }

  /** Tells a rollout to give up (Argo Rollouts, `abort`). Only strategies that keep a way back do. */
  abort(service: Service): void {
    const rollouts = this.#ledger.of(service.id);
    if (rollouts.active === undefined) return;
    rollouts.active.abortAsked = true;
    this.#wake(service, rollouts);
  }

  /** Holds a service's rollouts, or lets them go on (Kubernetes, `kubectl rollout pause` and `resume`). */
  setPaused(service: Service, paused: boolean): void {
    const rollouts = this.#ledger.of(service.id);
    if (rollouts.paused === paused) return;
    rollouts.paused = paused;
    // The time it was held is no lack of progress (Kubernetes, progress.go: the clock restarts on resume).
    if (rollouts.active !== undefined) rollouts.active.progressedAt = this.#cluster.now;
    this.#wake(service, rollouts);
  }

  #open(service: Service, image: string, how: { named: NamedSettings; reason: RolloutReason; root: number }): void {
    this.#book.configured(how.named);
    const rollouts = this.#ledger.of(service.id);
    if (rollouts.active !== undefined) this.#end(service, rollouts, "superseded");
    const remembered = this.#book.configured(service.spec.strategy).revisionHistoryLimit;
    this.#ledger.open(service, image, { ...how, remembered });
    this.#wake(service, rollouts);
  }

  #hear(fact: Fact): void {
    if (fact.kind === "control-plane") {
      if (fact.up) for (const service of this.#cluster.state.services) this.#wake(service, this.#ledger.of(service.id));
      return;
    }
    const id = this.#ledger.note(fact);
    if (id !== undefined) this.#wake(this.#cluster.service(id), this.#ledger.of(id));
  }

  #wake(service: Service, rollouts: ServiceRollouts): void {
    if (rollouts.syncPending || (rollouts.active === undefined && !rollouts.unsettled)) return;
    rollouts.syncPending = true;
    this.#cluster.engine.after(this.#cluster.scenario.cluster.control.reaction, this.#sync, service.id);
  }

  /**
   * Compares what is wanted with what is. While the control plane is down nobody looks; its return wakes everything.
   */
  #look(service: Service, rollouts: ServiceRollouts): void {
    if (!this.#cluster.controlPlaneUp()) return;
    const { active } = rollouts;
    if (active === undefined) {
      this.#settle(service, rollouts);
      return;
    }
    const strategy = this.#book.configured(active.named);
    const sources = this.#sourcesOf(service, rollouts, strategy);
    const view = this.#viewOf(active, sources);
    const plan = this.#planned(view, rollouts, strategy);
    const changes = changesOf(plan, service, this.#cluster);
    this.#setTimer(service, rollouts, Math.min(nextAvailability(sources), wakeTime(plan, this.#cluster.now)));
    this.#ledger.waits(service, active, waitingNote(view, rollouts));
    if (strategy.byPerson && changes.length > 0) {
      this.#ledger.judge(service, active, plan);
      this.#bookAct(service, rollouts, strategy);
      return;
    }
    this.#ledger.step(service, active, plan.note, describeScaling(changes));
    for (const change of changes) applyChange(this.#cluster, service, change, active.root);
    active.state = plan.state;
    const test = { wanted: plan.smokeRequests ?? 0, ready: view.next.ready };
    if (sendSmokeRequests(this.#cluster, service, active, test)) this.#wake(service, rollouts);
    this.#conclude(service, rollouts, plan);
  }

  #conclude(service: Service, rollouts: ServiceRollouts, plan: Plan): void {
    const { active } = rollouts;
    if (active === undefined) return;
    this.#ledger.judge(service, active, plan);
    if (plan.outcome === undefined || plan.outcome === "stuck") return;
    this.#end(service, rollouts, plan.outcome);
    if (plan.outcome !== "completed") {
      this.#ledger.restore(service, active);
      if (plan.keepsNew === true) rollouts.kept = active.next;
    }
    rollouts.scaleRoot = active.root;
    rollouts.unsettled = true;
    this.#wake(service, rollouts);
  }

  #end(service: Service, rollouts: ServiceRollouts, outcome: RolloutRow["outcome"]): void {
    this.#setTimer(service, rollouts, NEVER);
    rollouts.kept = undefined;
    this.#ledger.end(service, rollouts, outcome);
  }

  /** The person has the hands free: does the first thing that is to be done now, which may have changed since. */
  #actByHand(service: Service, rollouts: ServiceRollouts): void {
    rollouts.acting = false;
    const { active } = rollouts;
    if (active === undefined) {
      this.#settleByOne(service, rollouts);
      return;
    }
    const strategy = this.#book.configured(active.named);
    if (strategy.byPerson) {
      const view = this.#viewOf(active, this.#sourcesOf(service, rollouts, strategy));
      const plan = this.#planned(view, rollouts, strategy);
      const [first] = changesOf(plan, service, this.#cluster);
      if (first !== undefined) this.#applyOne(service, active, { plan, change: oneAct(first) });
    }
    this.#wake(service, rollouts);
  }

  #applyOne(service: Service, active: ActiveRollout, act: { plan: Plan; change: Change }): void {
    this.#ledger.step(service, active, act.plan.note, describeScaling([act.change]));
    applyChange(this.#cluster, service, act.change, active.root);
    active.state = act.plan.state;
  }

  #bookAct(service: Service, rollouts: ServiceRollouts, { pace }: ConfiguredStrategy): void {
    if (rollouts.acting) return;
    rollouts.acting = true;
    this.#cluster.engine.at(bookPerson(this.#cluster, pace.act), this.#act, service.id);
  }

  /**
   * No rollout under way: the release in force gets the wanted size, and when it has it in full, whatever else an
   * earlier rollout left is stopped (Kubernetes, sync.go, scale, the saturated case).
   */
  #settle(service: Service, rollouts: ServiceRollouts): void {
    const strategy = this.#book.configured(service.spec.strategy);
    if (strategy.byPerson) {
      if (this.#cluster.release(service.current).desired === service.replicas) rollouts.unsettled = false;
      else this.#bookAct(service, rollouts, strategy);
      return;
    }
    const current = this.#cluster.release(service.current);
    this.#cluster.setDesired(current, service.replicas, rollouts.scaleRoot);
    const left = othersThan(service, current.id).filter(({ id, desired }) => desired > 0 && id !== rollouts.kept);
    const ready = this.#cluster.activeOf(current).filter((container) => container.ready).length;
    if (ready >= service.replicas) {
      for (const release of left) this.#cluster.setDesired(release, 0, rollouts.scaleRoot);
    }
    rollouts.unsettled = left.some((release) => release.desired > 0);
  }

  #settleByOne(service: Service, rollouts: ServiceRollouts): void {
    const release = this.#cluster.release(service.current);
    const step = Math.sign(service.replicas - release.desired);
    this.#cluster.setDesired(release, release.desired + step, rollouts.scaleRoot);
    this.#wake(service, rollouts);
  }

  #sourcesOf(service: Service, rollouts: ServiceRollouts, { minReady }: ConfiguredStrategy): ViewSources {
    return { cluster: this.#cluster, service, rollouts, minReady, signalsOf: this.#signalsOf };
  }

  #viewOf(active: ActiveRollout, sources: ViewSources): RolloutView {
    const view = rolloutView(active, sources);
    const counts = progressCounts(view);
    const progressed = active.counts === undefined || deploymentProgressing(active.counts, counts);
    active.counts = counts;
    if (!progressed) return view;
    active.progressedAt = this.#cluster.now;
    return { ...view, progressedAt: this.#cluster.now };
  }

  #planned(view: RolloutView, rollouts: ServiceRollouts, strategy: ConfiguredStrategy): Plan {
    if (rollouts.plannedAt !== view.now) rollouts.plansNow = 0;
    rollouts.plannedAt = view.now;
    if (++rollouts.plansNow > MOST_PLANS_AT_ONCE) {
      throw new PluginError(
        `strategy "${strategy.name}" changes its plan for ever; expected it to settle at one instant`,
      );
    }
    return strategy.plan(view);
  }

  #setTimer(service: Service, rollouts: ServiceRollouts, at: Micros): void {
    if (rollouts.timerAt === at) return;
    if (rollouts.timerAt !== NEVER) this.#cluster.engine.cancel(rollouts.timer);
    rollouts.timerAt = at;
    if (at !== NEVER) rollouts.timer = this.#cluster.engine.at(at, this.#timer, service.id);
  }
}

function wakeTime({ wakeAfter }: Plan, now: Micros): Micros {
  return wakeAfter === undefined ? NEVER : now + wakeAfter;
}
