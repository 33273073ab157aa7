import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/cluster/spec.ts";
import { DAY, HOUR, MINUTE, type Micros, SECOND } from "../../src/kernel/time.ts";
import {
  deploymentRows,
  deploymentsTable,
  endpointsRows,
  endpointsTable,
  kubectlText,
  type Moment,
  nodeRows,
  nodesTable,
  podRows,
  podsTable,
} from "../../src/reports/kubectlTables.ts";
import { humanDuration } from "../../src/reports/kubernetes/humanDuration.ts";
import { kubectlTable } from "../../src/reports/kubernetes/kubectlTable.ts";
import { goDuration, unavailable } from "../../src/reports/kubernetes/messages.ts";
import { containerName, replicaSetName } from "../../src/reports/kubernetes/objects.ts";
import { kubernetesEventLog } from "../../src/reports/kubernetesEvents.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const quiet = service({
  replicas: 3,
  traffic: { arrivals: { kind: "none" }, timeout: SECOND, retries: undefined, cancel: false },
});
const small = { cluster: { ...scenario().cluster, hosts: hosts(3) }, services: [quiet] };

function momentOf(told: Scenario, at: Micros): Moment {
  const log = kubernetesEventLog();
  const simulation = new Simulation(told, { listen: log.listen });
  simulation.runUntil(at);
  const { cluster, traffic } = simulation.world;
  return {
    cluster,
    pods: log.memory.pods,
    nominated: (id) => simulation.world.nominatedFor(id),
    published: ({ id }) => traffic.state.services[id]?.published ?? [],
    minReady: () => 0,
  };
}

const podsText = (told: Scenario, atSeconds: number) =>
  kubectlText(podsTable(podRows(momentOf(told, atSeconds * SECOND))));
const statuses = (told: Scenario, atSeconds: number) =>
  podRows(momentOf(told, atSeconds * SECOND)).map(({ name, ready, status, restarts }) => [
    name,
    ready,
    status,
    restarts,
  ]);

