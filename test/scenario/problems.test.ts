import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { starterScenario } from "../../src/scenario/init.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { LEAST, problemsOf, read } from "./readings.ts";

const withService = (line: string) => LEAST.replace("replicas: 2 }", `replicas: 2, ${line} }`);
const withEntry = (entry: string) => `${LEAST}timeline:\n  - ${entry}\n`;
const withHazard = (hazard: string) => `${LEAST}hazards:\n  - ${hazard}\n`;

describe("problems say where, what was found, and what was expected", () => {
  test.each(
    [
      ["", "shop.yaml:1:1: found nothing, expected a map of keys, as { key: value }"],
      ["just text", 'shop.yaml:1:1: found "just text", expected a map of keys, as { key: value }'],
      [
        LEAST.replace("duration: 10m", "duration: 10"),
        "shop.yaml:1:11 duration: found 10, expected a unit after the number, such as 10s or 10ms",
      ],
      [
        LEAST.replace("duration: 10m", "durations: 10m"),
        /shop\.yaml:1:1 durations: unknown key "durations" \(did you mean "duration"\?\)/,
      ],
      [
        LEAST.replace("memory: 8Gi", "memory: 8"),
        "shop.yaml:2:48 cluster.hosts[0].memory: found 8, expected a unit after the number, such as 8Mi",
      ],
      [
        LEAST.replace("cpu: 4, ", ""),
        "shop.yaml:2:20 cluster.hosts[0].cpu: found nothing, expected cores, such as 4, 0.5 or 500m (thousandths of a core)",
      ],
      [
        LEAST.replace("[{ count: 2, cpu: 4, memory: 8Gi }]", "[]"),
        /cluster\.hosts: found an empty list, expected a list of at least one group/,
      ],
      [
        LEAST.replace("replicas: 2", "replicas: 2, liveness: { successes: 2 }"),
        /services\.shop\.liveness\.successes: found 2, expected a whole number from 1 to 1/,
      ],
      [
        LEAST.replace('image: "shop:v1"', 'image: "shop:v3"'),
        'shop.yaml:5:18 services.shop.image: found "shop:v3", expected the name of an image (did you mean "shop:v1"?)',
      ],
      [
        LEAST.replace("replicas: 2", "replicas: 2.5"),
        /services\.shop\.replicas: found 2\.5, expected a whole number from 0 to 100000/,
      ],
      [
        withEntry("{ at: 1m, upgrade: { hosts: host-1 } }"),
        /upgrade\.hosts: found "host-1", expected all \(every host\), or a list of hosts, as \[host-1, host-2\]$/,
      ],
      [
        withEntry("{ at: 1m, upgrade: { hosts: [host-9] } }"),
        /upgrade\.hosts\[0\]: found "host-9", expected the name of a host \(did you mean "host-1"\?\)/,
      ],
      [LEAST.replace("count: 2", "count: 200000"), /count: found 200000, expected a whole number from 1 to 100000/],
      [LEAST.replace("cpu: 4,", "cpu: 4, zone: a, zones: [b],"), /zones: found zone and zones, expected one of them/],
      [
        withService("strategy: roling"),
        /strategy: found "roling", expected the name of a strategy \(did you mean "rolling"\?\)/,
      ],
      [
        withService("strategy: { rolling: { maxSurg: 1 } }"),
        /strategy\.rolling\.maxSurg: unknown key "maxSurg" \(did you mean "maxSurge"\?\)/,
      ],
      [
        withService("strategy: { recreate: { surge: 1 } }"),
        /recreate\.surge: unknown key "surge": recreate has no settings/,
      ],
      [withService("strategy: { rolling: { progressDeadline: 600 } }"), /progressDeadline: found 600, expected a unit/],
      [withService("strategy: [rolling]"), /strategy: found a list, expected a name, or a name with settings/],
      [withService("spread: hots"), /found "hots", expected one of host, zone, none \(did you mean "host"\?\)/],
      [withService("spread: { over: hots }"), /spread\.over: found "hots"/],
      [
        withService("routing: { healthCheck: { perod: 2s } }"),
        /healthCheck\.perod: unknown key "perod" \(did you mean "period"\?\)/,
      ],
      [withService("traffic: { arrivals: 400 }"), /found 400, expected arrivals such as poisson/],
      [withService("traffic: { arrivals: [] }"), /arrivals: found an empty list, expected a list of at least 1 entry/],
      [
        withService("traffic: { arrivals: [{ for: 1m, arrivals: 'users(3, think=1s)' }] }"),
        /found users\(…\) in a phase/,
      ],
      [withService("slo: { availability: 99.9 }"), /did you mean 99\.9%\?/],
      [withService("tolerations: [{ operator: Exists, value: a }]"), /found a value with operator Exists/],
      [withService("tolerations: [{ value: a }]"), /found no key with operator Equal/],
      [LEAST.replace("shop: {", "-shop: {"), /services\.-shop: found "-shop", expected a name of letters/],
      [`${LEAST}warmup: 10m\n`, /warmup: found "10m", expected less than the duration/],
      [`${LEAST}name: ../../evil\n`, /name: found .*expected a name of at most 100 characters/],
      [`${LEAST}manifests: [app.yaml]\n`, /manifests: manifests cannot be read from here/],
      [`${LEAST}expect: 3\n`, /expect: found 3, expected a list/],
      [`${LEAST}seed: -1\n`, /seed: found -1, expected a whole number from 0 to 9007199254740991/],
      [withEntry("{ every: 1ms, rollback: shop }"), /happens 600000 times, expected at most 100000/],
      [
        withService("traffic: { arrivals: 'bursts(base=1/s, peak=2/s, every=1us, for=1us)' }"),
        /found 600000000 bursts/,
      ],
      [withEntry("{ at: 1m }"), /timeline\[0\]: found no action, expected exactly one of deploy, /],
      [withEntry("{ rollback: shop }"), /found no time, expected at: 5m \(once\) or every: 1h/],
      [
        withEntry("{ at: 1m, rollback: shop, kill: { service: shop } }"),
        /found rollback and kill, expected exactly one/,
      ],
      [withEntry("{ at: 1m, crahs: { host: host-1 } }"), /unknown key "crahs" \(did you mean "crash"\?\)/],
      [withEntry("{ at: 1m, drain: host-9 }"), /drain.*host-9.*host-1/s],
      [
        withEntry("{ at: 1m, add-hosts: 3 }"),
        /add-hosts is not simulated yet: give the cluster these hosts from the start/,
      ],
      [
        withEntry("{ at: 1m, crash: { host: host-9 } }"),
        /crash\.host: found "host-9", expected the name of a host \(did you mean "host-1"\?\)/,
      ],
      [withEntry("{ at: 1m, crash: { zone: zone-b } }"), /crash\.zone: .*did you mean "zone-a"/],
      [
        withEntry("{ at: 1m, crash: { container: shop } }"),
        /expected a container's name: its service, a dash and a number, such as shop-1/,
      ],
      [withEntry("{ at: 1m, crash: { container: shpo-1 } }"), /did you mean "shop"/],
      [withEntry("{ at: 1m, crash: { } }"), /found nothing to crash/],
      [withEntry("{ at: 1m, crash: { host: host-1, zone: zone-a } }"), /found host and zone/],
      [withEntry("{ at: 1m, for: 1m, crash: { host: host-1, for: 1m } }"), /found for twice/],
      [withEntry("{ at: 1m, for: 1m, kill: { service: shop } }"), /found for beside kill, expected none/],
      [
        withEntry("{ at: 1m, deploy: { service: shp, image: shop:v2 } }"),
        /deploy\.service: found "shp".*did you mean "shop"/,
      ],
      [withEntry("{ at: 1m, deploy: { service: shop, image: shop:v2, strategy: x } }"), /the name of a strategy/],
      [withEntry("{ at: 1m, slow: { host: host-1, factor: 0 } }"), /factor: found 0, expected a number above 0/],
      [withEntry("{ at: 1m, traffic: { service: shop, factor: -1 } }"), /factor: found -1, expected at least 0/],
      [withEntry("{ at: 1m, registry: up }"), /registry: found "up", expected down/],
      [withHazard("{ hosts: { every: exponential(30d) } }"), /hosts\.for: found nothing, expected a duration/],
      [withHazard("{ hosts: { trace: a.csv, host: n, from: f } }"), /hosts\.to: found nothing, expected text/],
      [
        withHazard("{ containers: { every: 1h, only: [shpo] } }"),
        /only\[0\]: found "shpo", expected the name of a service/,
      ],
      [withHazard("{ containers: { every: 1h, for: 1m } }"), /containers\.for: unknown key "for"/],
      [withHazard("{ }"), /found nothing that fails/],
    ].map(([text, expected]) => ({ text: String(text), expected })),
  )("$expected", ({ text, expected }) => {
    const problems = problemsOf(text).join("\n");
    if (typeof expected === "string") expect(problems).toBe(expected);
    else expect(problems).toMatch(expected ?? "no expectation");
  });

  test("all problems come in one go, in the file's order, of a service with other problems too", () => {
    const text = withService("slot: 3, strategy: roling")
      .replace("duration: 10m", "duration: ten")
      .replace('image: "shop:v1"', "image: nope")
      .concat("timeline: [{ at: 5, crash: { host: host-7 } }, 3]\n");
    expect(problemsOf(text).map((problem) => problem.replace(/: .*/, ""))).toEqual([
      "shop.yaml:1:11 duration",
      "shop.yaml:5:18 services.shop.image",
      "shop.yaml:5:63 services.shop.slot",
      "shop.yaml:5:82 services.shop.strategy",
      "shop.yaml:6:18 timeline[0].at",
      "shop.yaml:6:36 timeline[0].crash.host",
      "shop.yaml:6:48 timeline[1]",
    ]);
  });

  test("a wrong duration is one problem, however often things happen", () => {
    const text = `${LEAST}timeline: [{ every: 1h, rollback: shop }]\n`.replace("duration: 10m", "duration: 10");
    expect(problemsOf(text)).toHaveLength(1);
  });

  test("the error carries file, line, column, path and message apart", () => {
    expect.assertions(2);
    try {
      read(LEAST.replace("replicas: 2", "replicas: many"));
    } catch (error) {
      expect(error).toBeInstanceOf(ScenarioError);
      expect((error as ScenarioError).problems).toEqual([
        {
          file: "shop.yaml",
          line: 5,
          column: 65,
          path: "services.shop.replicas",
          message: 'found "many", expected a whole number from 0 to 100000',
        },
      ]);
    }
  });
});

