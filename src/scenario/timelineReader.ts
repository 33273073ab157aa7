import type { TimelineAction, TimelineEntry } from "../cluster/spec.ts";
import { suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import { unreachable } from "../kernel/errors.ts";
import { formatDuration, MINUTE, type Micros } from "../kernel/time.ts";
import { below, mapOf, parseKeys, type Spot } from "./parts.ts";
import { checkName, checkPlugin, type Reading } from "./reading.ts";
import { ACTIONS, type TimelineForm, timelineEntrySchema } from "./timelineSchema.ts";

type Action = (typeof ACTIONS)[number];

/** Actions of the format that the simulation cannot do, and what does something like it. */
const NOT_SIMULATED: ReadonlyMap<string, string> = new Map([
  ["add-hosts", "give the cluster these hosts from the start"],
  ["remove-hosts", "use drain: host-3, or crash: { host: … } without for"],
]);

/** More often no action is repeated in earnest. */
const MOST_TIMES = 100_000;

/** Reads one entry; undefined, with problems, where it says nothing that could be done. */
export function readTimelineEntry(raw: unknown, spot: Spot, reading: Reading): TimelineEntry | undefined {
  if (refuseUnsimulated(raw, spot)) return undefined;
  const map = mapOf(raw, spot);
  if (map === undefined) return undefined;
  const form = parseKeys(timelineEntrySchema.shape, map, spot);
  const at = form.at ?? form.every;
  if (!map.has("at") && !map.has("every")) {
    spot.findings.problem(spot.path, "found no time, expected at: 5m (once) or every: 1h (again and again)");
  } else if (at !== undefined && at > reading.duration) {
    spot.findings.warn(
      spot.path,
      `never happens: ${formatDuration(at)} is after the end, at ${formatDuration(reading.duration)}`,
    );
  }
  if (form.every !== undefined && reading.duration / form.every > MOST_TIMES) {
    const times = Math.floor(reading.duration / form.every);
    spot.findings.problem(
      [...spot.path, "every"],
      `found an entry that happens ${times} times, expected at most ${MOST_TIMES}`,
    );
  }
  const given = ACTIONS.filter((action) => map.has(action));
  const [action] = given;
  const hasUnknown = [...map.keys()].some((key) => !Object.hasOwn(timelineEntrySchema.shape, key));
  if (action === undefined && hasUnknown) return undefined;
  if (action === undefined || given.length > 1) {
    const found = action === undefined ? "no action" : given.join(" and ");
    spot.findings.problem(spot.path, `found ${found}, expected exactly one of ${ACTIONS.join(", ")}`);
    return undefined;
  }
  const read = readAction(action, form, spot, reading);
  if (at === undefined || read === undefined) return undefined;
  return { index: Number(spot.path.at(-1)), at, every: form.every, action: read };
}

function refuseUnsimulated(raw: unknown, spot: Spot): boolean {
  if (typeof raw !== "object" || raw === null) return false;
  const keys = Object.keys(raw).filter((key) => NOT_SIMULATED.has(key));
  for (const key of keys) {
    spot.findings.keyProblem([...spot.path, key], `${key} is not simulated yet: ${NOT_SIMULATED.get(key)}`);
  }
  return keys.length > 0;
}

function readAction(action: Action, form: TimelineForm, spot: Spot, reading: Reading): TimelineAction | undefined {
  if (form[action] === undefined) return undefined;
  const length = lengthOf(action, form, spot);
  const inside = below(spot, action);
  switch (action) {
    case "deploy":
    case "rollback":
    case "promote":
    case "abort":
    case "pause":
    case "resume":
    case "scale":
    case "kill":
      return readServiceAction(action, form, inside, reading);
    case "crash":
      return readCrash(form, inside, { reading, length });
    case "drain":
    case "cordon":
    case "uncordon":
      return readCordon(action, form, inside, reading);
    case "upgrade":
      return readUpgrade(form, inside, { reading, length });
    case "partition":
    case "slow":
      return readHostAction(action, form, inside, { reading, length });
    case "registry":
    case "control-plane":
      return { kind: action, for: length };
    case "traffic":
      return readTrafficAction(form, inside, { reading, length });
    default:
      return unreachable(action);
  }
}

/** `for` stands beside the action or inside it, not in both; and only with actions that end. */
function lengthOf(action: Action, form: TimelineForm, spot: Spot): Micros | undefined {
  const value = form[action];
  const inner = value !== undefined && "for" in value ? value.for : undefined;
  const lasts = ["crash", "partition", "slow", "registry", "control-plane", "traffic", "upgrade"].includes(action);
  if (form.for !== undefined && !lasts) {
    spot.findings.keyProblem(
      [...spot.path, "for"],
      `found for beside ${action}, expected none: ${action} does not end by itself`,
    );
  }
  if (form.for !== undefined && inner !== undefined) {
    spot.findings.keyProblem([...spot.path, "for"], `found for twice, expected it beside ${action} or inside it`);
  }
  return inner ?? form.for;
}

function checkService(reading: Reading, path: Spot["path"], name: string): void {
  checkName(reading, path, name, { word: "a service", known: reading.names.services });
}

function readServiceAction(
  action: "deploy" | "rollback" | "promote" | "abort" | "pause" | "resume" | "scale" | "kill",
  form: TimelineForm,
  spot: Spot,
  reading: Reading,
): TimelineAction | undefined {
  const service = form[action]?.service;
  if (service === undefined) return undefined;
  checkService(reading, [...spot.path, "service"], service);
  if (form.scale !== undefined) return { kind: "scale", service, replicas: form.scale.replicas };
  if (form.kill !== undefined) return { kind: "kill", service, count: form.kill.count };
  if (form.promote !== undefined) return { kind: "promote", service, full: form.promote.full };
  if (action === "abort" || action === "pause" || action === "resume") return { kind: action, service };
  if (form.deploy === undefined) return { kind: "rollback", service };
  const { image, strategy } = form.deploy;
  checkName(reading, [...spot.path, "image"], image, { word: "an image", known: reading.names.images });
  const kind = { word: "a strategy", known: reading.catalog.strategies };
  const own = strategy === undefined ? undefined : checkPlugin(strategy, below(spot, "strategy"), kind);
  return { kind: "deploy", service, image, strategy: own };
}

interface Lasting {
  readonly reading: Reading;
  readonly length: Micros | undefined;
}

function readCrash(form: TimelineForm, spot: Spot, { reading, length }: Lasting): TimelineAction | undefined {
  const targets = (["host", "zone", "container"] as const).flatMap((what) => {
    const name = form.crash?.[what];
    return name === undefined ? [] : [{ what, name }];
  });
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    const found = target === undefined ? "nothing to crash" : targets.map(({ what }) => what).join(" and ");
    spot.findings.problem(
      spot.path,
      `found ${found}, expected one of host, zone or container, as { host: host-3, for: 2m }`,
    );
    return undefined;
  }
  const { what, name } = target;
  const path = [...spot.path, what];
  if (what === "host") checkName(reading, path, name, { word: "a host", known: reading.names.hosts });
  if (what === "zone") checkName(reading, path, name, { word: "a zone", known: reading.names.zones });
  if (what === "container") checkContainer(reading, path, name);
  return { kind: "crash", what, name, for: length };
}