describe("kubectl get pods -o wide", () => {
  const oneHost = { ...small, cluster: { ...small.cluster, hosts: hosts(1) } };
  const update = scenario({ ...oneHost, timeline: timeline([60, deploy("shop:v2")]) });

  test("lists of an ordered StatefulSet only what was created: nothing behind a pod without a place", () => {
    const set = { ...quiet, workload: "StatefulSet" as const, cpuMillicores: 4000 };
    // The third finds both hosts full, and the fourth waits behind it.
    const full = scenario({ cluster: { ...small.cluster, hosts: hosts(2) }, services: [{ ...set, replicas: 4 }] });
    const there = [
      ["shop-0", true, "Running", 0],
      ["shop-1", true, "Running", 0],
      ["shop-2", false, "Pending", 0],
    ];
    expect(statuses(full, 0)).toEqual(there);
    expect(statuses(full, 60)).toEqual(there);
    const parallel = { ...set, replicas: 4, podManagement: "Parallel" as const };
    expect(statuses({ ...full, services: [parallel] }, 0)).toHaveLength(4);
  });

  test("lists the next of a StatefulSet once the one before it is there", () => {
    const drained = scenario({
      cluster: { ...small.cluster, hosts: hosts(2) },
      services: [
        { ...quiet, workload: "StatefulSet", cpuMillicores: 2000, replicas: 3 },
        { ...quiet, name: "guest", cpuMillicores: 3000, replicas: 2, priority: 1 },
      ],
      timeline: timeline([60, { kind: "scale", service: "guest", replicas: 0 }]),
    });
    const ofSet = (atSeconds: number) => statuses(drained, atSeconds).filter(([name]) => `${name}`.startsWith("shop"));
    expect(ofSet(59)).toEqual([["shop-0", false, "Pending", 0]]);
    expect(ofSet(200).map(([name, ready]) => [name, ready])).toEqual([
      ["shop-0", true],
      ["shop-1", true],
      ["shop-2", true],
    ]);
  });

  test.each([
    [
      "before a rolling update",
      59,
      `\
NAME     READY   STATUS    RESTARTS   AGE   IP       NODE     NOMINATED NODE   READINESS GATES
shop-1   1/1     Running   0          59s   <none>   host-1   <none>           <none>
shop-2   1/1     Running   0          59s   <none>   host-1   <none>           <none>
shop-3   1/1     Running   0          59s   <none>   host-1   <none>           <none>
`,
    ],
    [
      "while it pulls",
      60.5,
      `\
NAME     READY   STATUS              RESTARTS   AGE   IP       NODE     NOMINATED NODE   READINESS GATES
shop-1   1/1     Running             0          60s   <none>   host-1   <none>           <none>
shop-2   1/1     Running             0          60s   <none>   host-1   <none>           <none>
shop-3   1/1     Running             0          60s   <none>   host-1   <none>           <none>
shop-4   0/1     ContainerCreating   0          0s    <none>   host-1   <none>           <none>
`,
    ],
    [
      "while it stops",
      65,
      `\
NAME     READY   STATUS        RESTARTS   AGE   IP       NODE     NOMINATED NODE   READINESS GATES
shop-1   1/1     Running       0          65s   <none>   host-1   <none>           <none>
shop-2   1/1     Running       0          65s   <none>   host-1   <none>           <none>
shop-3   1/1     Terminating   0          65s   <none>   host-1   <none>           <none>
shop-4   1/1     Running       0          4s    <none>   host-1   <none>           <none>
shop-5   0/1     Running       0          0s    <none>   host-1   <none>           <none>
`,
    ],
  ])("has kubectl's layout %s", (_, atSeconds, table) => {
    expect(podsText(update, atSeconds)).toBe(table);
  });

  test("lists names as the API does, by character", () => {
    const many = scenario({ services: [{ ...quiet, replicas: 11 }] });
    expect(
      podRows(momentOf(many, SECOND))
        .map(({ name }) => name)
        .slice(0, 4),
    ).toEqual(["shop-1", "shop-10", "shop-11", "shop-2"]);
  });

  test("counts restarts, and how long ago, and waits in CrashLoopBackOff", () => {
    const kill = { kind: "crash", what: "container", name: "shop-1", for: undefined } as const;
    const told = scenario({
      ...small,
      services: [{ ...quiet, replicas: 1 }],
      timeline: timeline([60, kill], [90, kill]),
    });
    expect(podsText(told, 90.5)).toContain("shop-1   0/1     Error    1 (0s ago)   90s");
    expect(podsText(told, 95)).toContain("shop-1   0/1     CrashLoopBackOff   1 (5s ago)   95s");
    expect(podsText(told, 130)).toContain("shop-1   1/1     Running   2 (40s ago)   2m10s");
  });

  test("shows what a lost host last said until its pod is evicted, and after that Terminating for good", () => {
    const told = scenario({ ...small, duration: 10 * MINUTE, timeline: timeline([60, crashHost("host-2")]) });
    const same = ["shop-1", true, "Running", 0];
    expect(statuses(told, 61)[0]).toEqual(same);
    expect(statuses(told, 300)[0]).toEqual(same);
    expect(statuses(told, 599)[0]).toEqual(["shop-1", true, "Terminating", 0]);
    expect(statuses(told, 599)[3]).toEqual(["shop-4", true, "Running", 0]);
  });

  test("shows the restart of a pod whose host was down for a moment", () => {
    const told = scenario({ ...small, timeline: timeline([60, crashHost("host-2", 20)]) });
    expect(statuses(told, 79)[0]).toEqual(["shop-1", true, "Running", 0]);
    expect(statuses(told, 81)[0]).toEqual(["shop-1", false, "Running", 1]);
    expect(statuses(told, 90)[0]).toEqual(["shop-1", true, "Running", 1]);
  });

  test("shows pods without a place as Pending, on no node", () => {
    const told = scenario({ ...small, services: [{ ...quiet, cpuMillicores: 5000, initially: "cold" }] });
    expect(podsText(told, 61)).toContain("shop-1   0/1     Pending   0          60s   <none>   <none>");
  });

  test("shows the node on which evictions make room", () => {
    const large = { ...quiet, cpuMillicores: 3000, shutdown: { preStop: 20 * SECOND, gracePeriod: 30 * SECOND } };
    const urgent = { ...large, name: "urgent", replicas: 1, priority: 10, initially: "cold" as const };
    const cluster = { ...small.cluster, scheduler: { name: "kubernetes", settings: {} } };
    const told = scenario({ ...small, cluster, services: [large, urgent] });
    const rows = (atSeconds: number) => podRows(momentOf(told, atSeconds * SECOND));
    const waiting = rows(10).find(({ name }) => name.startsWith("urgent"));
    const victim = rows(10).find(({ status }) => status === "Terminating");
    expect(waiting).toMatchObject({ status: "Pending", node: null, nominatedNode: victim?.node });
    expect(podsText(told, 10)).toMatch(/^urgent-\d+ +0\/1 +Pending +0 +9s +<none> +<none> +host-\d +<none>$/m);
    expect(rows(60).find(({ name }) => name.startsWith("urgent"))).toMatchObject({
      node: victim?.node,
      nominatedNode: null,
    });
  });

  test("shows pods whose image does not come in ImagePullBackOff", () => {
    const told = scenario({
      ...small,
      timeline: timeline([60, deploy("shop:v2")], [60.5, { kind: "registry", for: undefined }]),
    });
    // The pull breaks off at 60.5 s, and is tried again, in vain, at 70.5 s.
    const statusAt = (atSeconds: number) => statuses(told, atSeconds)[3]?.[2];
    expect([60.4, 60.5, 61.4, 61.6, 70, 72].map(statusAt)).toEqual([
      ...["ContainerCreating", "ErrImagePull", "ErrImagePull", "ImagePullBackOff", "ImagePullBackOff"],
      "ImagePullBackOff",
    ]);
    expect(statuses(told, 70)[3]).toEqual(["shop-4", false, "ImagePullBackOff", 0]);
  });

  test("shows what a probe killed as Running with one restart more, until the kills come faster than the back-off", () => {
    const liveness = { period: 10 * SECOND, successes: 1, failures: 3, throughQueue: false };
    const slow = image("shop:v1", { startup: { kind: "constant", value: 40 * SECOND } });
    const told = scenario({
      ...small,
      images: [slow],
      services: [{ ...quiet, replicas: 1, initially: "cold", liveness }],
    });
    const seen = Array.from({ length: 240 }, (_, at) => statuses(told, at)[0]?.slice(2));
    const restartsIn = (status: string) => new Set(seen.filter((row) => row?.[0] === status).map((row) => row?.[1]));
    expect([...restartsIn("Running")]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...restartsIn("CrashLoopBackOff")]).toEqual([4, 5]);
  });

  test("shows what crashed and nobody restarts in Error", () => {
    const kill = { kind: "crash", what: "container", name: "shop-1", for: undefined } as const;
    const byHand = { ...quiet, strategy: { name: "by-hand", settings: {} } };
    expect(statuses(scenario({ ...small, services: [byHand], timeline: timeline([60, kill]) }), 61)[0]).toEqual([
      "shop-1",
      false,
      "Error",
      0,
    ]);
  });
});

