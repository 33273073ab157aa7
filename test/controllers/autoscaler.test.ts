import { describe, expect, test } from "vitest";
import { cpuUtilisation } from "../../src/cluster/autoscaleMetrics.ts";
import type { Container } from "../../src/cluster/containers.ts";
import type { AutoscaleSpec } from "../../src/cluster/policies.ts";
import { Autoscaler } from "../../src/controllers/autoscaler.ts";
import { DEFAULT_RULES } from "../../src/controllers/autoscalerBehavior.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { SmallWorld } from "../cluster/smallWorld.ts";

const AUTOSCALE: AutoscaleSpec = { min: 2, max: 12, metrics: [cpuUtilisation(50)], behavior: DEFAULT_RULES };

const NO_LOAD = { requestsPerSecond: 0, requestsInFlight: 0, requestsQueued: 0 };

/** A service whose whole load, in millicores, is shared by its ready containers. */
class ScaledWorld extends SmallWorld {
  load: number;
  readonly changes: string[] = [];
  readonly autoscaler: Autoscaler;
  /** No sample of that container is known. */
  silent: (container: Container) => boolean = () => false;

  constructor(part: { replicas: number; load: number; autoscale?: Partial<AutoscaleSpec> }) {
    const autoscale = { ...AUTOSCALE, ...part.autoscale };
    super({ hosts: 6, services: [{ replicas: part.replicas, cpuMillicores: 1000, autoscale }] });
    this.load = part.load;
    this.autoscaler = new Autoscaler({
      cluster: this.cluster,
      usageOf: (container) => {
        if (!container.ready || this.silent(container)) return undefined;
        const usedMillicores = Math.floor(this.load / this.ready());
        return { ...NO_LOAD, usedMillicores, memoryBytes: 0, at: this.engine.now, window: 15 * SECOND };
      },
      loadOf: () => undefined,
      scale: (service, replicas, root) => {
        this.cluster.setReplicas(service, replicas);
        this.cluster.setDesired(this.release, replicas, root);
      },
    });
    this.cluster.journal.subscribe((fact, now) => {
      if (fact.kind !== "autoscaled") return;
      this.changes.push(`${Math.floor(now / MINUTE)}m ${fact.from} → ${fact.to} ${fact.reason}`);
    });
    this.autoscaler.begin();
  }
}

describe("the autoscaler", () => {
  test("leaves a service alone whose use is about the target", () => {
    const world = new ScaledWorld({ replicas: 4, load: 2_100 });
    world.run(30 * MINUTE);
    expect(world.changes).toEqual([]);
  });

  test("grows to what the load needs, no faster than its policies allow, and stops there", () => {
    const world = new ScaledWorld({ replicas: 2, load: 1_000 });
    world.at(10 * MINUTE, () => {
      world.load = 5_000;
    });
    world.run(10 * MINUTE + 16 * SECOND);
    // Both containers are warm; +100 % is 2 more, +4 is more than that.
    expect(world.service.replicas).toBe(6);
    world.run(25 * MINUTE);
    expect(world.service.replicas).toBe(10);
    expect(world.ready()).toBe(10);
  });

  test("never goes above its maximum nor below its minimum", () => {
    const world = new ScaledWorld({ replicas: 4, load: 60_000 });
    world.run(30 * MINUTE);
    expect(world.service.replicas).toBe(12);
    world.load = 0;
    world.run(60 * MINUTE);
    expect(world.service.replicas).toBe(2);
  });

  test("shrinks only when less was enough for five minutes", () => {
    const world = new ScaledWorld({ replicas: 8, load: 4_000 });
    world.at(10 * MINUTE, () => {
      world.load = 1_000;
    });
    world.run(14 * MINUTE + 30 * SECOND);
    expect(world.service.replicas).toBe(8);
    world.run(15 * MINUTE + 31 * SECOND);
    expect(world.service.replicas).toBe(2);
  });

  test("without behaviour doubles at most", () => {
    const world = new ScaledWorld({ replicas: 3, load: 1_500, autoscale: { behavior: undefined } });
    world.at(10 * MINUTE, () => {
      world.load = 30_000;
    });
    world.run(10 * MINUTE + 16 * SECOND);
    expect(world.service.replicas).toBe(6);
  });

  test("does not count containers whose start-up burns cpu", () => {
    const world = new ScaledWorld({ replicas: 4, load: 60_000 });
    // All of them are in their first five minutes, and each sample ends a window after they became ready.
    world.run(10 * SECOND);
    expect(world.service.replicas).toBe(4);
  });

  test("changes nothing while no metrics come", () => {
    const world = new ScaledWorld({ replicas: 4, load: 60_000 });
    world.silent = () => true;
    world.run(30 * MINUTE);
    expect(world.changes).toEqual([]);
  });

  test("does nothing while the control plane is down, and goes on when it is back", () => {
    const world = new ScaledWorld({ replicas: 4, load: 2_000 });
    world.at(10 * MINUTE, () => {
      world.load = 6_000;
      world.troubles.controlPlaneDown(10 * MINUTE);
    });
    world.run(20 * MINUTE - 1);
    expect(world.service.replicas).toBe(4);
    world.run(22 * MINUTE);
    expect(world.service.replicas).toBeGreaterThan(4);
  });

  test("brings a number outside the bounds back at once", () => {
    const world = new ScaledWorld({ replicas: 1, load: 0 });
    world.run(16 * SECOND);
    expect(world.service.replicas).toBe(2);
    expect(world.changes).toEqual(["0m 1 → 2 TooFewReplicas"]);
  });
});