/** Containers come and go in the run; only the service in `shop-3` can be checked before. */
function checkContainer(reading: Reading, path: Spot["path"], name: string): void {
  const services = [...reading.names.services];
  const [, service] = /^(.+)-\d+$/.exec(name) ?? [];
  if (service !== undefined && reading.names.services.has(service)) return;
  const hint = service === undefined ? `, such as ${services[0] ?? "shop"}-1` : suggestion(service, services);
  reading.findings.problem(path, refusal(name, `a container's name: its service, a dash and a number${hint}`));
}

function readCordon(
  kind: "drain" | "cordon" | "uncordon",
  form: TimelineForm,
  spot: Spot,
  reading: Reading,
): TimelineAction | undefined {
  const host = form[kind]?.host;
  if (host === undefined) return undefined;
  checkName(reading, spot.path, host, { word: "a host", known: reading.names.hosts });
  return { kind, host };
}

/** How long a host is down for its upgrade, where nothing is said. */
const UPGRADE_TAKES: Micros = 2 * MINUTE;

function readUpgrade(form: TimelineForm, spot: Spot, { reading, length }: Lasting): TimelineAction | undefined {
  if (form.upgrade === undefined) return undefined;
  const { hosts, maxUnavailable } = form.upgrade;
  const names = hosts === "all" ? [...(reading.names.hosts ?? [])] : hosts;
  for (const [i, name] of names.entries()) {
    checkName(reading, [...spot.path, "hosts", i], name, { word: "a host", known: reading.names.hosts });
  }
  return { kind: "upgrade", hosts: names, maxUnavailable, length: length ?? UPGRADE_TAKES };
}

function readHostAction(
  action: "partition" | "slow",
  form: TimelineForm,
  spot: Spot,
  { reading, length }: Lasting,
): TimelineAction | undefined {
  const host = form[action]?.host;
  if (host === undefined) return undefined;
  checkName(reading, [...spot.path, "host"], host, { word: "a host", known: reading.names.hosts });
  if (form.slow !== undefined) return { kind: "slow", host, factor: form.slow.factor, for: length };
  return { kind: "partition", host, from: form.partition?.from ?? "both", for: length };
}

function readTrafficAction(form: TimelineForm, spot: Spot, { reading, length }: Lasting): TimelineAction | undefined {
  if (form.traffic === undefined) return undefined;
  const { service, factor } = form.traffic;
  checkService(reading, [...spot.path, "service"], service);
  return { kind: "traffic", service, factor, for: length };
}
