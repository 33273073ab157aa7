import { formatDuration, HOUR, MILLISECOND, type Micros, toSeconds } from "../kernel/time.ts";
import { EventLog } from "../simulation/eventLog.ts";
import { type KubernetesEvent, type KubernetesMemory, kubernetesReader } from "./kubernetes/eventReader.ts";
import { humanDuration } from "./kubernetes/humanDuration.ts";
import { kubectlTable, type Table, withNamespaces } from "./kubernetes/kubectlTable.ts";
import type { ObjectName } from "./kubernetes/objects.ts";

/** The API server forgets an event so long after its last occurrence (kube-apiserver reference, --event-ttl). */
const EVENT_TTL: Micros = HOUR;

/** A log that writes a run down as Kubernetes' events. */
export type KubernetesEventLog = EventLog<KubernetesEvent, KubernetesMemory>;

/** An empty one; its `listen` goes to the simulation. */
export function kubernetesEventLog(): KubernetesEventLog {
  return new EventLog(kubernetesReader);
}

/** An event as JSON gives it. */
export interface EventAnswer {
  /** Seconds since the run's start. */
  readonly atS: number;
  readonly type: KubernetesEvent["type"];
  readonly reason: string;
  readonly involvedObject: ObjectName;
  readonly message: string;
  readonly reportingComponent: string;
  /** How often the same was told up to now, this time included. */
  readonly count: number;
}

/** Every occurrence, in order of time. */
export function eventAnswers(events: readonly KubernetesEvent[]): EventAnswer[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    const key = keyOf(event);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const { type, reason, message, object, component } = event;
    return {
      atS: toSeconds(event.at),
      type,
      reason,
      involvedObject: object,
      message,
      reportingComponent: component,
      count,
    };
  });
}

/**
 * Every occurrence with its time since the run's start, as `kubectl get events --watch` would have printed them one after the
 * other. Times are rounded up to whole milliseconds, so that a replay to that time shows the event.
 */
export function eventsText(events: readonly KubernetesEvent[]): string {
  return `${eventLines(events).join("\n")}\n`;
}

/** The same in lines, the headings first unless they are not wanted. */
export function eventLines(events: readonly KubernetesEvent[], headings = true): string[] {
  const rows = events.map((event) => [timeOf(event), event.type, event.reason, labelOf(event.object), event.message]);
  const table: Table = { headings: ["TIME", "TYPE", "REASON", "OBJECT", "MESSAGE"], rows };
  const lines = kubectlTable(
    withNamespaces(
      table,
      events.map(({ object }) => object.namespace),
    ),
  );
  return headings ? lines : lines.slice(1);
}

/**
 * What `kubectl get events` would print at that moment: each event once, with its age and how often it came, the latest
 * last. What is older than an hour is gone.
 */
export function eventsTable(events: readonly KubernetesEvent[], now: Micros): Table {
  const groups = grouped(events).filter(({ last }) => now - last <= EVENT_TTL);
  const rows = groups.map(({ event, first, last, count }) => {
    const age = humanDuration(now - last);
    const seen = count === 1 ? age : `${age} (x${count} over ${humanDuration(now - first)})`;
    return [seen, event.type, event.reason, labelOf(event.object), event.message];
  });
  const table: Table = { headings: ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"], rows };
  return withNamespaces(
    table,
    groups.map(({ event }) => event.object.namespace),
  );
}

interface Group {
  readonly event: KubernetesEvent;
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
}

/** By when they came last; of one moment, in the order of that moment. */
function grouped(events: readonly KubernetesEvent[]): Group[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    const key = keyOf(event);
    const known = groups.get(key);
    groups.delete(key);
    groups.set(key, { event, first: known?.first ?? event.at, last: event.at, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

function keyOf({ type, reason, object, message }: KubernetesEvent): string {
  return JSON.stringify([type, reason, object.kind, object.namespace, object.name, message]);
}

function timeOf({ at }: KubernetesEvent): string {
  return formatDuration(Math.ceil(at / MILLISECOND) * MILLISECOND);
}

function labelOf({ kind, name }: ObjectName): string {
  return `${kind.toLowerCase()}/${name}`;
}
