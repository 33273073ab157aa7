/** What the API server refuses with 422 is refused here: where it stands, what was found, and what was expected. */
import { describe, expect, test } from "vitest";
import { problemsOf } from "../manifestSets.ts";
import { budget, container, node, pod, priority, scaler, service, workload } from "./objects.ts";

const probe = (probes: string) => container(probes);
const affinity = (kind: string, terms: string) => pod(`affinity: { ${kind}: ${terms} }`);
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const nodeTerm = (requirement: string) =>
  affinity("nodeAffinity", `{ ${REQUIRED}: { nodeSelectorTerms: [{ matchExpressions: [${requirement}] }] } }`);
const spread = (keys: string) => pod(`topologySpreadConstraints: [{ ${keys} }]`);
const metric = (one: string) => scaler(`maxReplicas: 3, metrics: [${one}]`);
const behaviour = (rules: string) => scaler(`maxReplicas: 3, behavior: { scaleUp: { ${rules} } }`);

type Case = readonly [what: string, text: string, path: string, says: string];

const METADATA: readonly Case[] = [
  ["a name in capitals", workload({ name: "Web" }), "metadata.name", 'found "Web", expected a name of at most 253'],
  [
    "a name's beginning with an underscore",
    workload().replace("name: web", "generateName: a_b-"),
    "metadata.generateName",
    'found "a_b-"',
  ],
  ["a name with an underscore", workload({ name: "a_b" }), "metadata.name", 'found "a_b"'],
  ["a StatefulSet with a dot", workload({ kind: "StatefulSet", name: "a.b" }), "metadata.name", "at most 63"],
  ["a Service that begins with a digit", service("ports: [{ port: 80 }]", "1web"), "metadata.name", 'found "1web"'],
  ["a namespace with a dot", workload({ meta: ", namespace: a.b" }), "metadata.namespace", 'found "a.b"'],
  [
    "a label's key with a space",
    workload({ meta: ', labels: { "a b": c }' }),
    'metadata.labels."a b"',
    'found "a b", expected a key',
  ],
  [
    "a label's value with a space",
    workload({ labels: ', a: "b c"' }),
    "spec.template.metadata.labels.a",
    'found "b c", expected a value',
  ],
  ["a label's value that is too long", workload({ labels: `, a: ${"x".repeat(64)}` }), "labels.a", "at most 63"],
  [
    "an annotation's key with two slashes",
    workload({ meta: ", annotations: { a/b/c: d }" }),
    'annotations."a/b/c"',
    'found "a/b/c"',
  ],
];