describe("the other tables", () => {
  const told = scenario({
    ...small,
    timeline: timeline([60, crashHost("host-2")], [70, { kind: "cordon", host: "host-3" }]),
  });

  test("of nodes tell what the control plane believes, and what is cordoned", () => {
    expect(kubectlText(nodesTable(nodeRows(momentOf(told, 61 * SECOND))))).toBe(`\
NAME     STATUS   ROLES    AGE   VERSION     INTERNAL-IP   EXTERNAL-IP   OS-IMAGE    KERNEL-VERSION   CONTAINER-RUNTIME
host-1   Ready    <none>   61s   <unknown>   <none>        <none>        <unknown>   <unknown>        <unknown>
host-2   Ready    <none>   61s   <unknown>   <none>        <none>        <unknown>   <unknown>        <unknown>
host-3   Ready    <none>   61s   <unknown>   <none>        <none>        <unknown>   <unknown>        <unknown>
`);
    const late = nodeRows(momentOf(told, 2 * MINUTE)).map(({ status }) => status);
    expect(late).toEqual(["Ready", "NotReady", "Ready,SchedulingDisabled"]);
  });

  test("of deployments and endpoints count without a lost host", () => {
    const moment = momentOf(told, 2 * MINUTE);
    expect(kubectlText(deploymentsTable(deploymentRows(moment)))).toBe(`\
NAME   READY   UP-TO-DATE   AVAILABLE   AGE
shop   2/3     3            2           2m
`);
    expect(kubectlText(endpointsTable(endpointsRows(moment)))).toBe(`\
NAME   ENDPOINTS       AGE
shop   shop-2,shop-3   2m
`);
  });

  test("of deployments call available only what has been ready for long enough", () => {
    const moment = momentOf(scenario({ ...small, timeline: timeline([60, deploy("shop:v2")]) }), 65 * SECOND);
    expect(deploymentRows(moment)[0]).toMatchObject({ ready: 3, replicas: 3, upToDate: 2, available: 3 });
    expect(deploymentRows({ ...moment, minReady: () => 10 * SECOND })[0]).toMatchObject({ ready: 3, available: 2 });
  });

  test("of endpoints name three, and count the others", () => {
    const five = scenario();
    expect(endpointsTable(endpointsRows(momentOf(five, SECOND))).rows).toEqual([
      ["shop", "shop-1,shop-2,shop-3 + 2 more...", "1s"],
    ]);
  });

  test("say so where there is nothing to list", () => {
    const byHand = scenario({ ...small, services: [{ ...quiet, strategy: { name: "by-hand", settings: {} } }] });
    expect(kubectlText(deploymentsTable(deploymentRows(momentOf(byHand, SECOND))))).toBe(
      "No resources found in default namespace.\n",
    );
  });

  test("carry the namespace where there is more than one", () => {
    const pod = { namespace: "cart", labels: {}, spec: {}, ownerSelector: undefined };
    const both = scenario({ ...small, services: [quiet, { ...quiet, name: "cart", pod }] });
    const { headings, rows } = podsTable(podRows(momentOf(both, SECOND)));
    expect(headings.slice(0, 2)).toEqual(["NAMESPACE", "NAME"]);
    expect(rows.map(([namespace]) => namespace)).toEqual(["cart", "cart", "cart", "default", "default", "default"]);
  });
});

