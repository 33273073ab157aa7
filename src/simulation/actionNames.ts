import type { Scenario, TimelineAction } from "../cluster/spec.ts";
import { unreachable } from "../kernel/errors.ts";

/** What an action names, by the list that the name must be in. */
interface Named {
  readonly service?: string;
  readonly image?: string;
  readonly hosts?: readonly string[];
  readonly zone?: string;
}

/** Says which name of an action the scenario does not have, and which it has; undefined: all are there. */
export function unknownNameIn(action: TimelineAction, scenario: Scenario): string | undefined {
  const { service, image, hosts = [], zone } = namesIn(action);
  const known = scenario.cluster.hosts;
  const wanted: readonly (readonly [what: string, name: string | undefined, among: readonly string[]])[] = [
    ["service", service, scenario.services.map(({ name }) => name)],
    ["image", image, scenario.images.map(({ name }) => name)],
    ["zone", zone, [...new Set(known.map((host) => host.zone))]],
    ...hosts.map((host) => ["host", host, known.map(({ name }) => name)] as const),
  ];
  const missing = wanted.find(([, name, among]) => name !== undefined && !among.includes(name));
  if (missing === undefined) return undefined;
  const [what, name, among] = missing;
  return `there is no ${what} "${name}"; expected one of ${among.join(", ")}`;
}

function namesIn(action: TimelineAction): Named {
  switch (action.kind) {
    case "deploy":
      return { service: action.service, image: action.image };
    case "rollback":
    case "promote":
    case "abort":
    case "pause":
    case "resume":
    case "scale":
    case "kill":
    case "traffic":
      return { service: action.service };
    case "crash":
      // Containers come and go: one that is not there is a warning of the run.
      if (action.what === "container") return {};
      return action.what === "zone" ? { zone: action.name } : { hosts: [action.name] };
    case "partition":
    case "drain":
    case "cordon":
    case "uncordon":
    case "slow":
      return { hosts: [action.host] };
    case "upgrade":
      return { hosts: action.hosts };
    case "registry":
    case "control-plane":
      return {};
    default:
      return unreachable(action);
  }
}