const CONTAINERS: readonly Case[] = [
  [
    "a container's name in capitals",
    workload().replace("name: main", "name: Main"),
    "containers[0].name",
    'found "Main"',
  ],
  ["a container without a name", workload().replace("name: main, ", ""), "containers[0].name", "found nothing"],
  [
    "a port's name in digits",
    container('ports: [{ containerPort: 80, name: "8080" }]'),
    "ports[0].name",
    'found "8080"',
  ],
  [
    "a port's name that is too long",
    container("ports: [{ containerPort: 80, name: sixteen-letters-x }]"),
    "ports[0].name",
    "at most 15",
  ],
  ["a port without a number", container("ports: [{ name: http }]"), "ports[0].containerPort", "found nothing"],
  [
    "a protocol that there is not",
    container("ports: [{ containerPort: 80, protocol: tcp }]"),
    "ports[0].protocol",
    "one of TCP, UDP, SCTP",
  ],
  [
    "a pull policy that there is not",
    container("imagePullPolicy: Sometimes"),
    "imagePullPolicy",
    "one of Always, IfNotPresent, Never",
  ],
  [
    "a probe without a handler",
    probe("readinessProbe: { periodSeconds: 5 }"),
    "readinessProbe",
    "found no handler, expected one of exec, httpGet, tcpSocket, grpc",
  ],
  [
    "a probe with two handlers",
    probe("livenessProbe: { tcpSocket: { port: 80 }, httpGet: { port: 80 } }"),
    "livenessProbe.tcpSocket",
    "found it beside httpGet",
  ],
  [
    "a probe of a port in quotes",
    probe('startupProbe: { httpGet: { port: "80" } }'),
    "httpGet.port",
    'found "80", expected a number without quotes',
  ],
  [
    "a probe without a port",
    probe("readinessProbe: { httpGet: { path: / } }"),
    "httpGet.port",
    "found nothing, expected a port from 1 to 65535",
  ],
  ["a grpc port beyond the last", probe("readinessProbe: { grpc: { port: 70000 } }"), "grpc.port", "found 70000"],
  ["a probe of no command", probe("readinessProbe: { exec: { command: [] } }"), "exec.command", "expected a command"],
  [
    "a scheme in small letters",
    probe("readinessProbe: { httpGet: { port: 80, scheme: https } }"),
    "httpGet.scheme",
    "one of HTTP, HTTPS",
  ],
  [
    "a hook without a handler",
    container("lifecycle: { preStop: {} }"),
    "lifecycle.preStop",
    "found no handler, expected one of exec, httpGet, tcpSocket, sleep",
  ],
  [
    "a sleep beyond the grace period",
    container("lifecycle: { preStop: { sleep: { seconds: 31 } } }"),
    "preStop.sleep.seconds",
    "found 31, expected at most the terminationGracePeriodSeconds of 30",
  ],
  [
    "a probe of an init container",
    pod("initContainers: [{ name: i, image: i, readinessProbe: { tcpSocket: { port: 80 } } }]"),
    "initContainers[0].readinessProbe",
    "expected none in an init container",
  ],
  [
    "an init container without an image",
    pod("initContainers: [{ name: i }]"),
    "initContainers[0].image",
    "found nothing, expected an image",
  ],
  ["a variable without a name", container("env: [{ value: a }]"), "env[0].name", "found nothing"],
  ["a variable's name with =", container('env: [{ name: "a=b" }]'), "env[0].name", 'found "a=b"'],
  ["a variable of no source", container("env: [{ name: A, valueFrom: {} }]"), "env[0].valueFrom", "found no source"],
  [
    "a variable of a value and a source",
    container("env: [{ name: A, value: b, valueFrom: { secretKeyRef: { name: s, key: k } } }]"),
    "env[0].valueFrom",
    "found it beside a value",
  ],
  [
    "a variable of no such field",
    container("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: spec.replicas } } }]"),
    "fieldRef.fieldPath",
    "metadata.name",
  ],
  [
    "a secret's key that is missing",
    container("env: [{ name: A, valueFrom: { secretKeyRef: { name: s } } }]"),
    "secretKeyRef.key",
    "found nothing",
  ],
  [
    "a mount of no such volume",
    workload({ pod: "volumes: [{ name: data }]", container: ", volumeMounts: [{ name: dat, mountPath: /a }]" }),
    "volumeMounts[0].name",
    'found "dat", expected the name of one of the pod\'s volumes (did you mean "data"?)',
  ],
  [
    "two mounts at one path",
    workload({
      pod: "volumes: [{ name: a }, { name: b }]",
      container: ", volumeMounts: [{ name: a, mountPath: /a }, { name: b, mountPath: /a }]",
    }),
    "volumeMounts[1].mountPath",
    'a second mount at "/a"',
  ],
  [
    "a subPath that leaves its volume",
    workload({
      pod: "volumes: [{ name: a }]",
      container: ", volumeMounts: [{ name: a, mountPath: /a, subPath: ../b }]",
    }),
    "volumeMounts[0].subPath",
    'found "../b"',
  ],
  ["two volumes of one name", pod("volumes: [{ name: a }, { name: a }]"), "volumes[1].name", 'a second volume "a"'],
  [
    "a volume of two sources",
    pod("volumes: [{ name: a, emptyDir: {}, hostPath: { path: /a } }]"),
    "volumes[0].hostPath",
    "only one source, and there is emptyDir",
  ],
];

const RESOURCES: readonly Case[] = [
  [
    "a request above its limit",
    container("resources: { requests: { cpu: 2 }, limits: { cpu: 1500m } }"),
    "resources.requests.cpu",
    "found 2, expected at most the limit of 1500m",
  ],
  ["a negative request", container('resources: { requests: { cpu: "-1" } }'), "resources.requests.cpu", 'found "-1"'],
  [
    "a resource that there is not",
    container("resources: { requests: { mem: 1Gi } }"),
    "resources.requests.mem",
    "expected a resource such as cpu, memory",
  ],
  [
    "half a device",
    container("resources: { limits: { example.com/gpu: 500m } }"),
    'limits."example.com/gpu"',
    "a whole number",
  ],
  [
    "a device without a limit",
    container("resources: { requests: { example.com/gpu: 1 } }"),
    'requests."example.com/gpu"',
    "never overcommitted",
  ],
  [
    "huge pages alone",
    container("resources: { limits: { hugepages-2Mi: 4Mi } }"),
    "resources",
    "expected cpu or memory beside it",
  ],
  [
    "half a huge page",
    container("resources: { limits: { cpu: 1, hugepages-2Mi: 3Mi } }"),
    "limits.hugepages-2Mi",
    "a multiple of the page size, 2Mi",
  ],
  [
    "a pod that requests less than its containers",
    workload({ pod: "resources: { requests: { cpu: 1 } }", container: ", resources: { requests: { cpu: 2 } }" }),
    "spec.resources.requests.cpu",
    "at least what its containers request together",
  ],
];

