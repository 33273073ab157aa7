/** Services. Source: Kubernetes, pkg/apis/core/validation/validation.go, ValidateService (v1.34). */
import type { JsonMap, JsonValue } from "../../cluster/podTemplate.ts";
import {
  eachOf,
  type Finding,
  fitting,
  found,
  mapsOf,
  needed,
  oneOf,
  oneOfGiven,
  ranged,
  textsIn,
  within,
} from "./finding.ts";
import { portFindings } from "./handlers.ts";
import { labelFindings } from "./labels.ts";
import { DNS_LABEL, DNS_SUBDOMAIN, IP_ADDRESS, QUALIFIED_NAME } from "./names.ts";

const LAST_PORT = 65_535;
const MOST_AFFINITY_SECONDS = 86_400;
const BALANCED_ONLY = ["loadBalancerClass", "allocateLoadBalancerNodePorts", "loadBalancerSourceRanges"];
/** Since v1.34 all three (Kubernetes, PreferSameTrafficDistribution). */
const DISTRIBUTIONS = ["PreferClose", "PreferSameZone", "PreferSameNode"];
const REACHED_FROM_OUTSIDE = ["NodePort", "LoadBalancer"];

/** The spec of a Service. */
export function serviceFindings(spec: JsonMap): Finding[] {
  const { type = "ClusterIP" } = spec;
  return [
    ...within(spec, "selector", labelFindings),
    ...portsFindings(spec),
    ...(type === "ExternalName" ? outsideName(spec) : addressFindings(spec)),
    ...sessionFindings(spec),
    ...trafficFindings(spec),
  ];
}

function portsFindings(spec: JsonMap): Finding[] {
  const { ports, type = "ClusterIP", clusterIP } = spec;
  const list = mapsOf(ports);
  if (list.length === 0 && type !== "ExternalName" && clusterIP !== "None") {
    return [
      found(
        ["ports"],
        ports,
        "at least one port, such as [{ port: 80 }]; only a headless Service (clusterIP: None) may have none",
      ),
    ];
  }
  const again = repetitions();
  return eachOf(spec, "ports", (port) => {
    const { name = "", port: number, targetPort = 0, protocol = "TCP" } = port;
    const findings = [
      ...(list.length > 1 ? needed(port, "name", DNS_LABEL) : fitting(port, "name", DNS_LABEL)),
      ...oneOf(port, "protocol", ["TCP", "UDP", "SCTP"]),
      ...fitting(port, "appProtocol", QUALIFIED_NAME),
      ...(targetPort === 0 || targetPort === "" ? [] : portFindings(port, "targetPort")),
      ...nodePortFindings(port, type, again),
    ];
    if (typeof number !== "number" || number < 1 || number > LAST_PORT) {
      findings.push(found(["port"], number, `a whole number from 1 to ${LAST_PORT}`));
    }
    if (name !== "" && again(`name ${String(name)}`)) {
      findings.push(found(["name"], name, "a name that no other port has"));
    }
    if (again(`${String(protocol)} ${String(number)}`)) {
      findings.push([["port"], `found ${String(protocol)} port ${String(number)} a second time, expected each once`]);
    }
    return findings;
  });
}

/** Tells of each text whether it was asked for before. */
function repetitions(): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => {
    const isKnown = seen.has(text);
    seen.add(text);
    return isKnown;
  };
}

function nodePortFindings(port: JsonMap, type: JsonValue, again: (text: string) => boolean): Finding[] {
  const { nodePort = 0, protocol = "TCP" } = port;
  if (nodePort === 0) return [];
  if (type === "ClusterIP") return [found(["nodePort"], nodePort, "none for the type ClusterIP")];
  if (again(`node ${String(protocol)} ${String(nodePort)}`)) {
    return [found(["nodePort"], nodePort, "a port of the nodes that no other port has")];
  }
  return ranged(port, "nodePort", { from: 1, to: LAST_PORT });
}

function addressFindings(spec: JsonMap): Finding[] {
  const { type, clusterIP } = spec;
  const families = textsIn(spec.ipFamilies);
  const outside = textsIn(spec.externalIPs).filter(({ text }) => !IP_ADDRESS.fits(text));
  const isHeadless = clusterIP === "None";
  return [
    ...(isHeadless ? [] : fitting(spec, "clusterIP", { ...IP_ADDRESS, expected: `None, or ${IP_ADDRESS.expected}` })),
    ...(isHeadless && typeof type === "string" && REACHED_FROM_OUTSIDE.includes(type)
      ? [found(["clusterIP"], clusterIP, `an address for the type ${type}`)]
      : []),
    ...families.flatMap(({ i, text }) => {
      if (text !== "IPv4" && text !== "IPv6") return [found(["ipFamilies", i], text, "IPv4 or IPv6")];
      const isSecond = families.some((other) => other.i < i && other.text === text);
      return isSecond ? [found(["ipFamilies", i], text, "each family once")] : [];
    }),
    ...outside.map(({ i, text }) => found(["externalIPs", i], text, IP_ADDRESS.expected)),
    ...oneOfGiven(spec, "ipFamilyPolicy", ["SingleStack", "PreferDualStack", "RequireDualStack"]),
  ];
}

function sessionFindings({ sessionAffinity = "None", sessionAffinityConfig }: JsonMap): Finding[] {
  if (sessionAffinityConfig === undefined) return [];
  if (sessionAffinity !== "ClientIP") {
    return [found(["sessionAffinityConfig"], sessionAffinityConfig, "it beside sessionAffinity: ClientIP only")];
  }
  return within({ sessionAffinityConfig }, "sessionAffinityConfig", (config) =>
    within(config, "clientIP", (client) => ranged(client, "timeoutSeconds", { from: 1, to: MOST_AFFINITY_SECONDS })),
  );
}

function outsideName(spec: JsonMap): Finding[] {
  const inside = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"].filter((key) => !isEmpty(spec[key]));
  return [
    ...inside.map((key) => found([key], spec[key], "none for the type ExternalName")),
    ...needed(spec, "externalName", {
      fits: (name) => DNS_SUBDOMAIN.fits(name.replace(/\.$/, "")),
      expected: "a DNS name, such as db.example.com",
    }),
  ];
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function trafficFindings(spec: JsonMap): Finding[] {
  const { type = "ClusterIP", externalTrafficPolicy = "", externalIPs } = spec;
  const isOutside = typeof type === "string" && REACHED_FROM_OUTSIDE.includes(type);
  const hasAddress = type === "ClusterIP" && Array.isArray(externalIPs) && externalIPs.length > 0;
  const findings: Finding[] = [];
  if (externalTrafficPolicy !== "" && !isOutside && !hasAddress) {
    const expected = "it for the types NodePort and LoadBalancer only";
    findings.push(found(["externalTrafficPolicy"], externalTrafficPolicy, expected));
  }
  if (type !== "LoadBalancer") {
    const given = BALANCED_ONLY.filter((key) => !isEmpty(spec[key]));
    findings.push(...given.map((key) => found([key], spec[key], "it for the type LoadBalancer only")));
  }
  return [...findings, ...oneOfGiven(spec, "trafficDistribution", DISTRIBUTIONS)];
}