describe("an age", () => {
  test.each([
    [-2 * SECOND, "<invalid>"],
    [-SECOND, "0s"],
    [0, "0s"],
    [0.9 * SECOND, "0s"],
    [47 * SECOND, "47s"],
    [119 * SECOND, "119s"],
    [2 * MINUTE, "2m"],
    [5 * MINUTE + 3 * SECOND, "5m3s"],
    [10 * MINUTE + 59 * SECOND, "10m"],
    [179 * MINUTE, "179m"],
    [3 * HOUR, "3h"],
    [7 * HOUR + 59 * MINUTE, "7h59m"],
    [8 * HOUR + 59 * MINUTE, "8h"],
    [47 * HOUR, "47h"],
    [2 * DAY, "2d"],
    [3 * DAY + 4 * HOUR, "3d4h"],
    [8 * DAY + 23 * HOUR, "8d"],
    [729 * DAY, "729d"],
    [730 * DAY, "2y"],
    [800 * DAY, "2y70d"],
    [3000 * DAY, "8y"],
  ])("of %i µs reads %s", (time, text) => {
    expect(humanDuration(time)).toBe(text);
  });

  test("never says more than has passed, and leaves out less than an eighth above two seconds", () => {
    const units: Readonly<Record<string, Micros>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, y: 365 * DAY };
    fc.assert(
      fc.property(fc.integer({ min: 2 * SECOND, max: 36_500 * DAY }), (time) => {
        const said = [...humanDuration(time).matchAll(/(\d+)([smhdy])/g)]
          .map(([, count, unit]) => Number(count) * (units[unit ?? ""] ?? Number.NaN))
          .reduce((sum, part) => sum + part, 0);
        const left = time - said;
        return left >= 0 && (left < SECOND || left < time / 8);
      }),
    );
  });
});