const PLACING: readonly Case[] = [
  ["a node selector's value with a space", pod('nodeSelector: { a: "b c" }'), "nodeSelector.a", 'found "b c"'],
  [
    "In without values",
    nodeTerm("{ key: a, operator: In }"),
    "matchExpressions[0].values",
    "at least one value for In",
  ],
  [
    "Exists with values",
    nodeTerm("{ key: a, operator: Exists, values: [b] }"),
    "matchExpressions[0].values",
    "no values for Exists",
  ],
  [
    "Gt of two values",
    nodeTerm('{ key: a, operator: Gt, values: ["1", "2"] }'),
    "matchExpressions[0].values",
    "exactly one value for Gt",
  ],
  [
    "no terms",
    affinity("nodeAffinity", `{ ${REQUIRED}: { nodeSelectorTerms: [] } }`),
    "nodeSelectorTerms",
    "at least one term",
  ],
  [
    "a weight of 0",
    affinity("nodeAffinity", `{ ${PREFERRED}: [{ weight: 0, preference: {} }] }`),
    "weight",
    "found 0, expected a whole number from 1 to 100",
  ],
  [
    "a weight of 101",
    affinity("podAffinity", `{ ${PREFERRED}: [{ weight: 101, podAffinityTerm: { topologyKey: a } }] }`),
    "weight",
    "found 101",
  ],
  [
    "no topologyKey",
    affinity("podAntiAffinity", `{ ${REQUIRED}: [{ labelSelector: {} }] }`),
    "topologyKey",
    "found nothing",
  ],
  [
    "a namespace with a dot",
    affinity("podAffinity", `{ ${REQUIRED}: [{ topologyKey: a, namespaces: [a.b] }] }`),
    "namespaces[0]",
    'found "a.b"',
  ],
  [
    "matchLabelKeys without a selector",
    affinity("podAffinity", `{ ${REQUIRED}: [{ topologyKey: a, matchLabelKeys: [b] }] }`),
    "matchLabelKeys",
    "a labelSelector beside it",
  ],
  [
    "a toleration of nothing",
    pod("tolerations: [{ operator: Equal, value: a }]"),
    "tolerations[0].operator",
    "Exists where there is no key",
  ],
  [
    "Exists with a value",
    pod("tolerations: [{ key: a, operator: Exists, value: b }]"),
    "tolerations[0].value",
    "none for the operator Exists",
  ],
  [
    "seconds without NoExecute",
    pod("tolerations: [{ key: a, operator: Exists, tolerationSeconds: 5 }]"),
    "tolerations[0].effect",
    "NoExecute beside tolerationSeconds",
  ],
  [
    "an effect that there is not",
    pod("tolerations: [{ key: a, operator: Exists, effect: NoRun }]"),
    "tolerations[0].effect",
    "one of NoSchedule",
  ],
  [
    "no maxSkew",
    spread("topologyKey: a, whenUnsatisfiable: DoNotSchedule"),
    "maxSkew",
    "found nothing, expected a whole number from 1",
  ],
  [
    "minDomains with ScheduleAnyway",
    spread("maxSkew: 1, minDomains: 2, topologyKey: a, whenUnsatisfiable: ScheduleAnyway"),
    "minDomains",
    "DoNotSchedule only",
  ],
  [
    "two constraints of one kind",
    spread(
      "maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule }, { maxSkew: 2, topologyKey: a, whenUnsatisfiable: DoNotSchedule",
    ),
    "topologySpreadConstraints[1].topologyKey",
    "a second constraint of a",
  ],
];

