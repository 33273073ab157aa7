import fc from "fast-check";
import type { TimelineAction } from "../../cluster/spec.ts";
import { formatDuration, type Micros, SECOND } from "../../kernel/time.ts";
import { VERSIONS } from "../arbitraries/anyImages.ts";
import { ModelDiffers } from "./differs.ts";
import type { LiveRun } from "./liveRun.ts";
import { differenceNow, imageBefore, type Model, wantedImage } from "./model.ts";

/** One thing that somebody does to a live cluster, and what the model makes of it. */
export type ClusterCommand = fc.Command<Model, LiveRun>;

/** What a command does: to the simulation an action, to the model a change. */
interface Deed {
  readonly action: TimelineAction;
  readonly apply: () => void;
}

type DeedOf = (model: Model, run: { readonly now: Micros }) => Deed | undefined;

/** A command that is only run where there is something to do, and that looks afterwards whether all is as it should be. */
class Does implements ClusterCommand {
  readonly #words: string;
  readonly #deedOf: DeedOf;

  constructor(words: string, deedOf: DeedOf) {
    this.#words = words;
    this.#deedOf = deedOf;
  }

  check(model: Readonly<Model>): boolean {
    return this.#deedOf(model, { now: 0 }) !== undefined;
  }

  run(model: Model, run: LiveRun): void {
    const deed = this.#deedOf(model, run);
    if (deed === undefined) return;
    run.act(deed.action);
    deed.apply();
    compare(model, run, this.#words);
  }

  toString(): string {
    return this.#words;
  }
}

/** Time goes by. */
class Passes implements ClusterCommand {
  readonly #seconds: number;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, run: LiveRun): void {
    run.advance(this.#seconds);
    compare(model, run, this.toString());
  }

  toString(): string {
    return `wait ${this.#seconds}s`;
  }
}

function compare(model: Model, run: LiveRun, after: string): void {
  const difference = differenceNow(model, run);
  if (difference !== undefined) throw new ModelDiffers(`after ${after}, at ${formatDuration(run.now)}: ${difference}`);
}

/** Versions of the service's image that commands deploy: all of them healthy. */
export const COMMAND_VERSIONS: readonly string[] = VERSIONS.slice(0, 3);

const length = fc.constantFrom(5 * SECOND, 20 * SECOND);
const place = fc.nat(3);

/** Every kind of command, the plainest first. */
export const anyCommands: readonly fc.Arbitrary<ClusterCommand>[] = [
  fc.constantFrom(...COMMAND_VERSIONS.slice(1), ...COMMAND_VERSIONS.slice(0, 1)).map(deploy),
  fc.constantFrom(1, 5, 10, 30).map((seconds) => new Passes(seconds)),
  fc.nat(6).map(scale),
  fc.constant(new Does("roll back", rollback)),
  fc.tuple(place, length).map(([which, time]) => crash(which, time)),
  fc
    .integer({ min: 1, max: 4 })
    .map((count) => new Does(`kill ${count}`, ({ service }) => trouble("kill", service, count))),
  fc
    .tuple(place, length, fc.constantFrom("both" as const, "control-plane" as const, "clients" as const))
    .map(partition),
  ...(["cordon", "drain", "uncordon"] as const).map((kind) => place.map((which) => closing(kind, which))),
  ...(["pause", "resume"] as const).map((kind) => fc.constant(new Does(kind, (model) => pausing(kind, model)))),
  length.map(controlPlaneDown),
];

function deploy(image: string): ClusterCommand {
  return new Does(`deploy ${image}`, (model) => {
    if (image === wantedImage(model)) return undefined;
    const action = { kind: "deploy" as const, service: model.service, image, strategy: undefined };
    return { action, apply: () => model.history.push(image) };
  });
}

function rollback(model: Model): Deed | undefined {
  const image = imageBefore(model);
  if (image === undefined) return undefined;
  return { action: { kind: "rollback", service: model.service }, apply: () => model.history.push(image) };
}

function scale(replicas: number): ClusterCommand {
  return new Does(`scale to ${replicas}`, (model) => ({
    action: { kind: "scale", service: model.service, replicas },
    apply: () => {
      model.replicas = replicas;
    },
  }));
}

function trouble(kind: "kill", service: string, count: number): Deed {
  return { action: { kind, service, count }, apply: () => undefined };
}

function crash(which: number, time: Micros): ClusterCommand {
  return new Does(`crash host ${which + 1} for ${formatDuration(time)}`, (model, { now }) => {
    const host = hostOf(model, which);
    return {
      action: { kind: "crash", what: "host", name: host, for: time },
      apply: () => {
        const until = endOf(now, time);
        model.downUntil.set(host, Math.max(model.downUntil.get(host) ?? 0, until));
        model.troubleUntil = Math.max(model.troubleUntil, until);
      },
    };
  });
}

function partition([which, time, from]: [number, Micros, "both" | "control-plane" | "clients"]): ClusterCommand {
  return new Does(`partition host ${which + 1} from ${from} for ${formatDuration(time)}`, (model, { now }) => ({
    action: { kind: "partition", host: hostOf(model, which), from, for: time },
    apply: () => {
      model.troubleUntil = Math.max(model.troubleUntil, endOf(now, time));
    },
  }));
}

function controlPlaneDown(time: Micros): ClusterCommand {
  return new Does(`control plane down for ${formatDuration(time)}`, (model, { now }) => ({
    action: { kind: "control-plane", for: time },
    apply: () => {
      model.troubleUntil = Math.max(model.troubleUntil, endOf(now, time));
    },
  }));
}

function closing(kind: "cordon" | "drain" | "uncordon", which: number): ClusterCommand {
  return new Does(`${kind} host ${which + 1}`, (model) => {
    const host = hostOf(model, which);
    return {
      action: { kind, host },
      apply: () => (kind === "uncordon" ? model.cordoned.delete(host) : model.cordoned.add(host)),
    };
  });
}

function pausing(kind: "pause" | "resume", model: Model): Deed | undefined {
  if (model.paused === (kind === "pause")) return undefined;
  return {
    action: { kind, service: model.service },
    apply: () => {
      model.paused = kind === "pause";
    },
  };
}

function hostOf({ hosts }: Model, which: number): string {
  return hosts[which % hosts.length] ?? "";
}

/** A deed is done a millisecond after it is thought of. */
function endOf(now: Micros, time: Micros): Micros {
  return now + 1000 + time;
}