describe("what stands in a message", () => {
  test.each([
    [0, "0s"],
    [890_000, "890ms"],
    [1_210_400, "1.21s"],
    [62_500_000, "1m2.5s"],
    [3_605_000_000, "1h0m5s"],
  ])("a time of %i µs reads %s, as Go writes it", (time, text) => {
    expect(goDuration(time)).toBe(text);
  });

  test.each([
    [[], "0/5 nodes are available."],
    [
      ["3 Insufficient cpu", "2 host(s) were unschedulable"],
      "0/5 nodes are available: 2 node(s) were unschedulable, 3 Insufficient cpu.",
    ],
    [
      ["5 host(s) were unreachable"],
      "0/5 nodes are available: 5 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.",
    ],
    [
      ["1 node(s) didn't match Pod's node affinity/selector"],
      "0/5 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    ],
  ])("refusals %j read %s", (reasons, text) => {
    expect(unavailable(5, reasons)).toBe(text);
  });

  test("a ReplicaSet is named after the tag, and two images with one tag keep apart", () => {
    const images = ["shop:v1", "registry.example:5000/shop", "other/Shop:v1", "shop@sha256:0123456789abcdef"].map(
      (name) => image(name),
    );
    const { world } = new Simulation(scenario({ ...small, images }));
    const { cluster } = world;
    for (const { name } of images.slice(1)) cluster.addRelease(cluster.serviceNamed("shop"), name, 1);
    expect(cluster.state.releases.map((release) => replicaSetName(cluster, release))).toEqual([
      "shop-v1",
      "shop-latest",
      "shop-other-shop-v1",
      "shop-0123456789ab",
    ]);
  });

  test("a container has its template's name, else the service's", () => {
    const { cluster } = new Simulation(scenario(small)).world;
    const plain = cluster.serviceNamed("shop");
    const pod = { namespace: "default", labels: {}, spec: { containers: [{ name: "web" }] }, ownerSelector: undefined };
    expect(containerName(plain)).toBe("shop");
    expect(containerName({ ...plain, spec: { ...plain.spec, pod } })).toBe("web");
  });
});

describe("a table in kubectl's layout", () => {
  test("starts every cell of a column at the same place, three spaces after the longest before it", () => {
    const word = fc.stringMatching(/^[a-z<>-]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 6 }), (rows) => {
        const lines = kubectlTable({ headings: ["A", "BB", "CCC"], rows });
        const longest = Math.max(3, ...rows.map(([first]) => first.length + 3));
        const start = Math.max(6, longest);
        return rows.every(([first, second], at) => {
          const line = lines[at + 1] ?? "";
          return line.startsWith(first) && line.slice(start).startsWith(second) && !line.endsWith(" ");
        });
      }),
    );
  });

  test("lets no name drive the terminal", () => {
    expect(kubectlTable({ headings: ["NAME"], rows: [["a\u001b[31mb\nc"]] })[1]).toBe("a[31mb c");
  });
});
