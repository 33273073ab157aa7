/** One input of one of the readers, by its number. */
import { gzipSync } from "node:zlib";
import { Stream } from "../../../src/kernel/random.ts";
import type { Corpus } from "./corpus.ts";
import { monster } from "./monsters.ts";
import { mutated, oneOf, VALUES } from "./mutate.ts";

/** What is read, and through which door. */
export type ReaderCase =
  | { readonly door: "scenario"; readonly bytes: Uint8Array; readonly set: readonly string[] }
  | { readonly door: "trace"; readonly text: string; readonly file: string; readonly bytes: Uint8Array }
  | {
      readonly door: "schedule";
      readonly bytes: Uint8Array;
      readonly nodes: string | undefined;
      readonly config: string | undefined;
    };

const encoder = new TextEncoder();

/** The case with this number under this seed; the same whatever ran before it. */
export function caseOf(corpus: Corpus, seed: number, number: number): ReaderCase {
  const stream = new Stream("case", `${seed}/reader/${number}`);
  return oneOf(stream, DOORS)(corpus, stream);
}

type Maker = (corpus: Corpus, stream: Stream) => ReaderCase;

const scenario = (bytes: Uint8Array | string, set: readonly string[] = []): ReaderCase => ({
  door: "scenario",
  bytes: typeof bytes === "string" ? encoder.encode(bytes) : bytes,
  set,
});

const spoiltScenario: Maker = ({ scenarios }, stream) => scenario(mutated(oneOf(stream, scenarios), stream));
const spoiltManifests: Maker = ({ manifests }, stream) => scenario(mutated(oneOf(stream, manifests), stream));
const anyMonster: Maker = (_corpus, stream) => scenario(monster(stream));
const fieldOfLeast: Maker = (_corpus, stream) => scenario(leastWith(oneOf(stream, FIELDS), someValue(stream)));

const DOORS: readonly Maker[] = [
  spoiltScenario,
  spoiltScenario,
  anyMonster,
  anyMonster,
  anyMonster,
  fieldOfLeast,
  fieldOfLeast,
  fieldOfLeast,
  spoiltManifests,
  overridden,
  overridden,
  expecting,
  expecting,
  traced,
  traced,
  traced,
  scheduled,
  scheduled,
  (corpus, stream) => scenario(brokenBytes(encoder.encode(oneOf(stream, corpus.scenarios)), stream)),
];

/** Every field that has a language of its own, and those that multiply. */
const FIELDS = [
  ...["DURATION", "WARMUP", "SEED", "COUNT", "CPU", "MEMORY", "PODS", "BANDWIDTH", "SCHEDULER", "HEARTBEAT", "MONITOR"],
  ...["SIZE", "STARTUP", "SERVICE", "ERRORS", "CRASH", "REPLICAS", "SLOTS", "QUEUE", "STRATEGY", "ARRIVALS", "TIMEOUT"],
  ...[
    "RETRIES",
    "PROPAGATION",
    "BALANCERS",
    "PERIOD",
    "GRACE",
    "AT",
    "EVERY",
    "BUDGET",
    "AUTOSCALE",
    "TOLERATIONS",
    "UP",
  ],
] as const;

const USUAL: Readonly<Record<string, string>> = {
  ...{
    DURATION: "2m",
    WARMUP: "1s",
    SEED: "1",
    COUNT: "2",
    CPU: "4",
    MEMORY: "8Gi",
    PODS: "110",
    BANDWIDTH: "1Gbit/s",
  },
  ...{
    SCHEDULER: "default",
    HEARTBEAT: "10s",
    MONITOR: "5s",
    SIZE: "1MiB",
    STARTUP: "2s",
    SERVICE: "exponential(20ms)",
  },
  ...{ ERRORS: "1%", CRASH: "never", REPLICAS: "2", SLOTS: "4", QUEUE: "10", STRATEGY: "rolling", TIMEOUT: "2s" },
  ...{
    ARRIVALS: "poisson(50/s)",
    RETRIES: "1",
    PROPAGATION: "100ms",
    BALANCERS: "2",
    PERIOD: "1s",
    GRACE: "30s",
    AT: "1m",
  },
  ...{ EVERY: "1m", BUDGET: "{ minAvailable: 1 }", AUTOSCALE: "none", TOLERATIONS: "[]", UP: "exponential(1h)" },
};

const LEAST = `duration: DURATION
warmup: WARMUP
seed: SEED
cluster:
  scheduler: SCHEDULER
  lifecycle: { heartbeat: HEARTBEAT, monitorPeriod: MONITOR }
  hosts: [{ count: COUNT, cpu: CPU, memory: MEMORY, pods: PODS, bandwidth: BANDWIDTH }]
images:
  a:1: { size: SIZE, startup: STARTUP, service: SERVICE, errors: ERRORS, crash: CRASH }
services:
  shop:
    image: a:1
    cpu: 100m
    memory: 64Mi
    replicas: REPLICAS
    slots: SLOTS
    queue: QUEUE
    strategy: STRATEGY
    budget: BUDGET
    autoscale: AUTOSCALE
    tolerations: TOLERATIONS
    readiness: { period: PERIOD }
    shutdown: { gracePeriod: GRACE }
    routing: { propagation: PROPAGATION, balancers: BALANCERS }
    traffic: { arrivals: ARRIVALS, timeout: TIMEOUT, retries: RETRIES }
timeline:
  - { at: AT, every: EVERY, kill: { service: shop } }
hazards:
  - { hosts: { every: UP, for: 1m } }
`;

