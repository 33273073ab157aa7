/** Requests and limits. Source: Kubernetes, pkg/apis/core/validation/validation.go, ValidateResourceRequirements (v1.34). */

import type { JsonMap, JsonValue } from "../../cluster/podTemplate.ts";
import { parseQuantity } from "../../scheduling/kubernetes/quantity.ts";
import { isMap, mapAt } from "../jsonMap.ts";
import { type Finding, found, mapsOf } from "./finding.ts";
import { QUALIFIED_NAME } from "./names.ts";

const HUGE = "hugepages-";
const CONTAINER_RESOURCES = ["cpu", "memory", "ephemeral-storage"];
const POD_RESOURCES = ["cpu", "memory"];

/** The `resources` of a container. */
export function containerResources(resources: JsonMap): Finding[] {
  return [...nameFindings(resources, CONTAINER_RESOURCES, true), ...amountFindings(resources)];
}

/** The `resources` of a pod as a whole, and how they go with those of its containers. */
export function podResources(resources: JsonMap, spec: JsonMap): Finding[] {
  const findings = [...nameFindings(resources, POD_RESOURCES, false), ...amountFindings(resources)];
  if (resources.claims !== undefined) findings.push(found(["claims"], resources.claims, "none for a whole pod"));
  const containers = mapsOf(spec.containers).map(({ item }) => item);
  for (const [name, amount] of Object.entries(mapAt(resources, "requests"))) {
    const whole = thousandths(amount);
    if (whole === undefined || togetherOf(name, spec) <= whole) continue;
    findings.push(found(["requests", name], amount, "at least what its containers request together"));
  }
  for (const [name, amount] of Object.entries(mapAt(resources, "limits"))) {
    const limits = containers.map((one) => mapAt(mapAt(one, "resources"), "limits")[name]);
    const above = limits.find((limit) => isAbove(limit, amount));
    if (above === undefined) continue;
    findings.push(found(["limits", name], amount, `at least the ${String(above)} of a container's limit`));
  }
  return findings;
}

/** What a pod's containers request of a resource while it runs, or while it starts: then one init container beside the sidecars before it. */
function togetherOf(name: string, spec: JsonMap): number {
  const requested = (one: JsonMap) => thousandths(mapAt(mapAt(one, "resources"), "requests")[name]) ?? 0;
  let sidecars = 0;
  let starting = 0;
  for (const { item } of mapsOf(spec.initContainers)) {
    starting = Math.max(starting, sidecars + requested(item));
    if (item.restartPolicy === "Always") sidecars += requested(item);
  }
  const running = mapsOf(spec.containers).reduce((sum, { item }) => sum + requested(item), sidecars);
  return Math.max(running, starting);
}

function nameFindings(resources: JsonMap, known: readonly string[], mayBeExtended: boolean): Finding[] {
  return ["limits", "requests"].flatMap((list) =>
    Object.keys(mapAt(resources, list)).flatMap((name) => {
      if (!QUALIFIED_NAME.fits(name)) return [found([list, name], name, QUALIFIED_NAME.expected)];
      const isKnown = known.includes(name) || name.startsWith(HUGE);
      if (isKnown || (name.includes("/") && mayBeExtended && !name.startsWith("requests."))) return [];
      const more = mayBeExtended ? ", or one with a domain in front, such as example.com/gpu" : "";
      return [found([list, name], name, `a resource such as ${known.join(", ")}, hugepages-2Mi${more}`)];
    }),
  );
}

function amountFindings(resources: JsonMap): Finding[] {
  const limits = mapAt(resources, "limits");
  const requests = mapAt(resources, "requests");
  const findings = [
    ...Object.entries(limits).flatMap(([name, amount]) => wholeFindings(["limits", name], name, amount)),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...wholeFindings(["requests", name], name, amount),
      ...againstLimit(name, amount, limits),
    ]),
  ];
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  const huge = names.find((name) => name.startsWith(HUGE));
  if (huge === undefined || names.includes("cpu") || names.includes("memory")) return findings;
  return [...findings, [[], `found ${huge} alone, expected cpu or memory beside it`]];
}

function againstLimit(name: string, amount: JsonValue, limits: JsonMap): Finding[] {
  const path = ["requests", name];
  const limit = limits[name];
  const isShared = !isExtended(name) && !name.startsWith(HUGE);
  if (limit === undefined) {
    return isShared ? [] : [found(path, amount, `a limit of as much beside it: ${name} is never overcommitted`)];
  }
  if (isAbove(amount, limit)) return [found(path, amount, `at most the limit of ${String(limit)}`)];
  if (isShared || !isAbove(limit, amount)) return [];
  return [found(path, amount, `the limit of ${String(limit)}: ${name} is never overcommitted`)];
}

/** Devices are whole; huge pages come page by page. */
function wholeFindings(path: readonly string[], name: string, amount: JsonValue): Finding[] {
  const milli = thousandths(amount);
  if (milli === undefined) return [];
  if (isExtended(name)) return isWhole(milli) ? [] : [found(path, amount, "a whole number")];
  if (!name.startsWith(HUGE)) return [];
  const page = parseQuantity(name.slice(HUGE.length), 1);
  if (page === undefined || page === 0) return [found(path, name, "a page size in the name, such as hugepages-2Mi")];
  return milli % (page * 1000) === 0
    ? []
    : [found(path, amount, `a multiple of the page size, ${name.slice(HUGE.length)}`)];
}

/** What is too large for its thousandths to be told has none. */
function isWhole(milli: number): boolean {
  return milli % 1000 === 0 || !Number.isSafeInteger(milli);
}

/** Those of devices and the like: Kubernetes' own domain has none. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

function isAbove(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  const [a, b] = [thousandths(one), thousandths(other)];
  return a !== undefined && b !== undefined && a > b;
}

/** A quantity in thousandths; of what is too large to be exact so, about. */
function thousandths(amount: JsonValue | undefined): number | undefined {
  if ((typeof amount !== "string" && typeof amount !== "number") || isMap(amount)) return undefined;
  const exact = parseQuantity(amount, 1000);
  if (exact === undefined || Number.isSafeInteger(exact)) return exact;
  const units = parseQuantity(amount, 1);
  return units === undefined ? undefined : units * 1000;
}
