/** Probes and lifecycle hooks. Source: Kubernetes, pkg/apis/core/validation/validation.go, validateProbe and validateHandler (v1.34). */

import type { JsonMap, JsonValue } from "../../cluster/podTemplate.ts";
import { isMap } from "../jsonMap.ts";
import { anyText, eachOf, type Finding, found, needed, oneOf, within } from "./finding.ts";
import { HEADER_NAME, PORT_NAME } from "./names.ts";

const LAST_PORT = 65_535;
const DEFAULT_GRACE_SECONDS = 30;

const PROBE_HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];
const HOOK_HANDLERS = ["exec", "httpGet", "tcpSocket", "sleep"];
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];

/** The probes and hooks of a container; `graceSeconds` as its pod gives them. */
export function askingFindings(container: JsonMap, graceSeconds: JsonValue | undefined): Finding[] {
  return [
    ...PROBES.flatMap((key) => within(container, key, (probe) => handlerFindings(probe, PROBE_HANDLERS, graceSeconds))),
    ...within(container, "lifecycle", (lifecycle) =>
      ["postStart", "preStop"].flatMap((key) =>
        within(lifecycle, key, (hook) => handlerFindings(hook, HOOK_HANDLERS, graceSeconds)),
      ),
    ),
  ];
}

/** What only containers that keep running may have. */
export function askingForbidden(container: JsonMap): Finding[] {
  const given = [...PROBES, "lifecycle"].filter((key) => container[key] !== undefined);
  const expected = "none in an init container without restartPolicy: Always";
  return given.map((key) => found([key], container[key], expected));
}

function handlerFindings(owner: JsonMap, handlers: readonly string[], graceSeconds: JsonValue | undefined): Finding[] {
  const [first, ...more] = handlers.filter((key) => owner[key] !== undefined);
  if (first === undefined) return [[[], `found no handler, expected one of ${handlers.join(", ")}`]];
  const extra = more.map(
    (key): Finding => [[key], `found it beside ${first}, expected only one of ${handlers.join(", ")}`],
  );
  return [...extra, ...within(owner, first, (handler) => oneHandler(first, handler, graceSeconds))];
}

function oneHandler(kind: string, handler: JsonMap, graceSeconds: JsonValue | undefined): Finding[] {
  switch (kind) {
    case "exec": {
      const { command } = handler;
      const isGiven = Array.isArray(command) && command.length > 0;
      return isGiven ? [] : [found(["command"], command, "a command, such as [cat, /tmp/ready]")];
    }
    case "httpGet":
      return [
        ...portFindings(handler, "port"),
        ...oneOf(handler, "scheme", ["HTTP", "HTTPS"]),
        ...eachOf(handler, "httpHeaders", (header) => needed(header, "name", HEADER_NAME)),
      ];
    case "sleep":
      return sleepFindings(handler, graceSeconds);
    default:
      return portFindings(handler, "port");
  }
}

function sleepFindings({ seconds = 0 }: JsonMap, graceSeconds: JsonValue | undefined): Finding[] {
  const most = typeof graceSeconds === "number" ? graceSeconds : DEFAULT_GRACE_SECONDS;
  if (typeof seconds !== "number" || (seconds >= 0 && seconds <= most)) return [];
  return [found(["seconds"], seconds, `at most the terminationGracePeriodSeconds of ${most}`)];
}

/** A port by its number or by its name. */
export function portFindings(owner: JsonMap, key: string): Finding[] {
  const port = owner[key];
  if (typeof port === "string") {
    if (PORT_NAME.fits(port)) return [];
    const hint = /^\d+$/.test(port) ? "a number without quotes, or " : "";
    return [found([key], port, `${hint}${PORT_NAME.expected}`)];
  }
  if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= LAST_PORT) return [];
  return isMap(port) ? [] : [found([key], port, `a port from 1 to ${LAST_PORT}, or the name of one`)];
}

/** Text that may not be empty. */
export const SOME_TEXT = anyText("text");
