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
      { path: "extenders", message: "are not simulated" },
      { path: "profiles[0].plugins.multiPoint.enabled[0]", message: "the plugin VolumeBinding is not simulated" },
    ]);
  });

  it("warns of what Kubernetes knows and this simulator does not", () => {
    const set = plugins("reserve", { disabled: [{ name: "NodeResourcesFit" }] });
    const args = { pluginConfig: [{ name: "VolumeBinding", args: { bindTimeoutSeconds: 60 } }] };
    const { warnings } = configFromV1({ ...HEAD, parallelism: 4, profiles: [{ ...set, ...args }] });
    expect(warnings.map(({ path }) => path)).toEqual([
      "parallelism",
      "profiles[0].plugins.reserve",
      "profiles[0].pluginConfig[0].args.bindTimeoutSeconds",
    ]);
  });

  it("waits from 1 s to 10 s, or as it says", () => {
    expect(configFromV1(HEAD).backoff).toEqual({ firstSeconds: 1, longestSeconds: 10 });
    const { backoff } = configFromV1({ ...HEAD, podInitialBackoffSeconds: 2, podMaxBackoffSeconds: 40 });
    expect(backoff).toEqual({ firstSeconds: 2, longestSeconds: 40 });
  });

  it.each([
    [
      { ...HEAD, podMaxBackoffSecs: 3 },
      'podMaxBackoffSecs: found 3, expected one of Kubernetes\' keys here (did you mean "podMaxBackoffSeconds"?)',
    ],
    [{ ...HEAD, podInitialBackoffSeconds: 0 }, "podInitialBackoffSeconds: found 0, expected a whole number from 1"],
    [{ ...HEAD, podInitialBackoffSeconds: 20 }, "podMaxBackoffSeconds: found nothing, expected no less than"],
    [
      { ...HEAD, profiles: [plugins("score", { enabled: [{ name: "NodeName" }] })] },
      'profiles[0].plugins.score.enabled[0].name: found "NodeName", expected a plugin that can score',
    ],
    [
      { ...HEAD, profiles: [plugins("multiPoint", { enabled: [{ name: "NodePorts" }, { name: "NodePorts" }] })] },
      'profiles[0].plugins.multiPoint.enabled[1].name: found "NodePorts", expected each plugin once',
    ],
    [
      { ...HEAD, profiles: [{ pluginConfig: [{ name: "Fly", args: {} }] }] },
      'profiles[0].pluginConfig[0].name: found "Fly", expected one of',
    ],
    [
      { ...HEAD, profiles: [{ pluginConfig: [{ name: "InterPodAffinity", args: { hardPodAffinityWait: 1 } }] }] },
      "profiles[0].pluginConfig[0].args.hardPodAffinityWait: found 1",
    ],
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

  it.each([
    ["NodeResourcesFit", { scoringStrategy: { resource: [] } }, "scoringStrategy.resource: found a list"],
    ["NodeResourcesFit", { scoringStrategy: { resources: [{ name: "cpu", wait: 2 }] } }, "resources[0].wait"],
    [
      "NodeResourcesFit",
      { scoringStrategy: { requestedToCapacityRatio: { shape: [{ utilisation: 1 }] } } },
      'shape[0].utilisation: found 1, expected one of Kubernetes\' keys here (did you mean "utilization"?)',
    ],
    ["NodeResourcesBalancedAllocation", { resources: [{ weigh: 1 }] }, "resources[0].weigh"],
    ["NodeAffinity", { addedAffinity: { required: {} } }, "addedAffinity.required"],
    ["NodeAffinity", { kind: "NodeResourcesFitArgs" }, "args.kind: found"],
    ["NodeAffinity", { constructor: {} }, "args.constructor"],
    ["VolumeBinding", { toString: [1] }, "args.toString"],
    [
      "PodTopologySpread",
      { defaultingType: "List", defaultConstraints: [{ labelSelector: {} }] },
      "defaultConstraints[0].labelSelector",
    ],
  ])("refuses what %s has no place for inside its arguments: %j", (name, args, message) => {
    expect(() => configFromV1({ ...HEAD, profiles: [{ pluginConfig: [{ name, args }] }] })).toThrow(message);
  });
});
