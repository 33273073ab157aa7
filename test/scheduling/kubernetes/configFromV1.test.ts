import { describe, expect, it } from "vitest";
import { configFromV1 } from "../../../src/scheduling/kubernetes/configFromV1.ts";
import { DEFAULT_FILTERS, DEFAULT_SCORES } from "../../../src/scheduling/kubernetes/profile.ts";

const HEAD = { apiVersion: "kubescheduler.config.k8s.io/v1", kind: "KubeSchedulerConfiguration" };

function profile(given: object, more: object = {}) {
  const { profiles } = configFromV1({ ...HEAD, profiles: [given], ...more });
  const [one] = profiles;
  if (one === undefined) throw new Error("a configuration has a profile");
  return {
    ...one,
    filterNames: one.filters.map(({ name }) => name),
    weights: one.scores.map(({ plugin, weight }) => [plugin.name, weight]),
  };
}

const plugins = (point: string, set: object) => ({ plugins: { [point]: set } });

describe("configFromV1", () => {
  it("gives Kubernetes' default profile for a file that says nothing", () => {
    const { profiles, warnings } = configFromV1(HEAD);
    expect(warnings).toEqual([]);
    expect(profiles.map(({ schedulerName }) => schedulerName)).toEqual(["default-scheduler"]);
    const same = profile({});
    expect(same.filterNames).toEqual(DEFAULT_FILTERS);
    expect(new Map(same.weights as [string, number][])).toEqual(DEFAULT_SCORES);
    expect(same.preemption).toEqual({ minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 });
  });

  it.each([
    {
      when: "one is disabled",
      given: plugins("score", { disabled: [{ name: "ImageLocality" }] }),
      gone: "ImageLocality",
    },
    {
      when: "one is disabled everywhere",
      given: plugins("multiPoint", { disabled: [{ name: "NodeAffinity" }] }),
      gone: "NodeAffinity",
    },
  ])("leaves a score out when $when", ({ given, gone }) => {
    const names = profile(given).weights.map(([name]) => name);
    expect(names).not.toContain(gone);
    expect(names).toHaveLength(DEFAULT_SCORES.size - 1);
  });

  it("keeps only what is enabled when all are disabled, with its weight or 1", () => {
    const set = {
      disabled: [{ name: "*" }],
      enabled: [{ name: "NodeResourcesFit", weight: 5 }, { name: "ImageLocality" }],
    };
    expect(profile(plugins("score", set)).weights).toEqual([
      ["NodeResourcesFit", 5],
      ["ImageLocality", 1],
    ]);
  });

  it("filters first by what the filter point names itself", () => {
    const { filterNames } = profile(plugins("filter", { enabled: [{ name: "InterPodAffinity" }] }));
    expect(filterNames).toEqual(["InterPodAffinity", ...DEFAULT_FILTERS.filter((name) => name !== "InterPodAffinity")]);
  });

  it("does not preempt when DefaultPreemption is disabled", () => {
    expect(profile(plugins("postFilter", { disabled: [{ name: "DefaultPreemption" }] })).preemption).toBeUndefined();
  });

  it("lets a profile's percentage of nodes go before the file's", () => {
    expect(profile({}, { percentageOfNodesToScore: 30 }).percentageOfNodesToScore).toBe(30);
    expect(profile({ percentageOfNodesToScore: 70 }, { percentageOfNodesToScore: 30 }).percentageOfNodesToScore).toBe(
      70,
    );
  });

  it("warns of plugins and extenders that are not simulated", () => {
    const set = plugins("multiPoint", { enabled: [{ name: "VolumeBinding" }] });
    const { warnings } = configFromV1({ ...HEAD, profiles: [set], extenders: [{ urlPrefix: "http://x" }] });
    expect(warnings).toEqual([
      "extenders: scheduler extenders are not simulated",
      "profiles[0].plugins.multiPoint.enabled[0]: the plugin VolumeBinding is not simulated",
    ]);
  });

  it.each([
    [{ apiVersion: "v1" }, 'apiVersion: found "v1", expected kubescheduler.config.k8s.io/v1'],
    [
      { ...HEAD, profiles: [plugins("score", { enabled: [{ name: "NodeResourcesFitt" }] })] },
      "profiles[0].plugins.score.enabled[0].name",
    ],
    [{ ...HEAD, profiles: [{}, {}] }, "profiles[1].schedulerName"],
    [
      { ...HEAD, percentageOfNodesToScore: 101 },
      "percentageOfNodesToScore: found 101, expected a whole number from 0 to 100",
    ],
    [
      {
        ...HEAD,
        profiles: [{ pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "Most" } } }] }],
      },
      "profiles[0].pluginConfig[0].args.scoringStrategy.type",
    ],
    [
      {
        ...HEAD,
        profiles: [
          {
            pluginConfig: [
              {
                name: "PodTopologySpread",
                args: { defaultConstraints: [{ maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway" }] },
              },
            ],
          },
        ],
      },
      "profiles[0].pluginConfig[0].args.defaultConstraints",
    ],
  ])("refuses %j", (json, message) => {
    expect(() => configFromV1(json)).toThrow(message);
  });
});
