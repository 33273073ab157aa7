import { describe, expect, test } from "vitest";
import { cpuUtilisation } from "../../src/cluster/autoscaleMetrics.ts";
import type { Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND, toSeconds } from "../../src/kernel/time.ts";
import type { KubernetesEvent } from "../../src/reports/kubernetes/eventReader.ts";
import { eventAnswers, eventsTable, eventsText, kubernetesEventLog } from "../../src/reports/kubernetesEvents.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

function eventsOf(told: Scenario): readonly KubernetesEvent[] {
  const log = kubernetesEventLog();
  new Simulation(told, { listen: log.listen }).run();
  return log.entries;
}

/** `Scaled up …`, in order. */
const messagesOf = (events: readonly KubernetesEvent[], reason: string) =>
  events.filter((event) => event.reason === reason).map(({ message }) => message);

/** The reasons told of one pod, in order. */
const storyOf = (events: readonly KubernetesEvent[], name: string) =>
  events.filter(({ object }) => object.name === name).map(({ reason }) => reason);

const quiet = service({
  replicas: 3,
  traffic: { arrivals: { kind: "none" }, timeout: SECOND, retries: undefined, cancel: false },
});
const small = { cluster: { ...scenario().cluster, hosts: hosts(3) }, services: [quiet] };

describe("the events of a rolling update", () => {
  const events = eventsOf(scenario({ ...small, timeline: timeline([60, deploy("shop:v2")]) }));

  test("scale one release up and the other down by what the fenceposts allow", () => {
    expect(messagesOf(events, "ScalingReplicaSet")).toEqual([
      "Scaled up replica set shop-v2 from 0 to 1",
      "Scaled down replica set shop-v1 from 3 to 2",
      "Scaled up replica set shop-v2 from 1 to 2",
      "Scaled down replica set shop-v1 from 2 to 1",
      "Scaled up replica set shop-v2 from 2 to 3",
      "Scaled down replica set shop-v1 from 1 to 0",
    ]);
  });

  test("tell of each new pod what comes first, first", () => {
    for (const name of ["shop-4", "shop-5", "shop-6"]) {
      expect(storyOf(events, name)).toEqual(["Scheduled", "Pulling", "Pulled", "Created", "Started"]);
    }
  });

  test("create and delete as many pods as there are replicas, each deleted one killed", () => {
    const counts = (reason: string) => events.filter((event) => event.reason === reason).length;
    expect(counts("SuccessfulCreate")).toBe(3);
    expect(counts("SuccessfulDelete")).toBe(3);
    expect(counts("Killing")).toBe(3);
  });

  test("scale the old release down only after a new pod has started", () => {
    const first = (reason: string, message: RegExp) =>
      events.findIndex((event) => event.reason === reason && message.test(event.message));
    const order = [
      first("ScalingReplicaSet", /up replica set shop-v2 from 0/),
      first("SuccessfulCreate", /Created pod: shop-4/),
      first("Scheduled", /default\/shop-4/),
      first("Started", /Started/),
      first("ScalingReplicaSet", /down replica set shop-v1 from 3/),
      first("SuccessfulDelete", /Deleted pod/),
      first("Killing", /Stopping container shop/),
    ];
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
  });

  test("leave out what a running service did before the run", () => {
    expect(events[0]).toMatchObject({ at: 60 * SECOND + 50_000, reason: "ScalingReplicaSet" });
  });

  test("never go back in time", () => {
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  test("name kind, namespace and component", () => {
    expect(eventAnswers(events).slice(0, 2)).toEqual([
      {
        atS: 60.05,
        type: "Normal",
        reason: "ScalingReplicaSet",
        involvedObject: { kind: "Deployment", namespace: "default", name: "shop" },
        message: "Scaled up replica set shop-v2 from 0 to 1",
        reportingComponent: "deployment-controller",
        count: 1,
      },
      {
        atS: 60.1,
        type: "Normal",
        reason: "SuccessfulCreate",
        involvedObject: { kind: "ReplicaSet", namespace: "default", name: "shop-v2" },
        message: "Created pod: shop-4",
        reportingComponent: "replicaset-controller",
        count: 1,
      },
    ]);
  });
});

describe("the events of a service that starts cold", () => {
  test("begin with its ReplicaSet, and pull the image once per host", () => {
    const cold = { ...quiet, initially: "cold" as const };
    const events = eventsOf(scenario({ ...small, services: [cold] }));
    expect(events[0]?.message).toBe("Scaled up replica set shop-v1 from 0 to 3");
    expect(messagesOf(events, "Pulled")).toEqual(
      Array.from(
        { length: 3 },
        () => 'Successfully pulled image "shop:v1" in 1s (1s including waiting). Image size: 104857600 bytes.',
      ),
    );
  });
});

describe("the events of a service that runs from the start", () => {
  test("begin with why some of it does not run, and say nothing of pods that are not created yet", () => {
    const large = { ...quiet, cpuMillicores: 4000, replicas: 6, workload: "StatefulSet" as const };
    const [first, ...others] = eventsOf(scenario({ ...small, services: [large], duration: SECOND / 2 }));
    expect(first).toMatchObject({ at: 0, reason: "FailedScheduling", object: { kind: "Pod", name: "shop-3" } });
    expect(first?.message).toBe("0/3 nodes are available: 3 Insufficient cpu.");
    expect(others).toEqual([]);
  });
});

describe("the events of a crash", () => {
  const kill = { kind: "crash", what: "container", name: "shop-1", for: undefined } as const;

  test("show a first restart at once, and a back-off before the next one", () => {
    const events = eventsOf(scenario({ ...small, timeline: timeline([60, kill], [90, kill]) }));
    const restart = ["Pulled", "Created", "Started"];
    expect(storyOf(events, "shop-1")).toEqual([...restart, "BackOff", ...restart]);
    const backOff = events.find(({ reason }) => reason === "BackOff");
    expect(backOff).toMatchObject({
      at: 90 * SECOND,
      type: "Warning",
      message: "Back-off restarting failed container shop in pod shop-1_default",
    });
    expect(events.filter(({ reason }) => reason === "Started").map(({ at }) => toSeconds(at))).toEqual([60, 100]);
    expect(messagesOf(events, "Pulled")[0]).toBe('Container image "shop:v1" already present on machine');
  });
});

describe("the events of a lost host", () => {
  const events = eventsOf(
    scenario({ ...small, duration: 12 * MINUTE, timeline: timeline([60, crashHost("host-2", 500)]) }),
  );
  const at = (reason: string) => toSeconds(events.find((event) => event.reason === reason)?.at ?? Number.NaN);

  test("tell of it 45 to 60 s after the crash, of its pod too, and evict the pod 300 s later", () => {
    const [node, pod] = events.filter(({ reason }) => reason === "NodeNotReady");
    expect(node).toMatchObject({ type: "Normal", message: "Node host-2 status is now: NodeNotReady" });
    expect(pod).toMatchObject({ type: "Warning", object: { kind: "Pod" }, message: "Node is not ready" });
    expect(at("NodeNotReady")).toBeGreaterThan(60 + 40);
    expect(at("NodeNotReady")).toBeLessThanOrEqual(60 + 55);
    expect(at("TaintManagerEviction") - at("NodeNotReady")).toBe(300);
  });

  test("replace the evicted pod, and kill nothing on a host that is gone", () => {
    const evicted = events.find(({ reason }) => reason === "TaintManagerEviction");
    expect(evicted?.message).toBe(`Marking for deletion Pod default/${evicted?.object.name}`);
    expect(messagesOf(events, "SuccessfulCreate")).toEqual(["Created pod: shop-4"]);
    expect(messagesOf(events, "Killing")).toEqual([]);
  });

  test("tell when it is back", () => {
    expect(at("Starting")).toBe(560);
    expect(messagesOf(events, "NodeReady")).toEqual(["Node host-2 status is now: NodeReady"]);
  });
});

describe("an event", () => {
  test("of a host that is cut off from the control plane never comes", () => {
    const cut = { kind: "partition", host: "host-1", from: "control-plane", for: 30 * SECOND } as const;
    const crash = { kind: "crash", what: "host", name: "host-1", for: undefined } as const;
    const crashes = [1, 2, 3].map((n) => ({ ...crash, what: "container", name: `shop-${n}` }) as const);
    const events = eventsOf(
      scenario({ ...small, timeline: timeline([60, cut], ...crashes.map((one) => [70, one] as const)) }),
    );
    expect(messagesOf(events, "Started")).toHaveLength(2);
  });

  test.each([
    {
      when: "no host has room",
      part: { cpuMillicores: 3000, replicas: 4 },
      message: "0/3 nodes are available: 3 Insufficient cpu.",
    },
    {
      when: "no host has the label",
      part: { nodeSelector: { disk: "ssd" } },
      message: "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
    },
  ])("of a pod that cannot be placed says why in Kubernetes' words: $when", ({ part, message }) => {
    const events = eventsOf(scenario({ ...small, services: [{ ...quiet, initially: "cold", ...part }] }));
    const failed = events.find(({ reason }) => reason === "FailedScheduling");
    expect(failed).toMatchObject({ type: "Warning", message, component: "default-scheduler" });
  });

  test("of a readiness probe that never passes is told once for each start", () => {
    const never = image("shop:v2", { ready: false });
    const events = eventsOf(
      scenario({ ...small, images: [image("shop:v1"), never], timeline: timeline([60, deploy("shop:v2")]) }),
    );
    const unhealthy = events.filter(({ reason }) => reason === "Unhealthy");
    expect(unhealthy.map(({ object }) => object.name)).toEqual(["shop-4"]);
    expect(unhealthy[0]?.type).toBe("Warning");
  });

  const vital = { period: 10 * SECOND, successes: 1, failures: 2, throughQueue: false };

  test.each([
    {
      what: "a liveness probe of a process that hangs",
      part: { liveness: vital },
      version: { hang: { kind: "constant" as const, value: 60 * SECOND } },
      missed: "Liveness probe failed: context deadline exceeded",
      killed: "Container shop failed liveness probe, will be restarted",
    },
    {
      what: "a startup probe of one that is not up",
      part: { startupProbe: vital },
      version: { startup: { kind: "constant" as const, value: 60 * SECOND } },
      missed: "Startup probe failed: connect: connection refused",
      killed: "Container shop failed startup probe, will be restarted",
    },
  ])("of $what tells each miss, then that it is killed", ({ part, version, missed, killed }) => {
    const one = { ...quiet, ...part, replicas: 1, initially: "cold" as const };
    const events = eventsOf(scenario({ ...small, images: [image("shop:v1", version)], services: [one] }));
    const probes = events.filter(({ message }) => message === missed || message === killed);
    expect(probes.slice(0, 3).map(({ reason, message }) => [reason, message])).toEqual([
      ["Unhealthy", missed],
      ["Unhealthy", missed],
      ["Killing", killed],
    ]);
  });

  test("of an autoscaler gives the new size, and why", () => {
    const autoscale = { min: 4, max: 6, metrics: [cpuUtilisation(70)], behavior: undefined };
    const events = eventsOf(scenario({ ...small, services: [{ ...quiet, autoscale }] }));
    expect(events.find(({ reason }) => reason === "SuccessfulRescale")).toMatchObject({
      type: "Normal",
      object: { kind: "HorizontalPodAutoscaler", name: "shop" },
      message: "New size: 4; reason: Current number of replicas below Spec.MinReplicas",
    });
  });

  test("of a preemption names the pod that needs the room", () => {
    const large = { ...quiet, cpuMillicores: 3000 };
    const urgent = { ...large, name: "urgent", replicas: 1, priority: 10, initially: "cold" as const };
    const scheduler = { name: "kubernetes", settings: {} };
    const events = eventsOf(
      scenario({ ...small, cluster: { ...small.cluster, scheduler }, services: [large, urgent] }),
    );
    const preempted = events.filter(({ reason }) => reason === "Preempted");
    expect(preempted).toHaveLength(1);
    expect(preempted[0]?.message).toMatch(/^Preempted by pod urgent-\S+ on node host-[123]$/);
    expect(storyOf(events, preempted[0]?.object.name ?? "")).toEqual(["Preempted", "Killing"]);
  });

  test("of a pod without a place says as well what evictions would bring", () => {
    const scheduler = { name: "kubernetes", settings: {} };
    const messageOf = (...services: ServiceSpec[]) =>
      eventsOf(scenario({ ...small, cluster: { ...small.cluster, scheduler }, services })).find(
        ({ reason }) => reason === "FailedScheduling",
      )?.message;
    const large = { ...quiet, cpuMillicores: 3000 };
    const late = { ...large, name: "late", replicas: 1, initially: "cold" as const };
    const tail = "No preemption victims found for incoming pod.";
    expect(messageOf(large, late)).toBe(
      `0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 ${tail}`,
    );
    // Where it finds a victim there is nothing to say.
    expect(messageOf(large, { ...late, priority: 10 })).toBe("0/3 nodes are available: 3 Insufficient cpu.");
    const nowhere = { ...late, nodeSelector: { disk: "none" } };
    expect(messageOf(nowhere)).toBe(
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. " +
        "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
  });

  test("of a drain closes the node, and opens it again", () => {
    const events = eventsOf(
      scenario({
        ...small,
        timeline: timeline([60, { kind: "drain", host: "host-1" }], [120, { kind: "uncordon", host: "host-1" }]),
      }),
    );
    expect(messagesOf(events, "NodeNotSchedulable")).toEqual(["Node host-1 status is now: NodeNotSchedulable"]);
    expect(messagesOf(events, "NodeSchedulable")).toEqual(["Node host-1 status is now: NodeSchedulable"]);
    expect(messagesOf(events, "SuccessfulDelete")).toEqual([]);
    expect(messagesOf(events, "Killing")).toHaveLength(1);
  });

  test("of a pull that the registry breaks off says so, and the image comes in the end", () => {
    const events = eventsOf(
      scenario({
        ...small,
        timeline: timeline([60, deploy("shop:v2")], [60.5, { kind: "registry", for: 20 * SECOND }]),
      }),
    );
    expect(storyOf(events, "shop-4").slice(0, 6)).toEqual([
      "Scheduled",
      "Pulling",
      "Failed",
      "Failed",
      "BackOff",
      "Failed",
    ]);
    const again = storyOf(events, "shop-4").slice(6);
    // Tries at once, and 10 and 30 s later: the last finds the registry up.
    expect(again.slice(0, 7)).toEqual(["Pulling", "Failed", "Failed", "BackOff", "Failed", "Pulling", "Pulled"]);
  });

  test.each([
    { workload: "ReplicaSet", kind: "ReplicaSet", message: /^Created pod: shop-/ },
    { workload: "StatefulSet", kind: "StatefulSet", message: /^create Pod shop-\S+ in StatefulSet shop successful$/ },
  ] as const)("of a pod's creation is told by the $workload that keeps it", ({ workload, kind, message }) => {
    const events = eventsOf(scenario({ ...small, services: [{ ...quiet, initially: "cold", workload }] }));
    const created = events.filter(({ reason }) => reason === "SuccessfulCreate");
    expect(created).toHaveLength(3);
    for (const event of created) {
      expect(event.object).toEqual({ kind, namespace: "default", name: "shop" });
      expect(event.message).toMatch(message);
    }
    expect(messagesOf(events, "ScalingReplicaSet")).toEqual([]);
  });

  test("is not told where a person looks after the service", () => {
    const byHand = { ...quiet, strategy: { name: "by-hand", settings: {} } };
    const events = eventsOf(scenario({ ...small, services: [byHand], timeline: timeline([60, deploy("shop:v2")]) }));
    expect(messagesOf(events, "ScalingReplicaSet")).toEqual([]);
    expect(messagesOf(events, "SuccessfulCreate")).toEqual([]);
    expect(messagesOf(events, "Started").length).toBeGreaterThan(0);
  });
});

describe("a log of events", () => {
  test("changes nothing of the run", () => {
    const told = scenario({ timeline: timeline([60, deploy("shop:v2")], [120, crashHost("host-1", 60)]) });
    const watched = new Simulation(told, { listen: kubernetesEventLog().listen });
    const alone = new Simulation(told);
    expect(watched.run().summary.digest).toBe(alone.run().summary.digest);
  });
});

describe("events as text", () => {
  const pod = { kind: "Pod", namespace: "default", name: "shop-1" };
  const event = (atSeconds: number, part: Partial<KubernetesEvent> = {}): KubernetesEvent => ({
    at: atSeconds * SECOND,
    type: "Warning",
    reason: "FailedScheduling",
    object: pod,
    message: "0/1 nodes are available: 1 Insufficient cpu.",
    component: "default-scheduler",
    ...part,
  });
  const started = event(90, { type: "Normal", reason: "Started", message: "Started container shop" });

  test("stand one below the other with their time since the start, rounded up", () => {
    expect(eventsText([event(12.0001), started])).toBe(`\
TIME      TYPE      REASON             OBJECT       MESSAGE
12.001s   Warning   FailedScheduling   pod/shop-1   0/1 nodes are available: 1 Insufficient cpu.
1m30s     Normal    Started            pod/shop-1   Started container shop
`);
  });

  test("are counted where they come again, the latest last, and forgotten after an hour", () => {
    const { headings, rows } = eventsTable([event(0), event(60), started, event(120)], 5 * MINUTE);
    expect(headings).toEqual(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
    expect(rows.map(([seen, , reason]) => [seen, reason])).toEqual([
      ["3m30s", "Started"],
      ["3m (x3 over 5m)", "FailedScheduling"],
    ]);
    expect(eventsTable([event(0), started], 3680 * SECOND).rows.map(([seen]) => seen)).toEqual(["59m"]);
  });

  test("carry the namespace where there is more than one", () => {
    const other = event(91, { object: { ...pod, namespace: "cart" } });
    expect(eventsTable([started, other], 100 * SECOND)).toMatchObject({
      headings: ["NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"],
      rows: [
        ["default", "10s", "Normal", "Started", "pod/shop-1", "Started container shop"],
        ["cart", "9s", "Warning", "FailedScheduling", "pod/shop-1", "0/1 nodes are available: 1 Insufficient cpu."],
      ],
    });
  });

  test("are counted up in JSON", () => {
    expect(eventAnswers([event(0), started, event(5)]).map(({ count }) => count)).toEqual([1, 1, 2]);
  });
});
