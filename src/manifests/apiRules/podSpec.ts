/** What of a pod's spec is refused. Source: Kubernetes, pkg/apis/core/validation/validation.go, ValidatePodSpec (v1.34). */
import type { JsonMap } from "../../cluster/podTemplate.ts";
import { placingFindings } from "./affinity.ts";
import { environmentFindings } from "./environment.ts";
import {
  doubles,
  eachOf,
  type Finding,
  fitting,
  found,
  mapsOf,
  needed,
  oneOf,
  oneOfGiven,
  ranged,
  under,
  within,
} from "./finding.ts";
import { askingFindings, askingForbidden } from "./handlers.ts";
import { labelFindings } from "./labels.ts";
import { DNS_LABEL, DNS_SUBDOMAIN, IP_ADDRESS, PORT_NAME, QUALIFIED_NAME } from "./names.ts";
import { containerResources, podResources } from "./resources.ts";
import { mountFindings, volumeFindings, volumeNames } from "./volumes.ts";

const LARGEST_INT32 = 2 ** 31 - 1;
const LONGEST_NAMESERVERS = 3;

/** All of a pod's spec but its nodeName; `claims` are volumes that a StatefulSet adds. */
export function podSpecFindings(spec: JsonMap, claims: readonly string[] = []): Finding[] {
  const volumes = volumeNames(spec, claims);
  const grace = spec.terminationGracePeriodSeconds;
  return [
    ...eachOf(spec, "containers", (container) => [
      ...containerFindings(container, volumes),
      ...askingFindings(container, grace),
    ]),
    ...eachOf(spec, "initContainers", (container) => [
      ...containerFindings(container, volumes),
      ...oneOfGiven(container, "restartPolicy", ["Always", "OnFailure", "Never"]),
      ...(container.restartPolicy === "Always" ? askingFindings(container, grace) : askingForbidden(container)),
      ...needed(container, "image", { fits: () => true, expected: "an image, such as shop:v1" }),
    ]),
    ...volumeFindings(spec),
    ...within(spec, "resources", (resources) => podResources(resources, spec)),
    ...within(spec, "nodeSelector", labelFindings),
    ...placingFindings(spec),
    ...wordFindings(spec),
    ...networkFindings(spec),
    ...ranged(spec, "activeDeadlineSeconds", { from: 1, to: LARGEST_INT32 }),
    ...under(["schedulingGates"], doubles(spec.schedulingGates, "name", "gate")),
    ...eachOf(spec, "schedulingGates", (gate) => needed(gate, "name", QUALIFIED_NAME)),
    ...eachOf(spec, "readinessGates", (gate) => needed(gate, "conditionType", QUALIFIED_NAME)),
  ];
}

function containerFindings(container: JsonMap, volumes: readonly string[]): Finding[] {
  return [
    ...needed(container, "name", DNS_LABEL),
    ...eachOf(container, "ports", (port) => [
      ...fitting(port, "name", PORT_NAME),
      ...oneOf(port, "protocol", ["TCP", "UDP", "SCTP"]),
      ...(port.containerPort === undefined ? [found(["containerPort"], undefined, "a port from 1 to 65535")] : []),
    ]),
    ...environmentFindings(container),
    ...mountFindings(container, volumes),
    ...within(container, "resources", containerResources),
    ...oneOf(container, "imagePullPolicy", ["Always", "IfNotPresent", "Never"]),
    ...oneOf(container, "terminationMessagePolicy", ["File", "FallbackToLogsOnError"]),
  ];
}

function wordFindings(spec: JsonMap): Finding[] {
  return [
    ...oneOf(spec, "restartPolicy", ["Always", "OnFailure", "Never"]),
    ...oneOf(spec, "dnsPolicy", ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ...oneOfGiven(spec, "preemptionPolicy", ["PreemptLowerPriority", "Never"]),
    ...within(spec, "os", (os) => oneOf(os, "name", ["linux", "windows"])),
    ...["hostname", "subdomain"].flatMap((key) => fitting(spec, key, DNS_LABEL)),
    ...["serviceAccountName", "priorityClassName", "runtimeClassName"].flatMap((key) =>
      fitting(spec, key, DNS_SUBDOMAIN),
    ),
  ];
}

function networkFindings(spec: JsonMap): Finding[] {
  const findings: Finding[] = [];
  if (spec.hostNetwork === true) {
    // Only a number of its own is wrong: none is filled in when the pod is made.
    findings.push(
      ...eachOf(spec, "containers", (container) =>
        eachOf(container, "ports", ({ hostPort = 0, containerPort }) =>
          hostPort === 0 || hostPort === containerPort
            ? []
            : [found(["hostPort"], hostPort, `the containerPort of ${String(containerPort)}, beside hostNetwork`)],
        ),
      ),
    );
  }
  if (spec.hostUsers === false) {
    const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => spec[key] === true);
    findings.push(...shared.map((key) => found([key], true, "false beside hostUsers: false")));
  }
  const nameservers = mapsOf([spec.dnsConfig ?? null]).flatMap(({ item }) => item.nameservers ?? []);
  if (spec.dnsPolicy === "None" && nameservers.length === 0) {
    findings.push(found(["dnsConfig"], spec.dnsConfig, "nameservers in it beside dnsPolicy: None"));
  }
  if (nameservers.length > LONGEST_NAMESERVERS) {
    findings.push(found(["dnsConfig", "nameservers"], nameservers, `at most ${LONGEST_NAMESERVERS}`));
  }
  return [...findings, ...eachOf(spec, "hostAliases", (alias) => needed(alias, "ip", IP_ADDRESS))];
}
