import { BAND, type EventKind } from "../kernel/engine.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import type { Cluster } from "./cluster.ts";
import { type Container, noProbes, type ProbeKind, type ProbeRun } from "./containers.ts";
import type { ProbeMiss } from "./facts.ts";
import { isHeard } from "./hosts.ts";
import type { ProbeSpec, ReadinessSpec, Scenario } from "./spec.ts";

/** No readiness probe: ready as soon as it runs. Its figures are never asked for. */
export const NO_READINESS: ReadinessSpec = { period: 1, successes: 1, failures: 1, throughQueue: false, absent: true };

/** Kubernetes' timeoutSeconds (pkg/apis/core/v1/defaults.go, SetDefaults_Probe). */
const TIMEOUT: Micros = SECOND;
/** The streams that phases are drawn from; readiness was here first. */
const STREAM = { readiness: "probe", liveness: "liveness-probe", startup: "startup-probe" } as const;

/** What the probes ask of those who know. */
export interface ProbeAnswers {
  /** Whether a request would find a slot or a place in the queue. */
  readonly hasRoom: (container: Container) => boolean;
  /** What is to blame when it would not. */
  readonly rootOfMiss: (container: Container) => number;
  /** Told of a liveness or startup probe that was missed too often in a row. */
  readonly failed: (container: Container, probe: "liveness" | "startup", miss: ProbeMiss) => void;
}

/**
 * How a host asks its containers after their health: Kubernetes' prober.
 *
 * Each probe asks every period, from a random phase. It is an event of its own only while its answer may change something: not
 * while the process answers and no queue stands in the way. Of a readiness probe, only the one that turns the container ready is.
 */
export class Probes {
  readonly #cluster: Cluster;
  readonly #answers: ProbeAnswers;
  readonly #ask: Readonly<Record<ProbeKind, EventKind>>;
  readonly #timeOut: Readonly<Record<ProbeKind, EventKind>>;

