import { describe, expect, test } from "vitest";
import { formatDistribution } from "../../src/fields/distribution.ts";
import { formatDuration } from "../../src/kernel/time.ts";
import { readScenario } from "../../src/scenario/readScenario.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { CAUSES } from "../../src/traffic/observer.ts";
import { textOf } from "./pages.ts";

const PAGE = textOf("docs/model.md");

/** A scenario that says nothing but what it must. */
const LEAST = `
duration: 1m
cluster: { hosts: [{ cpu: 4, memory: 8Gi }] }
images: { shop: {} }
services: { shop: { image: shop, cpu: 1, memory: 1Gi, routing: { healthCheck: {}, outlier: {} }, traffic: { retries: { max: 1 } } } }
`;

function defaults() {
  const { scenario } = readScenario(LEAST, {
    file: "least.yaml",
    catalog: BUILT_IN,
    readFile: () => new Uint8Array(),
  });
  const [host] = scenario.cluster.hosts;
  const [image] = scenario.images;
  const [service] = scenario.services;
  if (host === undefined || image === undefined || service === undefined) throw new RangeError("nothing was read");
  return { cluster: scenario.cluster, host, image, service };
}

const { cluster, host, image, service } = defaults();
const { lifecycle, control } = cluster;
const { routing, readiness, shutdown, traffic } = service;
const mebibytes = (bytes: number) => `${bytes / 2 ** 20}MiB`;
const percent = (share: number | undefined) => `${100 * (share ?? Number.NaN)} %`;

describe("the table of defaults", () => {
  test.each([
    ["`cluster.hosts[].pods`", String(host.podLimit)],
    ["`cluster.hosts[].bandwidth`", `${mebibytes(host.bandwidthBytesPerSecond)}/s`],
    ["`cluster.lifecycle.heartbeat`", formatDuration(lifecycle.heartbeat)],
    ["`cluster.lifecycle.monitorPeriod`", formatDuration(lifecycle.monitorPeriod)],
    ["`cluster.lifecycle.unreachableAfter`", formatDuration(lifecycle.unreachableAfter)],
    ["`cluster.lifecycle.evictAfter`", `${lifecycle.evictAfter / 1_000_000}s`],
    [
      "`cluster.control.reaction`, `.scheduling`",
      `${formatDuration(control.reaction)}, ${formatDuration(control.scheduling)}`,
    ],
    ["`readiness`", `${formatDuration(readiness.period)}, ${readiness.successes}, ${readiness.failures}`],
    ["`shutdown.gracePeriod`", formatDuration(shutdown.gracePeriod)],
    ["`shutdown.preStop`", formatDuration(shutdown.preStop)],
    [
      "`images.*.size`, `startup`, `service`",
      `${mebibytes(image.sizeBytes)}, ${formatDistribution(image.startup)}, ${formatDistribution(image.service)}`,
    ],
    ["`routing.propagation`", formatDistribution(routing.propagation)],
    ["`routing.network`, `connectTimeout`", `${routing.network}us, ${formatDuration(routing.connectTimeout)}`],
    [
      "`routing.healthCheck`, when given",
      `${formatDuration(routing.healthCheck?.period ?? 0)}, ${routing.healthCheck?.failures}, ${routing.healthCheck?.passes}`,
    ],
    [
      "`routing.outlier`, when given",
      `${routing.outlier?.consecutive}, ${formatDuration(routing.outlier?.ejection ?? 0)}, ${percent(routing.outlier?.maxEjected)}`,
    ],
    ["`traffic.timeout`", formatDuration(traffic.timeout)],
    ["retry back-off", `${traffic.retries === undefined ? "" : formatDistribution(traffic.retries.backoff)}, doubling`],
  ])("gives for %s what the reader gives: %s", (key, value) => {
    const row = PAGE.split("\n").find((line) => line.startsWith(`| ${key} | `)) ?? "";
    expect(row.split(" | ")[1]).toBe(value);
  });
});

describe("the page on the model", () => {
  test.each([...BUILT_IN.strategies.keys(), ...BUILT_IN.schedulers.keys()])("has a row for %s", (name) => {
    expect(PAGE).toContain(`\n| \`${name}\` | `);
  });

  test("names the causes in their order", () => {
    const list = CAUSES.map((cause) => `\`${cause}\``).join(", ");
    expect(PAGE.replaceAll("\n", " ")).toContain(list);
  });

  test("has no setting of a strategy left out", () => {
    for (const [name, { settings }] of BUILT_IN.strategies) {
      const row = PAGE.split("\n").find((line) => line.startsWith(`| \`${name}\` | `)) ?? "";
      const shape = settings !== undefined && "shape" in settings ? Object.keys(Object(settings.shape)) : [];
      expect(shape).not.toEqual([]);
      for (const key of shape) expect(row).toContain(`\`${key}\``);
    }
  });
});