describe("limits", () => {
  const group = "{ name: NAME, count: 60000, cpu: 4, memory: 8Gi }";

  test.each([
    [
      "two groups of 60,000 hosts",
      LEAST.replace(/\[\{.*8Gi \}\]/, `[${group.replace("NAME", "a")}, ${group.replace("NAME", "b")}]`),
      /found 120000 hosts in all, expected at most 100000/,
    ],
    [
      "two services of 60,000 containers",
      LEAST.replace(
        "replicas: 2 }",
        'replicas: 60000 }\n  cart: { image: "shop:v1", cpu: 1, memory: 1Mi, replicas: 60000 }',
      ),
      /found 120000 replicas in all/,
    ],
    [
      "hosts of one name",
      LEAST.replace(/\[\{.*8Gi \}\]/, "[{ cpu: 4, memory: 8Gi }, { cpu: 4, memory: 8Gi }]"),
      /hosts\[1\]\.name: found a second host host/,
    ],
    [
      "a key given twice",
      `${LEAST}seed: 1\nseed: 2\n`,
      'shop.yaml:7:1: found the key "seed" twice (first on line 6), expected it once',
    ],
    ["a NUL byte", `${LEAST}\0`, /binary data/],
    ["more than 5 MB", `# ${"x".repeat(5_000_001)}`, /more than 5 MB/],
    ["flow nesting", `a: ${"[".repeat(100)}${"]".repeat(100)}`, /nested deeper than 64/],
    ["bottomless nesting", "[".repeat(100_000), /nested deeper than 64/],
    ["dashes without end", "- ".repeat(1_000_000), /nested deeper than 64/],
    ["mistakes without end", "]".repeat(1_000_000), /^shop\.yaml:1:1: not valid YAML: Unexpected flow-seq-end/],
    [
      "more pairs of replicas and hosts than can be placed",
      LEAST.replace("count: 2", "count: 50000").replace("replicas: 2", "replicas: 3000"),
      /services: found 3000 replicas for 50000 hosts, expected at most 100000000 as replicas times hosts/,
    ],
    [
      "more replicas than can be placed",
      LEAST.replace("replicas: 2", "replicas: 50000"),
      /services: found 50000 replicas for 2 hosts, expected at most 44721 on so few hosts/,
    ],
    [
      "more users than fit into memory",
      LEAST.replace("replicas: 2", 'replicas: 2, traffic: { arrivals: "users(1000000, think=0s)" }'),
      /arrivals: .*expected as count in .* a whole number of users from 1 to 100000/,
    ],
    ["an alias of itself", "a: &a [*a, *a]", /nested deeper than 64/],
    [
      "a bomb of aliases",
      [
        "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]",
        ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`),
      ].join("\n"),
      /more than 300000 values/,
    ],
    ["an unknown alias", "a: *b", /found \*b, expected an anchor/],
    ["a tab", "a:\n\tb: 1", "shop.yaml:2:1: not valid YAML: Tabs are not allowed as indentation"],
    ["two documents", `${LEAST}---\na: 1\n`, /a second document/],
    ["an unknown tag", "a: !!js/function x", /not valid YAML: Unresolved tag/],
    ["a map as a key", "? [a]\n: 1", /found a list or map as a key/],
    ["__proto__", `${LEAST}__proto__: { polluted: 1 }\n`, /"__proto__"/],
  ])("%s is a clear error", (_, text, expected) => {
    const problems = problemsOf(text).join("\n");
    if (typeof expected === "string") expect(problems).toBe(expected);
    else expect(problems).toMatch(expected);
  });

  test("constructor and toString are names like any other", () => {
    const text = LEAST.replaceAll("shop:", "constructor:").replace(
      '"constructor:v2": {}',
      '"constructor:v2": {}, toString: {}',
    );
    const { scenario } = read(text.replace("constructor: {", "constructor: {"));
    expect(scenario.services.map(({ name }) => name)).toEqual(["constructor"]);
    expect(scenario.images.map(({ name }) => name)).toContain("toString");
    expect(problemsOf(LEAST.replace('image: "shop:v1"', "image: valueOf")).join()).toMatch(/found "valueOf"/);
  });

  test("anchors and aliases may share settings", () => {
    const text = LEAST.replace('"shop:v1": {}, "shop:v2": {}', '"shop:v1": &v { errors: 1% }, "shop:v2": *v');
    expect(read(text).scenario.images.map(({ errors }) => errors)).toEqual([0.01, 0.01]);
  });
});

describe("warnings", () => {
  test.each(
    [
      [withService("affinity: { podAffinity: {} }"), /services\.shop\.affinity: has no effect under the scheduler/],
      [
        withService(
          "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {} }]",
        ),
        /topologySpreadConstraints: has no effect under the scheduler default: use scheduler: kubernetes/,
      ],
      [withService("shutdown: { preStop: 40s }"), /preStop is longer than gracePeriod/],
      [LEAST.replace("cpu: 500m", "cpu: 5"), /no host has the cpu and memory/],
      [LEAST.replace("hosts:", "lifecycle: { unreachableAfter: 5s }, hosts:"), /no longer than heartbeat/],
      [withEntry("{ at: 11m, rollback: shop }"), /timeline\[0\]: never happens: 11m is after the end, at 10m/],
    ].map(([text, expected]) => ({ text: String(text), expected })),
  )("a warning says $expected", ({ text, expected }) => {
    expect(read(text).warnings.join("\n")).toMatch(expected ?? "no expectation");
  });

  test("empty settings of Kubernetes are no reason to warn", () => {
    const text = withService("affinity: {}, topologySpreadConstraints: [], autoscale: none");
    expect(read(text).warnings).toEqual([]);
  });
});

describe("whatever text comes in", () => {
  const outcome = (text: string, set: string[] = []) => problemsOf(text, { set }).length;

  const anyText = fc.array(fc.integer({ min: 0, max: 0x2fff })).map((codes) => String.fromCharCode(...codes));

  test("the reader returns or throws a ScenarioError", () => {
    fc.assert(
      fc.property(anyText, (text) => outcome(text) >= 0),
      { numRuns: 300 },
    );
  });

  test("a good scenario with a piece cut out, doubled or replaced is read or refused", () => {
    const base = starterScenario("fuzzed");
    const spans = fc.tuple(fc.nat({ max: base.length }), fc.nat({ max: 40 }));
    const piece = fc.constantFrom(
      "",
      "{",
      "]",
      ": ",
      "\n",
      "- ",
      "[]",
      "null",
      "~",
      "&a",
      "*a",
      "1e999",
      ".nan",
      "\u0001",
    );
    fc.assert(
      fc.property(spans, piece, fc.boolean(), ([at, length], put, doubled) => {
        const cut = base.slice(at, at + length);
        return outcome(base.slice(0, at) + (doubled ? cut + cut : put) + base.slice(at + length)) >= 0;
      }),
      { numRuns: 300 },
    );
  });

  test("any value in any place is read or refused", () => {
    const path = fc.constantFrom(
      "duration",
      "cluster",
      "cluster.hosts[0]",
      "cluster.hosts[0].taints",
      "images.shop:v1",
      "services.shop",
      "services.shop.strategy",
      "services.shop.traffic",
      "services.shop.traffic.arrivals",
      "services.shop.tolerations",
      "timeline",
      "timeline[0]",
      "timeline[0].crash",
      "hazards[0]",
      "hazards[0].hosts",
      "expect",
    );
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.stringify(json));
    fc.assert(
      fc.property(path, value, (where, what) => outcome(LEAST, [`${where}=${what}`]) >= 0),
      { numRuns: 500 },
    );
  });
});