  constructor(cluster: Cluster, answers: ProbeAnswers) {
    this.#cluster = cluster;
    this.#answers = answers;
    const define = (name: string, act: (container: Container) => void): EventKind =>
      cluster.engine.define(name, BAND.lifecycle, (id, epoch) => {
        const container = cluster.container(id);
        if (container.epoch === epoch) act(container);
      });
    // A kind more would renumber those that come after, and move every digest: most scenarios never need these.
    const late = (name: string, act: (container: Container) => void): EventKind =>
      needsVitalEvents(cluster.scenario) ? define(name, act) : -1;
    this.#ask = {
      readiness: define("probe", (container) => this.#asked(container, "readiness")),
      liveness: late("liveness-probe", (container) => this.#asked(container, "liveness")),
      startup: late("startup-probe", (container) => this.#asked(container, "startup")),
    };
    const timeOut = (kind: ProbeKind) => late(`${kind}-probe-timeout`, (it) => this.#missed(it, kind, "timeout"));
    this.#timeOut = { readiness: timeOut("readiness"), liveness: timeOut("liveness"), startup: timeOut("startup") };
  }

  /** A process exists, and is yet to answer. */
  processBegan(container: Container): void {
    container.processAt = this.#cluster.now;
    container.probes = noProbes();
    const { startupProbe, liveness } = this.#cluster.service(container.service).spec;
    container.started = startupProbe === undefined || !this.#isLookedAfter(container);
    if (startupProbe !== undefined && !container.started) this.#begin(container, "startup", startupProbe);
    else if (liveness !== undefined && this.#isLookedAfter(container)) this.#begin(container, "liveness", liveness);
  }

  /** Its process answers from now on. */
  processAnswers(container: Container): void {
    // What was scheduled for the phase before no longer fits.
    if (container.started) this.#beginOthers(container);
    else this.#lookAgain(container, "startup");
  }

  /** It has been running for long: it is ready, and its probes have passed. */
  settle(container: Container): void {
    const { readiness } = this.#cluster.service(container.service).spec;
    container.probed = true;
    this.#cluster.report(container);
    const run = container.probes.readiness;
    if (run === undefined) return;
    this.#cluster.engine.cancel(run.handle);
    run.handle = -1;
    if (readiness.throughQueue) this.#beginReadiness(container);
  }

  /** What a probe would find has changed for the worse: each asks again at its next turn. */
  watch(container: Container): void {
    for (const kind of ["readiness", "liveness", "startup"] as const) this.#lookAgain(container, kind);
  }

  #beginOthers(container: Container): void {
    const { readiness, liveness } = this.#cluster.service(container.service).spec;
    if (this.#cluster.release(container.release).image.ready) {
      if (readiness.absent === true) this.#setProbed(container, true);
      else this.#beginReadiness(container);
    }
    if (liveness === undefined || !this.#isLookedAfter(container)) return;
    if (container.probes.liveness === undefined) this.#begin(container, "liveness", liveness);
    else this.#lookAgain(container, "liveness");
  }

  #beginReadiness(container: Container): void {
    const { readiness } = this.#cluster.service(container.service).spec;
    const passesToCome = readiness.throughQueue ? 0 : readiness.successes - 1;
    this.#begin(container, "readiness", readiness, passesToCome * readiness.period);
  }

  /** @param untilFirst from the first time that it asks to the first that is worth an event */
  #begin(container: Container, kind: ProbeKind, spec: ProbeSpec, untilFirst: Micros = 0): void {
    const { now, streams, engine } = this.#cluster;
    const name = this.#cluster.service(container.service).spec.name;
    const phase = streams.named(`${STREAM[kind]}/${name}`).below(spec.period);
    const firstAt = Math.max(now, container.processAt + (spec.initialDelay ?? 0)) + phase;
    const handle = engine.at(firstAt + untilFirst, this.#ask[kind], container.id, container.epoch);
    container.probes[kind] = { firstAt, handle, misses: 0, passes: 0 };
  }

  /** The next turn of a probe is an event again. */
  #lookAgain(container: Container, kind: ProbeKind): void {
    const run = container.probes[kind];
    const spec = this.#specOf(container, kind);
    if (run === undefined || spec === undefined || (kind === "startup" && container.started)) return;
    const { now, engine } = this.#cluster;
    if (run.handle >= 0) engine.cancel(run.handle);
    const turns = Math.max(0, Math.ceil((now - run.firstAt) / spec.period));
    run.handle = engine.at(run.firstAt + turns * spec.period, this.#ask[kind], container.id, container.epoch);
  }

  #asked(container: Container, kind: ProbeKind): void {
    const spec = this.#specOf(container, kind);
    const run = container.probes[kind];
    if (spec === undefined || run === undefined) return;
    run.handle = -1;
    if (this.#isSettled(container, kind)) return;
    const miss = this.#missOf(container, spec);
    const { epoch } = container;
    if (miss === undefined) this.#passed(container, kind, spec);
    else if (miss !== "timeout") this.#missed(container, kind, miss);
    else this.#cluster.engine.after(timeoutOf(spec), this.#timeOut[kind], container.id, epoch);
    const isOver = container.epoch !== epoch || this.#isSettled(container, kind);
    if (isOver || (miss === undefined && kind !== "startup" && !spec.throughQueue)) return;
    // The next turn is due by then, and comes at once (kubelet, prober/worker.go: a ticker).
    const until = miss === "timeout" ? Math.max(spec.period, timeoutOf(spec)) : spec.period;
    run.handle = this.#cluster.engine.after(until, this.#ask[kind], container.id, epoch);
  }

  /** Why a probe that asks now gets no good answer; undefined: it does. */
  #missOf(container: Container, spec: ProbeSpec): ProbeMiss | undefined {
    if (container.hung) return "timeout";
    if (!container.answers) return "refused";
    return spec.throughQueue && !this.#answers.hasRoom(container) ? "full" : undefined;
  }

  /** Whether no further answer matters. */
  #isSettled(container: Container, kind: ProbeKind): boolean {
    if (kind !== "readiness") return container.condemned || (kind === "startup" && container.started);
    // Only its death ends a hang, or what SIGTERM began: once unready it stays so.
    const { failures } = this.#cluster.service(container.service).spec.readiness;
    return (container.hung || container.condemned) && (container.probes.readiness?.misses ?? 0) >= failures;
  }

  #passed(container: Container, kind: ProbeKind, spec: ProbeSpec): void {
    const run = container.probes[kind] as ProbeRun;
    run.misses = 0;
    if (kind === "startup") {
      container.started = true;
      this.#beginOthers(container);
    } else if (kind === "readiness") {
      if (!spec.throughQueue || ++run.passes >= spec.successes) this.#setProbed(container, true);
    }
  }

  #missed(container: Container, kind: ProbeKind, miss: ProbeMiss): void {
    const run = container.probes[kind];
    const spec = this.#specOf(container, kind);
    if (run === undefined || spec === undefined || (container.condemned && kind !== "readiness")) return;
    run.passes = 0;
    run.misses++;
    this.#cluster.announce({ kind: "probe-missed", container, probe: kind, miss });
    if (kind !== "readiness") {
      if (run.misses >= spec.failures) this.#answers.failed(container, kind, miss);
    } else if (run.misses === spec.failures) {
      if (miss === "full") container.root = this.#answers.rootOfMiss(container);
      this.#setProbed(container, false);
    }
  }

  #setProbed(container: Container, probed: boolean): void {
    container.probed = probed;
    if (isHeard(this.#cluster.host(container.host))) this.#cluster.report(container);
  }

  /** A service that a person looks after has no agent that would kill and restart. */
  #isLookedAfter(container: Container): boolean {
    return this.#cluster.service(container.service).orchestrated;
  }

  #specOf(container: Container, kind: ProbeKind): ProbeSpec | undefined {
    const { readiness, liveness, startupProbe } = this.#cluster.service(container.service).spec;
    if (kind === "readiness") return readiness;
    return kind === "liveness" ? liveness : startupProbe;
  }
}

/** Whether anything but a readiness probe's good answers can be met in a scenario. */
export function needsVitalEvents({ services, images }: Scenario): boolean {
  return (
    services.some(({ liveness, startupProbe }) => liveness !== undefined || startupProbe !== undefined) ||
    images.some(({ hang }) => hang !== undefined)
  );
}

function timeoutOf({ timeout }: ProbeSpec): Micros {
  return timeout ?? TIMEOUT;
}
