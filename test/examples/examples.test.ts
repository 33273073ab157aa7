import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judge } from "../../src/cli/checks.ts";
import { catalogueWith } from "../../src/cli/plugins.ts";
import type { RunSummary, ServiceSummary } from "../../src/metrics/result.ts";
import { readScenario } from "../../src/scenario/readScenario.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { ROOT } from "../docs/pages.ts";

/** One run of an example, as `rehearse run examples/<file> --plugin examples/<plugin> --set …` does it. */
async function example(file: string, plugin: string, set: readonly string[] = []): Promise<RunSummary> {
  const catalogue = await catalogueWith([join(ROOT, "examples", plugin)]);
  const text = readFileSync(join(ROOT, "examples", file), "utf8");
  const readTrace = (path: string) => readFileSync(join(ROOT, "examples", path));
  const { scenario, warnings } = readScenario(text, { file, catalog: catalogue, readFile: readTrace, set });
  expect(warnings).toEqual([]);
  const { summary } = simulate(scenario, { catalogue });
  if (set.length === 0) {
    const { broken } = judge(summary, { expect: scenario.expect, failIf: [], strict: true });
    expect(broken).toEqual([]);
  }
  return summary;
}

function service(summary: RunSummary, name: string): ServiceSummary {
  const found = summary.services[name];
  if (found === undefined) throw new RangeError(`no service ${name}`);
  return found;
}

describe("the rack-aware plug-in", () => {
  test("halves what the loss of a rack costs, since one container of three stands there instead of two", async () => {
    const aware = await example("rack-aware.yaml", "rackAware.ts");
    const unaware = await example("rack-aware.yaml", "rackAware.ts", ["cluster.scheduler=default"]);
    const lost = (summary: RunSummary) => service(summary, "shop").requests.failed;
    expect(lost(aware)).toBeGreaterThan(500);
    expect(lost(unaware) / lost(aware)).toBeGreaterThan(1.8);
    expect(lost(unaware) / lost(aware)).toBeLessThan(2.2);
  });

  test("keeps containers off hosts without a rack", async () => {
    const set = ["cluster.hosts[0].labels={}", "cluster.hosts[1].labels={}"];
    const { hosts } = await example("rack-aware.yaml", "rackAware.ts", set);
    expect(hosts.used).toBe(2);
  });
});

describe("the worst-fit scheduler", () => {
  test("leaves room for large containers where the default scheduler leaves none", async () => {
    const worstFit = await example("worst-fit.yaml", "worstFit.ts");
    const spread = await example("worst-fit.yaml", "worstFit.ts", ["cluster.scheduler=default"]);
    expect(service(worstFit, "report").containers.peak).toBe(5);
    expect(service(spread, "report").containers).toMatchObject({ peak: 2, unschedulable: 3 });
  });

  test("puts a whole service on one host where that has the most room", async () => {
    const { hosts } = await example("worst-fit.yaml", "worstFit.ts");
    expect(hosts.blastRadius).toBe(1);
  });

  test("lets a container wait that fits nowhere", async () => {
    const summary = await example("worst-fit.yaml", "worstFit.ts", ["services.report.cpu=12"]);
    expect(service(summary, "report").containers.unschedulable).toBeGreaterThan(0);
  });
});

describe("the one-by-one strategy", () => {
  test("goes back after the first bad container", async () => {
    const summary = await example("one-by-one.yaml", "oneByOne.ts");
    const shop = service(summary, "shop");
    expect(shop.rollouts).toMatchObject([{ outcome: "rolled-back", peakContainers: 6, minAvailable: 5 }]);
    expect(shop.requests.byVersion["shop:v2"]?.failed).toBe(shop.requests.failed);
    expect(shop.requests.failed).toBeLessThan(50);
  });

  test("loses nothing with a good release, and is never short of a container", async () => {
    const good = await example("one-by-one.yaml", "oneByOne.ts", ['images."shop:v2".errors=0']);
    const shop = service(good, "shop");
    expect(shop.rollouts).toMatchObject([{ outcome: "completed", peakContainers: 6, minAvailable: 5 }]);
    expect(shop.requests.failed).toBe(0);
  });

  test("is called stuck, and serves on, when the new version never gets ready", async () => {
    const set = ['images."shop:v2".ready=false', "duration=20m"];
    const shop = service(await example("one-by-one.yaml", "oneByOne.ts", set), "shop");
    expect(shop.rollouts).toMatchObject([{ outcome: "stuck", minAvailable: 5 }]);
    expect(shop.requests.failed).toBe(0);
  });

  test("ends with one whole version, whichever host is lost in mid-rollout", async () => {
    const outcomes = [];
    for (const host of ["host-1", "host-2", "host-3", "host-4", "host-5"]) {
      const crash = `timeline[1]={ at: 2m30s, crash: { host: ${host}, for: 3m } }`;
      const set = ['images."shop:v2".errors=0', "duration=15m", crash];
      const shop = service(await example("one-by-one.yaml", "oneByOne.ts", set), "shop");
      outcomes.push(shop.rollouts[0]?.outcome);
      expect(shop.rollouts[0]?.endS).not.toBeNull();
      expect(shop.downtime.totalS).toBe(0);
    }
    // Answers do not tell a version's fault from its host's: where the lost host had the new container, all goes back.
    expect(new Set(outcomes)).toEqual(new Set(["completed", "rolled-back"]));
  });

  test("follows a change of the wanted number in mid-rollout", async () => {
    const scale = "timeline[1]={ at: 2m30s, scale: { service: shop, replicas: 3 } }";
    const set = ['images."shop:v2".errors=0', scale];
    const shop = service(await example("one-by-one.yaml", "oneByOne.ts", set), "shop");
    expect(shop.rollouts).toMatchObject([{ outcome: "completed" }]);
    expect(shop.containers.peak).toBe(6);
  });

  test("refuses settings that it does not know", async () => {
    const set = ["services.shop.strategy.one-by-one.watch=3"];
    await expect(example("one-by-one.yaml", "oneByOne.ts", set)).rejects.toThrow(/unknown key "watch"/);
  });
});
