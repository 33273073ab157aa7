/** Environment variables. Source: Kubernetes, pkg/apis/core/validation/validation.go, ValidateEnv and ValidateEnvFrom (v1.34). */
import type { JsonMap } from "../../cluster/podTemplate.ts";
import { eachOf, type Finding, type Form, fitting, found, needed, within } from "./finding.ts";
import { CONFIG_KEY, DNS_SUBDOMAIN, VARIABLE_NAME } from "./names.ts";

const SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

const FIELDS = [
  ...["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"],
];

const FIELD_PATH: Form = {
  fits: (path) => FIELDS.includes(path) || /^metadata\.(labels|annotations)\['[^']+'\]$/.test(path),
  expected: `one of ${FIELDS.join(", ")}, metadata.labels['key'], metadata.annotations['key']`,
};

const RESOURCE: Form = {
  fits: (name) => /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name),
  expected: "limits. or requests. and cpu, memory, ephemeral-storage or huge pages, such as limits.cpu",
};

/** `env` and `envFrom` of a container. */
export function environmentFindings(container: JsonMap): Finding[] {
  return [
    ...eachOf(container, "env", (variable) => [
      ...needed(variable, "name", VARIABLE_NAME),
      ...within(variable, "valueFrom", (source) => sourceFindings(source, variable)),
    ]),
    ...eachOf(container, "envFrom", (source) => [
      ...fitting(source, "prefix", VARIABLE_NAME),
      ...within(source, "configMapRef", (reference) => needed(reference, "name", DNS_SUBDOMAIN)),
      ...within(source, "secretRef", (reference) => needed(reference, "name", DNS_SUBDOMAIN)),
      ...onlyOne(source, ["configMapRef", "secretRef"]),
    ]),
  ];
}

function sourceFindings(source: JsonMap, { value }: JsonMap): Finding[] {
  const findings = onlyOne(source, SOURCES);
  if (typeof value === "string" && value !== "")
    findings.push([[], "found it beside a value, expected only one of them"]);
  return [
    ...findings,
    ...within(source, "fieldRef", (reference) => needed(reference, "fieldPath", FIELD_PATH)),
    ...within(source, "resourceFieldRef", (reference) => needed(reference, "resource", RESOURCE)),
    ...["configMapKeyRef", "secretKeyRef"].flatMap((key) =>
      within(source, key, (reference) => [
        ...needed(reference, "name", DNS_SUBDOMAIN),
        ...needed(reference, "key", CONFIG_KEY),
      ]),
    ),
  ];
}

/** Exactly one of several keys must be there. */
function onlyOne(map: JsonMap, keys: readonly string[]): Finding[] {
  const given = keys.filter((key) => map[key] !== undefined);
  if (given.length === 1) return [];
  const [first] = given;
  if (first === undefined) return [[[], `found no source, expected one of ${keys.join(", ")}`]];
  return given.slice(1).map((key) => found([key], map[key], `only one source, and there is ${first}`));
}
