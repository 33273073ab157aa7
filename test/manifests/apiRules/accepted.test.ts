/** What looks odd and the API server takes all the same (v1.34): it is taken here. */
import { describe, expect, test } from "vitest";
import { problemsOf } from "../manifestSets.ts";
import { budget, container, node, pod, priority, scaler, service, workload } from "./objects.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const request = (quantity: string) => container(`resources: { requests: { memory: ${quantity} } }`);

describe("quantities", () => {
  test.each([
    "1e3",
    "1E3",
    '"1e3"',
    "0.5",
    ".5",
    '"5."',
    '"+1"',
    "1Ki",
    "100m",
    "0",
    '"1.5Gi"',
    "1000000n",
    "5k",
    "123456789u",
  ])("%s", (quantity) => {
    expect(problemsOf(request(quantity))).toBe("");
  });
});

type Case = readonly [what: string, text: string];

const METADATA: readonly Case[] = [
  [
    "two names that are made",
    `${workload().replace("name: web", "generateName: web-")}---\n${workload().replace("name: web", "generateName: web-")}`,
  ],
  ["an empty label", workload({ labels: ', a: ""' })],
  ["a label's key with a domain", workload({ labels: ", example.com/a.b_c-d: A.b_c-D" })],
  ["a name of digits and dots", workload({ name: '"1.2.3"' })],
  ["an annotation's key in capitals", workload({ meta: ", annotations: { Example.COM/Some-Key: '{\"a\": 1}' }" })],
  [
    "a budget's name that no other kind has",
    budget("maxUnavailable: 1, selector: { matchLabels: { app: web } }").replace(
      /name: web \}\nspec: \{ max/,
      "name: Web_b }\nspec: { max",
    ),
  ],
  ["an annotation of any text", workload({ meta: ', annotations: { a: "  \\n\\u00e9 = , " }' })],
];

/** The API server takes an empty text for none where it has a default. */
const EMPTY_WORDS: readonly Case[] = [
  ["a port's protocol", container('ports: [{ containerPort: 80, protocol: "" }]')],
  ["a container's policies", container('imagePullPolicy: "", terminationMessagePolicy: ""')],
  ["a probe's scheme", container('readinessProbe: { httpGet: { port: 80, scheme: "" } }')],
  ["a pod's policies", pod('restartPolicy: ""\ndnsPolicy: ""\nschedulerName: ""')],
  ["a toleration's operator and effect", pod('tolerations: [{ key: a, operator: "", effect: "" }]')],
  ["a Deployment's strategy", workload({ spec: 'strategy: { type: "" }' })],
  ["a DaemonSet's strategy", workload({ kind: "DaemonSet", spec: 'updateStrategy: { type: "" }' })],
  [
    "a StatefulSet's policies",
    workload({
      kind: "StatefulSet",
      spec: 'podManagementPolicy: ""\nupdateStrategy: { type: "" }\npersistentVolumeClaimRetentionPolicy: { whenDeleted: "", whenScaled: "" }',
    }),
  ],
  [
    "a Service's type, affinity, policy and protocol",
    service('type: "", sessionAffinity: "", externalTrafficPolicy: "", ports: [{ port: 80, protocol: "" }]'),
  ],
];

