import fc from "fast-check";
import type { JsonMap, PodTemplate } from "../../cluster/podTemplate.ts";
import type { ServiceSpec, Toleration } from "../../cluster/spec.ts";
import type { Switches } from "./features.ts";

/** Rules of one pod template, the plainest first. */
const RULES = [
  "anti-affinity",
  "other-anti-affinity",
  "zone-anti-affinity",
  "host-port",
  "zone-spread",
  "host-spread",
] as const;
type Rule = (typeof RULES)[number];

/** Gives a service a pod template, where the features and the scheduler are such that it acts. */
export type PodDraft = fc.Arbitrary<(on: Switches, service: ServiceSpec, other: string) => ServiceSpec>;

/** One or two of the rules that only the scheduler `kubernetes` knows: anti-affinity, host ports, spread constraints. */
export const podDraft: PodDraft = fc
  .record({
    rules: fc.uniqueArray(fc.constantFrom(...RULES), { minLength: 1, maxLength: 2 }),
    maxSkew: fc.constantFrom(1, 2),
  })
  .map(({ rules, maxSkew }) => (on, service, other) => {
    if (!on.has("pod-rules")) return service;
    return { ...service, pod: templateOf(service, { rules, maxSkew, other }) };
  });

interface PodPart {
  readonly rules: readonly Rule[];
  readonly maxSkew: number;
  /** The app that one of the rules keeps away from. */
  readonly other: string;
}

/** With the rules, all that the service says otherwise: a template is all that the scheduler sees. */
function templateOf(service: ServiceSpec, { rules, maxSkew, other }: PodPart): PodTemplate {
  const has = (rule: Rule) => rules.includes(rule);
  const labels = { app: service.name };
  const away = (app: string, topologyKey: string) => ({ labelSelector: { matchLabels: { app } }, topologyKey });
  const terms = [
    ...(has("anti-affinity") ? [away(service.name, HOSTNAME)] : []),
    ...(has("other-anti-affinity") ? [away(other, HOSTNAME)] : []),
    ...(has("zone-anti-affinity") ? [away(other, ZONE)] : []),
  ];
  const spread = (topologyKey: string, skew: number, required: boolean) => ({
    maxSkew: skew,
    topologyKey,
    whenUnsatisfiable: required ? "DoNotSchedule" : "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  });
  const { over, required } = service.spread;
  const constraints = [
    ...(over === "none" ? [] : [spread(over === "zone" ? ZONE : HOSTNAME, 1, required)]),
    ...(has("zone-spread") ? [spread(ZONE, maxSkew, true)] : []),
    ...(has("host-spread") ? [spread(HOSTNAME, maxSkew, true)] : []),
  ];
  const requests = { cpu: `${service.cpuMillicores}m`, memory: `${service.memoryBytes}` };
  const ports = has("host-port") ? { ports: [{ containerPort: 80, hostPort: 80 }] } : {};
  return {
    namespace: "default",
    labels,
    spec: {
      containers: [{ name: "main", image: service.image, resources: { requests }, ...ports }],
      ...(Object.keys(service.nodeSelector).length === 0 ? {} : { nodeSelector: { ...service.nodeSelector } }),
      ...(service.tolerations.length === 0 ? {} : { tolerations: service.tolerations.map(definedOnly) }),
      ...(constraints.length === 0 ? {} : { topologySpreadConstraints: constraints }),
      ...(terms.length === 0 ? {} : { affinity: { podAntiAffinity: { [REQUIRED]: terms } } }),
    },
    ownerSelector: undefined,
  };
}

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

function definedOnly(toleration: Toleration): JsonMap {
  return Object.fromEntries(
    Object.entries(toleration).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
