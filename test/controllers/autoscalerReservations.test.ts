import { describe, expect, test } from "vitest";
import type { JsonMap } from "../../src/cluster/podTemplate.ts";
import { reservationOf } from "../../src/controllers/autoscalerReservations.ts";
import { service } from "../support/scenarioBuilder.ts";

const MEBI = 2 ** 20;
const pod = (...containers: readonly JsonMap[]) => ({
  ...{ namespace: "default", labels: {}, ownerSelector: undefined },
  spec: { containers },
});
const app = { name: "app", resources: { requests: { cpu: "200m", memory: "96Mi" } } };
const proxy = { name: "proxy", resources: { limits: { cpu: 0.1 }, requests: { memory: "32Mi" } } };
const of = (...containers: readonly JsonMap[]) =>
  service({ cpuMillicores: 300, memoryBytes: 128 * MEBI, pod: pod(...containers) });

describe("what an autoscaler's percentage is of", () => {
  test("without a pod template: all that the service reserves, whatever container is named", () => {
    const plain = service({ cpuMillicores: 300 });
    expect(reservationOf(plain, "cpu", undefined)).toEqual({ share: 1, requested: 300 });
    expect(reservationOf(plain, "cpu", "app")).toEqual({ share: 1, requested: 300 });
  });

  test("the pod's, of which one container has its part; a limit alone is a request", () => {
    const both = of(app, proxy);
    expect(reservationOf(both, "cpu", undefined)).toEqual({ share: 1, requested: 300 });
    expect(reservationOf(both, "cpu", "app")).toEqual({ share: 2 / 3, requested: 200 });
    expect(reservationOf(both, "cpu", "proxy").requested).toBe(100);
    expect(reservationOf(both, "memory", "app")).toEqual({ share: 0.75, requested: 96 * MEBI });
  });

  test("of nothing where a container asks for nothing, and of no container where none has the name", () => {
    const silent = of(app, { name: "proxy" });
    expect(reservationOf(silent, "cpu", undefined)).toMatchObject({ requested: 0, silent: "proxy" });
    expect(reservationOf(silent, "cpu", "app").requested).toBe(200);
    expect(reservationOf(silent, "cpu", "sidecar").share).toBeUndefined();
  });
});