const PODS: readonly Case[] = [
  [
    "probes of zeros",
    container(
      "livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 0, periodSeconds: 0, timeoutSeconds: 0, failureThreshold: 0, successThreshold: 0 }",
    ),
  ],
  ["a probe of a port by a name that no port has", container("readinessProbe: { httpGet: { port: http } }")],
  ["a probe of a path without a slash", container("readinessProbe: { httpGet: { port: 80, path: ready } }")],
  ["equal container ports", container("ports: [{ containerPort: 80 }, { containerPort: 80 }]")],
  [
    "one port by TCP and by UDP",
    container("ports: [{ containerPort: 53, hostPort: 53 }, { containerPort: 53, hostPort: 53, protocol: UDP }]"),
  ],
  [
    "one host port at two addresses",
    container(
      "ports: [{ containerPort: 80, hostPort: 80, hostIP: 10.0.0.1 }, { containerPort: 80, hostPort: 80, hostIP: 10.0.0.2 }]",
    ),
  ],
  ["a sleep of nothing", container("lifecycle: { preStop: { sleep: { seconds: 0 } } }")],
  [
    "a sleep as long as the grace period",
    workload({
      pod: "terminationGracePeriodSeconds: 40",
      container: ", lifecycle: { preStop: { sleep: { seconds: 40 } } }",
    }),
  ],
  ["a variable's name with dots and spaces", container('env: [{ name: "spring.a b", value: "1" }]')],
  ["one variable twice", container("env: [{ name: A, value: a }, { name: A, value: b }]")],
  [
    "a variable of a label",
    container("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: \"metadata.labels['app']\" } } }]"),
  ],
  ["a variable without a value", container("env: [{ name: A }]")],
  [
    "a volume that names no source, and one that nobody mounts",
    pod("volumes: [{ name: a }, { name: b, emptyDir: {} }]"),
  ],
  [
    "volumes of what no object can be called",
    pod(
      "volumes: [{ name: a, configMap: { name: A_b } }, { name: b, secret: { secretName: A_b } }, { name: c, persistentVolumeClaim: { claimName: A_b } }]",
    ),
  ],
  ["a grace period below 0", pod("terminationGracePeriodSeconds: -5")],
  [
    "an init container within its pod",
    workload({
      pod: "resources: { requests: { cpu: 2 } }\ninitContainers: [{ name: i, image: i, resources: { requests: { cpu: 2 } } }]",
      container: ", resources: { requests: { cpu: 1 } }",
    }),
  ],
  [
    "one volume at two paths",
    workload({
      pod: "volumes: [{ name: a }]",
      container: ", volumeMounts: [{ name: a, mountPath: /a }, { name: a, mountPath: /b, subPath: c/d..e }]",
    }),
  ],
  [
    "a mount of what a StatefulSet claims",
    workload({
      kind: "StatefulSet",
      spec: "volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]",
      container: ", volumeMounts: [{ name: data, mountPath: /a }]",
    }),
  ],
  ["a limit without a request", container("resources: { limits: { cpu: 1, example.com/gpu: 2 } }")],
  [
    "a request equal to its limit in another form",
    container("resources: { requests: { cpu: 1000m }, limits: { cpu: 1 } }"),
  ],
  [
    "a device with its limit",
    container("resources: { requests: { example.com/gpu: 1 }, limits: { example.com/gpu: 1 } }"),
  ],
  [
    "huge pages beside memory",
    container("resources: { limits: { memory: 1Gi, hugepages-2Mi: 4Mi }, requests: { hugepages-2Mi: 4Mi } }"),
  ],
  [
    "containers within their pod",
    workload({
      pod: "resources: { requests: { cpu: 2 }, limits: { cpu: 3 } }",
      container: ", resources: { requests: { cpu: 2 }, limits: { cpu: 3 } }",
    }),
  ],
  [
    "a container in the host's network without a port of the host",
    workload({ pod: "hostNetwork: true", container: ", ports: [{ containerPort: 80 }]" }),
  ],
  [
    "a sidecar with a probe and a hook",
    pod(
      "initContainers: [{ name: i, image: i, restartPolicy: Always, readinessProbe: { tcpSocket: { port: 80 } }, lifecycle: { preStop: { sleep: { seconds: 1 } } } }]",
    ),
  ],
  ["dnsPolicy None with a nameserver", pod("dnsPolicy: None\ndnsConfig: { nameservers: [10.0.0.10, 'fd00::10'] }")],
];

const PLACING: readonly Case[] = [
  ["a toleration of everything", pod("tolerations: [{ operator: Exists }]")],
  ["two equal tolerations", pod("tolerations: [{ key: a, operator: Exists }, { key: a, operator: Exists }]")],
  ["a toleration without an operator, of an empty value", pod("tolerations: [{ key: a }, { key: b, value: '' }]")],
  ["seconds below 0", pod("tolerations: [{ key: a, operator: Exists, effect: NoExecute, tolerationSeconds: -1 }]")],
  [
    "Gt of what is no number",
    pod(
      `affinity: { nodeAffinity: { ${REQUIRED}: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Gt, values: [many] }] }] } } }`,
    ),
  ],
  [
    "a preferred value that no label can have",
    pod(
      `affinity: { nodeAffinity: { ${PREFERRED}: [{ weight: 100, preference: { matchExpressions: [{ key: a, operator: In, values: ['b c'] }] } }] } }`,
    ),
  ],
  ["a term of nothing", pod(`affinity: { nodeAffinity: { ${REQUIRED}: { nodeSelectorTerms: [{}] } } }`)],
  [
    "a topology of any text",
    pod('topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "a b", whenUnsatisfiable: DoNotSchedule }]'),
  ],
  [
    "a key of matchLabelKeys in an expression, as the server adds it",
    pod(
      "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [tier], labelSelector: { matchExpressions: [{ key: tier, operator: In, values: [b] }] } }]",
    ),
  ],
  ["an empty affinity", pod("affinity: { nodeAffinity: {}, podAffinity: {}, podAntiAffinity: {} }")],
  [
    "a term that selects all pods",
    pod(
      `affinity: { podAntiAffinity: { ${REQUIRED}: [{ topologyKey: a, labelSelector: {}, namespaceSelector: {} }] } }`,
    ),
  ],
  [
    "one key with each answer to what cannot be",
    pod(
      "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule }, { maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway }]",
    ),
  ],
];

