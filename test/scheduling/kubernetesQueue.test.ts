import { describe, expect, test } from "vitest";
import type { PodTemplate } from "../../src/cluster/podTemplate.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { profileOf } from "../../src/scheduling/kubernetes/profile.ts";
import { kubernetesScheduler } from "../../src/scheduling/kubernetesScheduler.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

/** One host, full; then `cart` wants a container. */
function fullWorld(parts: WorldParts = {}): SmallWorld {
  return new SmallWorld({
    images: [{}, { name: "cart:v1" }],
    services: [{ replicas: 8 }, { name: "cart", image: "cart:v1", replicas: 0 }],
    hosts: 1,
    scheduler: kubernetesScheduler(),
    ...parts,
  });
}

const wantCart = (world: SmallWorld, seconds: number) =>
  world.at(seconds * SECOND, () => world.cluster.setDesired(world.cluster.release(1), 1, 1));

function triesOf(world: SmallWorld, name: string): number[] {
  return world
    .storyOf(name)
    .filter((line) => /unschedulable|assigned/.test(line))
    .map((line) => Number.parseFloat(line));
}

const stir = (world: SmallWorld, seconds: number) =>
  world.at(seconds * SECOND, () => world.cluster.announce({ kind: "resources-freed", host: world.host("host-1") }));

function podWith(spec: PodTemplate["spec"]): PodTemplate {
  const containers = [{ name: "c", image: "cart:v1", resources: { requests: { cpu: "500m", memory: "256Mi" } } }];
  return { namespace: "default", labels: { app: "cart" }, spec: { containers, ...spec }, ownerSelector: undefined };
}

describe("the queue of Kubernetes' scheduler", () => {
  test("looks for pods left alone for five minutes every thirty seconds only", () => {
    expect(triesOf(wantCart(fullWorld(), 7).run(11 * MINUTE), "cart-1")).toEqual([7, 330, 660]);
  });

  test("ends back-offs at whole seconds, and at once those that are over", () => {
    const world = wantCart(fullWorld(), 0.4);
    expect(triesOf(stir(stir(world, 0.5), 5.7).run(MINUTE), "cart-1")).toEqual([0.4, 2, 5.7]);
  });

  test("backs off as long as the configuration says", () => {
    const scheduler = kubernetesScheduler({
      profiles: [profileOf()],
      backoff: { firstSeconds: 3, longestSeconds: 5 },
    });
    const world = wantCart(fullWorld({ scheduler }), 1);
    for (let second = 2; second < 20; second++) stir(world, second - 0.5);
    expect(triesOf(world.run(20 * SECOND), "cart-1")).toEqual([1, 4, 9, 14, 19]);
  });

  test("takes what was tried first before what came later", () => {
    const world = fullWorld({
      images: [{}, { name: "cart:v1" }, { name: "late:v1" }],
      services: [
        { replicas: 8 },
        { name: "cart", image: "cart:v1", replicas: 0 },
        { name: "late", image: "late:v1", replicas: 0 },
      ],
      scheduling: SECOND,
    });
    wantCart(world, 20);
    // Both are in the queue when the first thinking ends: late came at 39.5 s, cart is stirred at 40 s.
    world.at(39.5 * SECOND, () => world.cluster.setDesired(world.cluster.release(2), 1, 1));
    stir(world, 40).run(50 * SECOND);
    expect(triesOf(world, "cart-1")).toEqual([21, 40.5]);
    expect(triesOf(world, "late-1")).toEqual([41.5]);
  });

  test("tries a pod with required affinity again when the pod that it wants is placed", () => {
    const term = { labelSelector: { matchLabels: { app: "shop" } }, topologyKey: "kubernetes.io/hostname" };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const world = fullWorld({
      services: [{ replicas: 0 }, { name: "cart", image: "cart:v1", replicas: 0, pod: podWith({ affinity }) }],
    });
    wantCart(world, 1);
    world.at(10 * SECOND, () => world.cluster.setDesired(world.cluster.release(0), 1, 1)).run(MINUTE);
    expect(triesOf(world, "cart-1")).toEqual([1, 10]);
  });

  test("leaves alone for ever a pod whose scheduler has no profile", () => {
    const services = [
      { replicas: 0 },
      { name: "cart", image: "cart:v1", replicas: 0, pod: podWith({ schedulerName: "mine" }) },
    ];
    const world = wantCart(fullWorld({ services }), 1).run(11 * MINUTE);
    expect(world.storyOf("cart-1")).toEqual([]);
    const profiles = [profileOf({ schedulerName: "mine" })];
    const scheduler = kubernetesScheduler({ profiles, backoff: { firstSeconds: 1, longestSeconds: 10 } });
    expect(triesOf(wantCart(fullWorld({ services, scheduler }), 1).run(MINUTE), "cart-1")).toEqual([1]);
  });
});
