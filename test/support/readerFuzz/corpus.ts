/** Valid inputs to be spoilt: the project's own scenarios, finds, real manifests, configurations and traces. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { starterScenario } from "../../../src/scenario/init.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Longer ones would only make the same faults slower to find. */
const LONGEST = 8_000;

/** Valid texts, by what reads them. */
export interface Corpus {
  readonly scenarios: readonly string[];
  readonly manifests: readonly string[];
  readonly configurations: readonly string[];
  readonly traces: readonly string[];
  readonly expressions: readonly string[];
}

/** Reads the corpus from the checkout; the order is that of the paths, so that a case is the same everywhere. */
export function readCorpus(): Corpus {
  const scenarios = [...texts("scenarios"), ...texts("test/testkit/regressions"), starterScenario("shop")];
  return {
    scenarios: [...scenarios, ...scenarios.slice(0, 5).map(asFlow)],
    manifests: [...texts("test/manifests/sets"), JSON_LIST],
    configurations: [CONFIGURATION],
    traces: TRACES,
    expressions: EXPRESSIONS,
  };
}

function texts(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => readFileSync(join(ROOT, folder, path), "utf8"))
    .filter(({ length }) => length <= LONGEST);
}

/** A scenario whose every line that can be is one flow map: other paths through the parser. */
function asFlow(text: string): string {
  return text.replaceAll(/: (\d+(?:ms|s|m|h))$/gm, ': "$1"');
}

const JSON_LIST = JSON.stringify(
  {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "n1" },
        status: { allocatable: { cpu: "4", memory: "8Gi" } },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p1", labels: { app: "web" } },
        spec: { containers: [{ name: "c", image: "web:v1", resources: { requests: { cpu: "1", memory: "1Gi" } } }] },
      },
    ],
  },
  null,
  2,
);

const CONFIGURATION = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    plugins:
      score:
        disabled: [{ name: NodeResourcesBalancedAllocation }]
        enabled: [{ name: ImageLocality, weight: 5 }]
    pluginConfig:
      - name: NodeResourcesFit
        args: { scoringStrategy: { type: MostAllocated, resources: [{ name: cpu, weight: 2 }] } }
      - name: PodTopologySpread
        args: { defaultingType: List, defaultConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }] }
`;

const TRACES = [
  "at,requests,serviceMs,node,from,to\n0,10,5,host-1,0,30\n60,20,7.5,host-2,60,90\n120,5,1,host-1,100,\n",
  'at,requests,serviceMs,node,from,to\n2024-05-01T00:00:00Z,10,5,"host-1",2024-05-01T00:00:00Z,2024-05-01T00:01:00Z\n' +
    "2024-05-01T00:01:00Z,3,5,host-2,2024-05-01T00:02:00.123456Z,2024-05-01T00:05:00Z\n",
];

const EXPRESSIONS = [
  "services.shop.requests.failed == 0",
  "services.shop.availability.requests >= 99.9%",
  "services.shop.requests.failed < 10 && !(hosts.used > 3 || 1 + 2 * 3 == 7)",
  "max(services.shop.latencyMs.p99, 3) <= 250 / 2 - -1",
  'services["shop"].rollouts[0].outcome == "completed" && seed != null',
  "services.shop.rollouts[0].peakContainers <= 7 || services.shop.slo.met == true",
];
