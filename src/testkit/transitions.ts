import type { ScenarioChoices } from "./arbitraries/anyScenario.ts";
import { BUILT_IN_STRATEGIES } from "./arbitraries/anyServices.ts";
import { NEXT_PHASES } from "./invariants/containersLiveOnce.ts";

/** Transitions of one kind, and how often each was gone through; 0: never. */
export interface TransitionGroup {
  readonly title: string;
  /** By where a transition starts: a phase, a strategy, or nothing in particular. */
  readonly rows: readonly { readonly of: string; readonly to: readonly (readonly [name: string, times: number])[] }[];
}

const HOSTS = "down up cut mended slow unreachable reachable cordoned uncordoned drained"
  .split(" ")
  .map((name) => `host-${name}`);
const CONTAINERS = [
  ...["answers", "ready", "unready", "unschedulable", "stopping", "deleted"].map((name) => `container-${name}`),
  "container dies",
  "container dies with its host",
  "containers-crashed",
  "container-hung",
  "container condemned by its liveness probe",
  "container condemned by its startup probe",
  "eviction-refused for now",
  "eviction-refused for good",
];
/** Of each probe, what it may miss. */
const PROBES = ["readiness", "liveness", "startup"].flatMap((probe) =>
  ["refused", "full", "timeout"].map((miss) => `${probe} probe: ${miss}`),
);
const REST = [
  "autoscaled",
  "autoscaler-failed",
  "control-plane down",
  "control-plane up",
  "pull-failed",
  "pull-retried",
  "receiving-changed",
  "registry down",
  "registry up",
  "release-created",
  "replicas-changed",
  "traffic-factor",
];
/** Any strategy may be begun, taken back, ended and overtaken. */
const ROLLOUTS = ["deploy", "rollback", "completed", "superseded"];
/** Only these of the built-in ones give up by themselves. */
const GIVES_UP: ReadonlySet<string> = new Set(["blue-green", "canary"]);

/** Every transition that a search could go through, in groups, with the counts of those that it did. */
export function transitionGroups(
  counts: readonly (readonly [transition: string, times: number])[],
  choices: ScenarioChoices,
): TransitionGroup[] {
  const times = new Map(counts);
  const names = [...known(choices), ...counts.map(([name]) => name)];
  const groups = new Map<string, Map<string, [string, number][]>>();
  for (const name of new Set(names)) {
    const { title, of, to } = placeOf(name);
    const rows = groups.get(title) ?? new Map<string, [string, number][]>();
    rows.set(of, [...(rows.get(of) ?? []), [to, times.get(name) ?? 0]]);
    groups.set(title, rows);
  }
  return [...groups].map(([title, rows]) => ({ title, rows: [...rows].map(([of, to]) => ({ of, to })) }));
}

function known(choices: ScenarioChoices): string[] {
  const phases = Object.entries(NEXT_PHASES).flatMap(([from, next]) => next.map((to) => `container ${from} → ${to}`));
  const strategies = [...new Set((choices.strategies ?? BUILT_IN_STRATEGIES).map(({ name }) => name))];
  const rollouts = strategies.flatMap((name) => {
    const ends = GIVES_UP.has(name) ? [...ROLLOUTS, "rolled-back", "aborted"] : ROLLOUTS;
    return ends.map((end) => `rollout ${name}: ${end}`);
  });
  return [...phases, ...CONTAINERS, ...PROBES, ...HOSTS, ...rollouts, ...REST];
}

function placeOf(name: string): { readonly title: string; readonly of: string; readonly to: string } {
  const phase = /^container (\S+) → (\S+)$/.exec(name);
  if (phase !== null) return { title: "phases of containers", of: phase[1] ?? "", to: phase[2] ?? "" };
  const rollout = /^rollout (.*): (\S+)$/.exec(name);
  if (rollout !== null) return { title: "rollouts", of: rollout[1] ?? "", to: rollout[2] ?? "" };
  const probe = /^(\S+) probe: (\S+)$/.exec(name);
  if (probe !== null) return { title: "probes missed", of: probe[1] ?? "", to: probe[2] ?? "" };
  if (name.startsWith("host-")) return { title: "hosts", of: "", to: name.slice("host-".length) };
  const container = /^container(?:-| )(.*)$/.exec(name);
  if (container !== null) return { title: "containers", of: "", to: container[1] ?? "" };
  const isOfContainers = CONTAINERS.includes(name);
  return { title: isOfContainers ? "containers" : "everything else", of: "", to: name };
}