const WORKLOADS: readonly Case[] = [
  [
    "nothing unavailable beside a surge of 25 %",
    workload({ spec: 'strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } }' }),
  ],
  [
    "0 % unavailable, and a surge of more than all",
    workload({ spec: "strategy: { rollingUpdate: { maxUnavailable: 0%, maxSurge: 250% } }" }),
  ],
  ["no replicas", workload({ spec: "replicas: 0" })],
  [
    "OnDelete with figures, of a DaemonSet",
    workload({ kind: "DaemonSet", spec: "updateStrategy: { type: OnDelete, rollingUpdate: { maxUnavailable: 1 } }" }),
  ],
  [
    "OnDelete with more than all, of a DaemonSet",
    workload({
      kind: "DaemonSet",
      spec: "updateStrategy: { type: OnDelete, rollingUpdate: { maxUnavailable: 200% } }",
    }),
  ],
  [
    "all pods of a StatefulSet at a time",
    workload({ kind: "StatefulSet", spec: "updateStrategy: { rollingUpdate: { maxUnavailable: 100% } }" }),
  ],
  [
    "a partition beyond the replicas",
    workload({ kind: "StatefulSet", spec: "replicas: 2\nupdateStrategy: { rollingUpdate: { partition: 9 } }" }),
  ],
  ["a StatefulSet without a serviceName", workload({ kind: "StatefulSet" })],
  ["a selector narrower than the labels", workload({ labels: ", tier: front" })],
];

const OTHERS: readonly Case[] = [
  [
    "a Rollout with an empty template beside the one that is lent",
    `${workload()}---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: roll }
spec: { workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web }, template: {}, strategy: { canary: {} } }
`,
  ],
  ["a port's name of digits", service("ports: [{ name: '80', port: 80 }]")],
  ["one port by TCP and by UDP", service("ports: [{ name: a, port: 53 }, { name: b, port: 53, protocol: UDP }]")],
  [
    "two ports to one target",
    service("ports: [{ name: a, port: 80, targetPort: http }, { name: b, port: 81, targetPort: http }]"),
  ],
  ["a distribution within the zone", service("ports: [{ port: 80 }], trafficDistribution: PreferSameZone")],
  [
    "a balancer without node ports",
    service("type: LoadBalancer, ports: [{ port: 80 }], allocateLoadBalancerNodePorts: false"),
  ],
  ["a headless Service without ports", service("clusterIP: None")],
  ["an IPv6 address", service("ports: [{ port: 80 }], clusterIP: 'fd00::1'")],
  ["an external name with a dot at its end", service("type: ExternalName, externalName: db.example.com.")],
  ["an affinity of a client", service("ports: [{ port: 80 }], sessionAffinity: ClientIP")],
  [
    "an external policy beside externalIPs",
    service("ports: [{ port: 80 }], externalIPs: [192.0.2.7], externalTrafficPolicy: Local"),
  ],
  ["an autoscaler of equal ends", scaler("minReplicas: 3, maxReplicas: 3")],
  [
    "an Object with both targets",
    scaler(
      "maxReplicas: 3, metrics: [{ type: Object, object: { describedObject: { kind: Service, name: web }, metric: { name: rps }, target: { type: Value, value: 5, averageValue: 5 } } }]",
    ),
  ],
  [
    "more than 100 % of use",
    scaler(
      "maxReplicas: 3, metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 250 } } }]",
    ),
  ],
  [
    "a direction that is disabled without policies",
    scaler("maxReplicas: 3, behavior: { scaleDown: { selectPolicy: Disabled } }"),
  ],
  ["a budget of 0 % and one of all", budget("maxUnavailable: 0%, selector: { matchLabels: { app: web } }")],
  ["a budget without a limit", budget("selector: { matchLabels: { app: web } }")],
  ["a class below 0", priority("value: -1000000000")],
  ["a class without a value", priority("description: of 0")],
  ["the system's own class", priority("value: 2000000000", "system-cluster-critical")],
  [
    "a taint without a value, and of two effects",
    node("[{ key: a, effect: NoSchedule }, { key: a, effect: NoExecute }]"),
  ],
];

describe.each([
  ["metadata", METADATA],
  ["empty words", EMPTY_WORDS],
  ["pods", PODS],
  ["placing", PLACING],
  ["workloads", WORKLOADS],
  ["what stands around them", OTHERS],
])("%s", (_, cases) => {
  test.each(cases)("%s", (_what, text) => {
    expect(problemsOf(text)).toBe("");
  });
});