const PODS: readonly Case[] = [
  [
    "another hostPort beside hostNetwork",
    workload({ pod: "hostNetwork: true", container: ", ports: [{ containerPort: 80, hostPort: 81 }]" }),
    "ports[0].hostPort",
    "found 81, expected the containerPort of 80",
  ],
  [
    "two gates of one name",
    pod("schedulingGates: [{ name: a/b }, { name: a/b }]"),
    "schedulingGates[1].name",
    'a second gate "a/b"',
  ],
  [
    "a restart policy that there is not",
    workload().replace("spec:\n      containers", "spec:\n      restartPolicy: Sometimes\n      containers"),
    "restartPolicy",
    'found "Sometimes"',
  ],
  [
    "a deadline in a template",
    pod("activeDeadlineSeconds: 5"),
    "template.spec.activeDeadlineSeconds",
    "only a Pod of its own may have one",
  ],
  ["a policy of names that there is not", pod("dnsPolicy: Cluster"), "dnsPolicy", "one of ClusterFirst"],
  ["dnsPolicy None without nameservers", pod("dnsPolicy: None"), "dnsConfig", "nameservers in it"],
  ["a host name with a dot", pod("hostname: a.b"), "hostname", 'found "a.b"'],
  [
    "an alias of no address",
    pod("hostAliases: [{ ip: 10.0.0.256, hostnames: [a] }]"),
    "hostAliases[0].ip",
    'found "10.0.0.256"',
  ],
  [
    "hostUsers: false in the host's network",
    pod("hostUsers: false\nhostNetwork: true"),
    "hostNetwork",
    "found true, expected false beside hostUsers: false",
  ],
];

const WORKLOADS: readonly Case[] = [
  [
    "a selector of everything",
    workload().replace("{ matchLabels: { app: web } }", "{}"),
    "spec.selector",
    "at least one label",
  ],
  [
    "a selector's NotIn without values",
    workload().replace("{ matchLabels: { app: web } }", "{ matchExpressions: [{ key: app, operator: NotIn }] }"),
    "matchExpressions[0].values",
    "at least one value for NotIn",
  ],
  [
    "a number in quotes",
    workload({ spec: 'strategy: { rollingUpdate: { maxSurge: "1" } }' }),
    "rollingUpdate.maxSurge",
    'found "1", expected a whole number without quotes',
  ],
  [
    "half a per cent",
    workload({ spec: "strategy: { rollingUpdate: { maxSurge: 12.5% } }" }),
    "rollingUpdate.maxSurge",
    'found "12.5%"',
  ],
  [
    "more than all unavailable",
    workload({ spec: "strategy: { rollingUpdate: { maxUnavailable: 101% } }" }),
    "rollingUpdate.maxUnavailable",
    'found "101%", expected at most 100%',
  ],
  [
    "a DaemonSet that surges beyond all",
    workload({ kind: "DaemonSet", spec: "updateStrategy: { rollingUpdate: { maxSurge: 101%, maxUnavailable: 0 } }" }),
    "rollingUpdate.maxSurge",
    "at most 100%",
  ],
  [
    "OnDelete with a partition",
    workload({ kind: "StatefulSet", spec: "updateStrategy: { type: OnDelete, rollingUpdate: { partition: 1 } }" }),
    "updateStrategy.rollingUpdate",
    "found it beside the type OnDelete",
  ],
  [
    "a negative partition",
    workload({ kind: "StatefulSet", spec: "updateStrategy: { rollingUpdate: { partition: -1 } }" }),
    "rollingUpdate.partition",
    "found -1",
  ],
  [
    "a management policy that there is not",
    workload({ kind: "StatefulSet", spec: "podManagementPolicy: Ordered" }),
    "podManagementPolicy",
    "one of OrderedReady, Parallel",
  ],
];

const SERVICES: readonly Case[] = [
  ["no ports", service("type: ClusterIP"), "spec.ports", "found nothing, expected at least one port"],
  [
    "two ports of which one has no name",
    service("ports: [{ name: a, port: 80 }, { port: 81 }]"),
    "ports[1].name",
    "found nothing",
  ],
  [
    "two ports of one name",
    service("ports: [{ name: a, port: 80 }, { name: a, port: 81 }]"),
    "ports[1].name",
    'found "a"',
  ],
  [
    "two equal ports",
    service("ports: [{ name: a, port: 80 }, { name: b, port: 80 }]"),
    "ports[1].port",
    "TCP port 80 a second time",
  ],
  ["a port 0", service("ports: [{ port: 0 }]"), "ports[0].port", "found 0"],
  [
    "a target port in quotes",
    service('ports: [{ port: 80, targetPort: "8080" }]'),
    "ports[0].targetPort",
    "a number without quotes",
  ],
  [
    "a node's port of a ClusterIP",
    service("ports: [{ port: 80, nodePort: 30080 }]"),
    "ports[0].nodePort",
    "none for the type ClusterIP",
  ],
  [
    "an address that is none",
    service("ports: [{ port: 80 }], clusterIP: none"),
    "spec.clusterIP",
    'found "none", expected None, or an IP address',
  ],
  [
    "a headless NodePort",
    service("ports: [{ port: 80 }], clusterIP: None, type: NodePort"),
    "spec.clusterIP",
    "an address for the type NodePort",
  ],
  ["no external name", service("type: ExternalName"), "spec.externalName", "found nothing, expected a DNS name"],
  [
    "an external policy of a ClusterIP",
    service("ports: [{ port: 80 }], externalTrafficPolicy: Local"),
    "spec.externalTrafficPolicy",
    "NodePort and LoadBalancer only",
  ],
  [
    "an affinity beyond a day",
    service(
      "ports: [{ port: 80 }], sessionAffinity: ClientIP, sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } }",
    ),
    "clientIP.timeoutSeconds",
    "found 86401",
  ],
];

