/** What the API server refuses with 422 of pods and of where they may go is refused here. */
import { describe, test } from "vitest";
import { pod, workload } from "./objects.ts";
import { type Case, expectRefusal } from "./refusals.ts";

const affinity = (kind: string, terms: string) => pod(`affinity: { ${kind}: ${terms} }`);

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

const nodeTerm = (requirement: string) =>
  affinity("nodeAffinity", `{ ${REQUIRED}: { nodeSelectorTerms: [{ matchExpressions: [${requirement}] }] } }`);

const spread = (keys: string) => pod(`topologySpreadConstraints: [{ ${keys} }]`);

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
    "a key of matchLabelKeys that the selector names",
    spread(
      "maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [app], labelSelector: { matchLabels: { app: web } }",
    ),
    "matchLabelKeys[0]",
    'found "app", expected a key that the labelSelector does not name',
  ],
  [
    "an empty node policy",
    spread('maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: ""'),
    "nodeTaintsPolicy",
    'found "", expected one of Honor, Ignore',
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
    "a node for a pod that a gate holds back",
    "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { nodeName: n, schedulingGates: [{ name: a/b }], containers: [{ name: main, image: web:v1 }] }\n",
    "Pod a, spec.nodeName",
    'found "n", expected none',
  ],
  [
    "more for starting than for the whole pod",
    pod(
      "resources: { requests: { cpu: 1 } }\ninitContainers: [{ name: i, image: i, resources: { requests: { cpu: 2 } } }]",
    ),
    "resources.requests.cpu",
    "at least what its containers request",
  ],
  [
    "a way up in a path of the host",
    pod("volumes: [{ name: a, hostPath: { path: /a/../b } }]"),
    "hostPath.path",
    "without '..'",
  ],
  ["an empty preemption policy", pod('preemptionPolicy: ""'), "preemptionPolicy", 'found ""'],
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

describe.each([
  ["placing", PLACING],
  ["pods", PODS],
])("of %s", (_, cases) => {
  test.each(cases)("%s", (_what, text, path, says) => expectRefusal(text, path, says));
});
