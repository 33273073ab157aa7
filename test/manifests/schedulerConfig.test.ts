import { describe, expect, test } from "vitest";
import { readScenarioFile } from "../../src/manifests/readScenarioFile.ts";
import { readSchedule } from "../../src/manifests/scheduleInput.ts";
import { scheduleAll } from "../../src/scheduling/kubernetes/scheduleAll.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { deployment, problemsOf, readText, webWith } from "./manifestSets.ts";

const CONFIG = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
  - schedulerName: packer
    plugins: { score: { disabled: [{ name: PodTopologySpread }, { name: NodeResourcesBalancedAllocation }] } }
    pluginConfig:
      - name: NodeResourcesFit
        args: { scoringStrategy: { type: MostAllocated, resources: [{ name: cpu, weight: 1 }] } }
`;
const container = "resources: { requests: { cpu: 500m, memory: 1Gi } }";
const packed = deployment({ pod: "schedulerName: packer", container });
const SCENARIO = `duration: 1m
cluster: { hosts: [{ count: 3, cpu: 4, memory: 8Gi }], scheduler: SCHEDULER }
images: { "web:v1": { startup: 1s } }
services: { web: { traffic: { arrivals: "constant(1/s)" } } }
manifests: [web.yaml]
`;

/** On how many hosts a run of it has its two pods; none are placed where there is no profile. */
function hostsUsed({ scenario }: ReturnType<typeof readText>): number {
  const simulation = new Simulation(scenario);
  simulation.run();
  const { containers } = simulation.world.cluster.state;
  return new Set(containers.flatMap(({ host }) => (host < 0 ? [] : [host]))).size;
}

function withFlag(text: string, config: string) {
  const schedulerConfig = { file: "kube.yaml", text: config };
  const readFile = () => new TextEncoder().encode(packed);
  return readScenarioFile(text, { file: "app.yaml", catalog: BUILT_IN, readFile, schedulerConfig });
}

const scenarioWith = (scheduler: string) => SCENARIO.replace("SCHEDULER", scheduler);
const files = { "web.yaml": packed, "kube.yaml": CONFIG };

describe("a KubeSchedulerConfiguration acts in a run", () => {
  test.each([
    { from: "a document among bare manifests", read: () => readText(`${packed}---\n${CONFIG}`) },
    {
      from: "a file that the scenario names",
      read: () => readText(scenarioWith("{ kubernetes: { config: kube.yaml } }"), files),
    },
    { from: "the same, by name", read: () => readText(scenarioWith("{ name: kubernetes, config: kube.yaml }"), files) },
    {
      from: "the scheduler's settings",
      read: () =>
        readText(
          scenarioWith(
            `{ kubernetes: ${JSON.stringify({
              profiles: [
                {
                  schedulerName: "packer",
                  plugins: {
                    score: { disabled: [{ name: "PodTopologySpread" }, { name: "NodeResourcesBalancedAllocation" }] },
                  },
                  pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated" } } }],
                },
              ],
            })} }`,
          ),
          files,
        ),
    },
    { from: "the command line", read: () => withFlag(packed, CONFIG) },
    { from: "the command line, in place of another scheduler", read: () => withFlag(scenarioWith("random"), CONFIG) },
  ])("from $from, with the profile that the pod names", ({ read }) => {
    expect(hostsUsed(read())).toBe(1);
  });

  test("and a pod that names no profile of it goes by the default one", () => {
    expect(hostsUsed(readText(`${deployment({ container })}---\n${CONFIG}`))).toBeGreaterThan(1);
  });

  test("and a pod whose profile is not there waits for ever, with a warning where it stands", () => {
    const read = readText(deployment({ pod: "schedulerName: packer" }));
    expect(hostsUsed(read)).toBe(0);
    expect(read.warnings.join("\n")).toContain(
      "names the scheduler packer, which has no profile (there is default-scheduler)",
    );
  });
});

describe("what is wrong with a configuration is told where it stands", () => {
  test.each([
    {
      text: CONFIG.replace("MostAllocated", "Most"),
      says: 'kube.yaml:9:42 cluster.scheduler.kubernetes.profiles[1].pluginConfig[0].args.scoringStrategy.type: found "Most", expected one of',
    },
    {
      text: CONFIG.replace("profiles:", "profils:"),
      says: 'kube.yaml:4:3 cluster.scheduler.kubernetes.profils: found a list, expected one of Kubernetes\' keys here (did you mean "profiles"?)',
    },
    {
      text: CONFIG.replace("kubescheduler", "scheduler"),
      says: 'kube.yaml:1:13 apiVersion: found "scheduler.config.k8s.io/v1", expected kubescheduler',
    },
  ])("$says", ({ text, says }) => {
    expect(() => withFlag(packed, text)).toThrow(says);
  });

  test("a second one, a file that is not there, and settings beside a file", () => {
    expect(problemsOf(webWith(CONFIG, CONFIG))).toContain("found a second KubeSchedulerConfiguration, expected one");
    expect(problemsOf(scenarioWith("{ kubernetes: { config: gone.yaml } }"), files)).toContain(
      "gone.yaml cannot be read",
    );
    expect(problemsOf(scenarioWith("{ kubernetes: { config: kube.yaml, profiles: [] } }"), files)).toContain(
      "found profiles beside config",
    );
  });

  test("and what does not act is warned of", () => {
    const { warnings } = withFlag(packed, `${CONFIG}parallelism: 4\n`);
    expect(warnings).toContain("kube.yaml:10:1 cluster.scheduler.kubernetes.parallelism: is not simulated");
    const beside = readText(scenarioWith("random"), { "web.yaml": `${packed}---\n${CONFIG}` });
    expect(beside.warnings.join("\n")).toContain(
      "KubeSchedulerConfiguration: has no effect: the scenario names its scheduler itself",
    );
  });
});

describe("rehearse schedule", () => {
  const placed = (text: string) => {
    const { input, warnings } = readSchedule([{ file: "app.yaml", text }], { nodes: "3x4cpu/8Gi" });
    return { nodes: scheduleAll({ ...input, random: () => 0 }).map(({ node }) => node), warnings };
  };

  test("takes a configuration among the manifests", () => {
    expect(new Set(placed(`${packed}---\n${CONFIG}`).nodes).size).toBe(1);
    expect(new Set(placed(`${deployment({ container })}---\n${CONFIG}`).nodes).size).toBe(2);
  });

  test("warns of a scheduler without a profile", () => {
    const { nodes, warnings } = placed(packed);
    expect(nodes).toEqual([undefined, undefined]);
    expect(warnings.join("\n")).toContain("app.yaml:11:7 document 1, Deployment web, spec.template.spec.schedulerName");
  });
});
