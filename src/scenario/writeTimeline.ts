import type { TimelineAction, TimelineEntry } from "../cluster/spec.ts";
import { formatDuration as time } from "../kernel/time.ts";
import type { Branch, Tree } from "./writePruned.ts";
import { defined, treeOfPlugin } from "./writeUnits.ts";

/** One entry of the timeline in the words of the file. */
export function treeOfEntry({ at, every, action }: TimelineEntry): Tree {
  return defined({
    at: time(at),
    every: every === undefined ? undefined : time(every),
    [action.kind]: treeOfAction(action),
  });
}

function treeOfAction(action: TimelineAction): Branch {
  const lasting = "for" in action && action.for !== undefined ? { for: time(action.for) } : {};
  switch (action.kind) {
    case "deploy": {
      const { service, image, strategy } = action;
      return defined({ service, image, strategy: strategy && treeOfPlugin(strategy) });
    }
    case "rollback":
    case "abort":
    case "pause":
    case "resume":
      return action.service;
    case "promote":
      return action.full ? { service: action.service, full: true } : action.service;
    case "scale":
      return { service: action.service, replicas: action.replicas };
    case "crash":
      return { [action.what]: action.name, ...lasting };
    case "partition":
      return { host: action.host, from: action.from, ...lasting };
    case "drain":
    case "cordon":
    case "uncordon":
      return action.host;
    case "upgrade":
      return { hosts: [...action.hosts], maxUnavailable: action.maxUnavailable, for: time(action.length) };
    case "slow":
      return { host: action.host, factor: action.factor, ...lasting };
    case "kill":
      return { service: action.service, count: action.count };
    case "registry":
    case "control-plane":
      return action.for === undefined ? "down" : lasting;
    case "traffic":
      return { service: action.service, factor: action.factor, ...lasting };
  }
}