const AUTOSCALERS: readonly Case[] = [
  [
    "min above max",
    scaler("minReplicas: 4, maxReplicas: 3"),
    "spec.maxReplicas",
    "found 3, expected at least the minReplicas of 4",
  ],
  ["a min of 0", scaler("minReplicas: 0, maxReplicas: 3"), "spec.minReplicas", "found 0"],
  [
    "a type that there is not",
    metric("{ type: Cpu, resource: { name: cpu, target: { type: Utilization, averageUtilization: 5 } } }"),
    "metrics[0].type",
    'found "Cpu", expected one of Resource',
  ],
  [
    "a source beside that of the type",
    metric(
      "{ type: Pods, pods: { metric: { name: a }, target: { type: AverageValue, averageValue: 5 } }, resource: { name: cpu, target: { type: Utilization, averageUtilization: 5 } } }",
    ),
    "metrics[0].resource",
    "only pods, as the type says",
  ],
  [
    "a target without a type",
    metric("{ type: Resource, resource: { name: cpu, target: { averageUtilization: 5 } } }"),
    "target.type",
    "found nothing",
  ],
  [
    "two targets",
    metric(
      "{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 5, averageValue: 1 } } }",
    ),
    "resource.target",
    "found both or neither",
  ],
  [
    "a window beyond an hour",
    behaviour("stabilizationWindowSeconds: 3601"),
    "stabilizationWindowSeconds",
    "found 3601, expected a whole number from 0 to 3600",
  ],
  [
    "a period beyond half an hour",
    behaviour("policies: [{ type: Pods, value: 1, periodSeconds: 1801 }]"),
    "policies[0].periodSeconds",
    "found 1801",
  ],
  ["no policies", behaviour("policies: []"), "scaleUp.policies", "at least one policy"],
];

const CLUSTER: readonly Case[] = [
  [
    "a budget above all",
    budget("minAvailable: 101%, selector: { matchLabels: { app: web } }"),
    "spec.minAvailable",
    "at most 100%",
  ],
  [
    "a budget in quotes",
    budget('maxUnavailable: "1", selector: { matchLabels: { app: web } }'),
    "spec.maxUnavailable",
    "without quotes",
  ],
  ["a class of the system's name", priority("value: 5", "system-mine"), "metadata.name", "without system- in front"],
  ["a class above what users may", priority("value: 1000000001"), "value", "at most 1000000000"],
  ["a taint without an effect", node("[{ key: a }]"), "taints[0].effect", "found nothing"],
  [
    "two taints of one key and effect",
    node("[{ key: a, effect: NoSchedule }, { key: a, value: b, effect: NoSchedule }]"),
    "taints[1].key",
    "one taint of this key",
  ],
  ["a taint's key with a space", node('[{ key: "a b", effect: NoSchedule }]'), "taints[0].key", 'found "a b"'],
  [
    "two classes for all",
    `${priority("value: 5\nglobalDefault: true")}---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: other }\nvalue: 6\nglobalDefault: true\n`,
    "globalDefault",
    "found a second",
  ],
];

describe.each([
  ["metadata", METADATA],
  ["containers", CONTAINERS],
  ["resources", RESOURCES],
  ["placing", PLACING],
  ["pods", PODS],
  ["workloads", WORKLOADS],
  ["services", SERVICES],
  ["autoscalers", AUTOSCALERS],
  ["budgets, classes and nodes", CLUSTER],
])("of %s", (_, cases) => {
  test.each(cases)("%s", (_what, text, path, says) => {
    const lines = problemsOf(text).split("\n");
    expect(lines, "one mistake, told once, at its line").toEqual([
      expect.stringMatching(/^app\.yaml:\d+:\d+ document \d, \w+ [^,]+, /),
    ]);
    const [line = ""] = lines;
    const [head = "", tail = ""] = line.split(/: (?=found)/);
    expect(head.endsWith(path), `${head} ends with ${path}`).toBe(true);
    expect(`found${tail.slice("found".length)}`).toContain(says);
  });
});
