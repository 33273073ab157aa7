import { type Micros, SECOND } from "../../kernel/time.ts";
import type { LiveRun } from "./liveRun.ts";

/** What should be so, kept by hand: a few lines that know nothing of how a cluster does it. */
export interface Model {
  readonly service: string;
  readonly hosts: readonly string[];
  /** Images that were put in force, oldest first; the last is the wanted one. */
  readonly history: string[];
  replicas: number;
  paused: boolean;
  readonly cordoned: Set<string>;
  /** Hosts that are down, and until when. */
  readonly downUntil: Map<string, Micros>;
  /** When the last trouble that was caused is over. */
  troubleUntil: Micros;
}

/** The image that should run in the end. */
export function wantedImage({ history }: Model): string {
  return history.at(-1) ?? "";
}

/** Where a rollback goes: the latest image that is not the wanted one; undefined: there is none. */
export function imageBefore({ history }: Model): string | undefined {
  return history.findLast((image) => image !== history.at(-1));
}

/** A model at the beginning of a run. */
export function newModel({ scenario }: LiveRun): Model {
  const [service] = scenario.services;
  return {
    service: service?.name ?? "",
    hosts: scenario.cluster.hosts.map(({ name }) => name),
    history: [service?.image ?? ""],
    replicas: service?.replicas ?? 0,
    paused: false,
    cordoned: new Set(),
    downUntil: new Map(),
    troubleUntil: 0,
  };
}

/** What holds after every command, whatever is under way: the first that does not, in words. */
export function differenceNow(model: Model, run: LiveRun): string | undefined {
  const { replicas, rollout } = run.standingOf(model.service);
  if (replicas !== model.replicas) return `${replicas} replicas are wanted; ${model.replicas} were asked for`;
  const to = rollout === undefined ? model.history[0] : rollout.to;
  if (to !== wantedImage(model) && !gaveUp(rollout?.outcome))
    return `the latest rollout goes to ${to}; it should go to ${wantedImage(model)}`;
  for (const host of model.hosts) {
    if (run.isCordoned(host) !== model.cordoned.has(host))
      return `${host} is ${model.cordoned.has(host) ? "open" : "cordoned"}, and should not be`;
    const isUp = (model.downUntil.get(host) ?? 0) <= run.now;
    if (run.isUp(host) !== isUp) return `${host} is ${isUp ? "down" : "up"}, and should not be`;
  }
  const [intruder] = run.intruders;
  return intruder && `a cordoned host gets something new: ${intruder}`;
}

/** What should come about once nothing happens any more: what is not there yet, in words. */
export function differenceAtRest(model: Model, run: LiveRun): string | undefined {
  const { images, ready, rollout } = run.standingOf(model.service);
  const image = gaveUp(rollout?.outcome) ? (rollout?.from ?? "") : wantedImage(model);
  if (rollout?.outcome === "in-progress" || rollout?.outcome === "stuck")
    return `the rollout to ${rollout.to} is ${rollout.outcome}`;
  const other = images.find((one) => one !== image);
  if (other !== undefined) return `a container runs ${other}; wanted is ${image}`;
  if (images.length !== model.replicas) return `${images.length} containers run; ${model.replicas} were asked for`;
  return ready === model.replicas ? undefined : `${ready} of ${model.replicas} containers are ready`;
}

/** A rollout that does not go on, and says so: nothing more can be asked of it. */
export function isStuck(model: Model, run: LiveRun): boolean {
  return run.standingOf(model.service).rollout?.outcome === "stuck";
}

/** How long a cluster has to come to rest: people who restart one container after another take their time. */
export const PATIENCE: Micros = 3600 * SECOND;

function gaveUp(outcome: string | undefined): boolean {
  return outcome === "rolled-back" || outcome === "aborted";
}
