/** What the API server refuses with 422 of objects beside their pods is refused here. */
import { describe, test } from "vitest";
import { budget, node, priority, scaler, service, workload } from "./objects.ts";
import { type Case, expectRefusal } from "./refusals.ts";

const metric = (one: string) => scaler(`maxReplicas: 3, metrics: [${one}]`);

const behaviour = (rules: string) => scaler(`maxReplicas: 3, behavior: { scaleUp: { ${rules} } }`);

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
    "a StatefulSet's Service with a dot",
    workload({ kind: "StatefulSet", spec: "serviceName: a.b" }),
    "spec.serviceName",
    'found "a.b", expected a name of at most 63',
  ],
  [
    "a StatefulSet of which nothing may be away",
    workload({ kind: "StatefulSet", spec: "updateStrategy: { rollingUpdate: { maxUnavailable: 0% } }" }),
    "rollingUpdate.maxUnavailable",
    'found "0%", expected a count or a percentage above 0',
  ],
  [
    "a StatefulSet of which more than all may be away",
    workload({ kind: "StatefulSet", spec: "updateStrategy: { rollingUpdate: { maxUnavailable: 101% } }" }),
    "rollingUpdate.maxUnavailable",
    "at most 100%",
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
    "an address of an external name",
    service("type: ExternalName, externalName: db.example.com, clusterIP: 10.0.0.7"),
    "spec.clusterIP",
    "none for the type ExternalName",
  ],
  ["one family twice", service("ports: [{ port: 80 }], ipFamilies: [IPv4, IPv4]"), "ipFamilies[1]", "each family once"],
  [
    "what only a balancer has",
    service("ports: [{ port: 80 }], loadBalancerSourceRanges: [10.0.0.0/8]"),
    "loadBalancerSourceRanges",
    "LoadBalancer only",
  ],
  [
    "a distribution that there is not",
    service("ports: [{ port: 80 }], trafficDistribution: Nearest"),
    "spec.trafficDistribution",
    "one of PreferClose",
  ],
  [
    "an empty word that has no default",
    service('ports: [{ port: 80 }], internalTrafficPolicy: ""'),
    "spec.internalTrafficPolicy",
    'found ""',
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
  [
    "a container's name that none has",
    metric(
      "{ type: ContainerResource, containerResource: { name: cpu, container: A_b, target: { type: Utilization, averageUtilization: 5 } } }",
    ),
    "containerResource.container",
    'found "A_b"',
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
  [
    "a class of the system for all",
    priority("value: 2000000000\nglobalDefault: true", "system-cluster-critical"),
    "globalDefault",
    "found true, expected false",
  ],
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
  ["workloads", WORKLOADS],
  ["services", SERVICES],
  ["autoscalers", AUTOSCALERS],
  ["budgets, classes and nodes", CLUSTER],
])("of %s", (_, cases) => {
  test.each(cases)("%s", (_what, text, path, says) => expectRefusal(text, path, says));
});
