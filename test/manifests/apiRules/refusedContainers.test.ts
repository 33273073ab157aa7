/** What the API server refuses with 422 of containers and their resources is refused here. */
import { describe, test } from "vitest";
import { container, pod, workload } from "./objects.ts";
import { type Case, expectRefusal } from "./refusals.ts";

const probe = (probes: string) => container(probes);

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

describe.each([
  ["containers", CONTAINERS],
  ["resources", RESOURCES],
])("of %s", (_, cases) => {
  test.each(cases)("%s", (_what, text, path, says) => expectRefusal(text, path, says));
});