function leastWith(field: string, value: string): string {
  return LEAST.replaceAll(/\b[A-Z]{2,}\b/g, (name) => (name === field ? value : (USUAL[name] ?? name)));
}

function someValue(stream: Stream): string {
  const value = oneOf(stream, [...VALUES, ...Object.values(USUAL)]);
  return stream.below(2) === 0 ? value : mutated(value, stream);
}

function overridden({ scenarios }: Corpus, stream: Stream): ReaderCase {
  const path = oneOf(stream, [
    ...[
      "services.shop.replicas",
      "duration",
      "cluster.hosts[0].count",
      "cluster.hosts[99999999]",
      "services.shop.traffic.arrivals",
    ],
    ...[
      'images."shop:v1".service',
      "__proto__.a",
      "constructor.prototype.a",
      "a.b.c.d",
      "[0]",
      "expect[0]",
      "",
      "=",
      "services",
    ],
  ]);
  const set = `${stream.below(4) === 0 ? mutated(path, stream) : path}=${someValue(stream)}`;
  const text = stream.below(4) === 0 ? oneOf(stream, scenarios) : leastWith("", "");
  return scenario(text, stream.below(3) === 0 ? [set, set] : [set]);
}

function expecting({ expressions }: Corpus, stream: Stream): ReaderCase {
  const check = mutated(oneOf(stream, expressions), stream);
  const deep = `${oneOf(stream, ["(", "!", "-", "1+", "max("]).repeat(stream.below(3000))}1`;
  return scenario(`${leastWith("", "")}expect: [${JSON.stringify(stream.below(8) === 0 ? deep : check)}]\n`);
}

function traced({ traces }: Corpus, stream: Stream): ReaderCase {
  const zipped = stream.below(3) === 0;
  const file = zipped ? "a.csv.gz" : "a.csv";
  const plain =
    stream.below(12) === 0 ? monster(stream) : encoder.encode(mutated(longer(oneOf(stream, traces), stream), stream));
  const arrivals = oneOf(stream, [
    `trace(${file}, time=at, count=requests, step=60s)`,
    `trace(${file}, time=at, count=requests, step=1us, spread=even, scale=${oneOf(stream, ["1", "1e12", "0", "1e-9"])})`,
    `replay(${file}, time=at, service=serviceMs, start=${oneOf(stream, ["0", "2024-05-01T00:00:00Z", "x", "-1e300"])})`,
  ]);
  const text =
    stream.below(3) === 0
      ? leastWith("SERVICE", `empirical(${file}, column=serviceMs)`)
      : leastWith("ARRIVALS", arrivals).replace("{ hosts: { every: exponential(1h), for: 1m } }", outages(file));
  const bytes = zipped ? brokenBytes(gzipSync(plain), stream) : plain;
  return { door: "trace", text, file, bytes };
}

function outages(file: string): string {
  return `{ hosts: { trace: ${file}, host: node, from: from, to: to } }`;
}

/** The first rows again and again: thousands now and then. */
function longer(trace: string, stream: Stream): string {
  if (stream.below(20) > 0) return trace;
  const [header = "", ...rows] = trace.split("\n");
  return [header, ...Array.from({ length: 1 + stream.below(3000) }, () => rows[0] ?? "")].join("\n");
}

function scheduled({ manifests, configurations }: Corpus, stream: Stream): ReaderCase {
  const text = oneOf(stream, manifests);
  const nodes = oneOf(stream, [
    "3x4cpu/8Gi",
    "2x500m/1Gi,1x8cpu/32Gi",
    "1x1cpu/1Ki",
    "0x1cpu/1Gi",
    "100000x1m/1",
    "1x1e9cpu/8Gi",
  ]);
  const config = oneOf(stream, configurations);
  return {
    door: "schedule",
    bytes: encoder.encode(stream.below(2) === 0 ? text : mutated(text, stream)),
    nodes: oneOf(stream, [undefined, "3x4cpu/8Gi", nodes, mutated(nodes, stream)]),
    config: oneOf(stream, [undefined, config, mutated(config, stream)]),
  };
}

/** Some bytes are others, or the end is missing. */
function brokenBytes(bytes: Uint8Array, stream: Stream): Uint8Array {
  if (stream.below(3) === 0) return bytes;
  const broken = Uint8Array.from(stream.below(3) === 0 ? bytes.subarray(0, stream.below(bytes.length + 1)) : bytes);
  for (let left = stream.below(4); left > 0 && broken.length > 0; left--)
    broken[stream.below(broken.length)] = stream.below(256);
  return broken;
}
