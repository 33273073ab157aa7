import { refusal } from "../fields/refusal.ts";
import { isName, nameExpected } from "./names.ts";
import { ScenarioError } from "./scenarioError.ts";

/** Everything but the name, and where editors find the schema. */
const STARTER = `# A scenario says everything: the same file gives the same result, to the bit.
# Times, sizes and rates carry their unit: 250ms, 5m, 256Mi, 400/s.
name: NAME
description: Five containers on five hosts, a release at 2 minutes, a host lost at 6.
seed: 42 # another seed: other arrivals, other service times, other start-up times
duration: 15m
warmup: 30s # what happens before is not measured

cluster:
  hosts:
    - name: host # with a count above 1: host-1, host-2, …
      count: 5
      cpu: 4 # cores; 500m is half of one
      memory: 8Gi
      zones: [a, b] # dealt in turn

# An image is a version of the code: how long it takes to start, and to answer.
images:
  shop:v1:
    size: 200MiB # a host that does not have it yet must pull it
    startup: lognormal(median=4s, p95=9s)
    service: exponential(40ms)
  shop:v2:
    size: 210MiB
    startup: lognormal(median=5s, p95=11s)
    service: exponential(42ms)
    errors: 0 # try 5%: nothing but an error rate tells that this release is bad
    ready: true # try false: it starts, and never gets ready

services:
  shop:
    image: shop:v1
    replicas: 5
    cpu: 500m # what one container reserves
    memory: 256Mi
    slots: 8 # requests served at the same time
    queue: 64 # requests that may wait in a container
    spread: host # try none: one host may then hold them all
    readiness: { period: 1s, failures: 3 }
    # While preStop lasts, the container still takes requests: time for the load balancers to learn that it goes. Try 0s.
    shutdown: { preStop: 5s, gracePeriod: 30s }
    routing:
      balancer: round-robin # random, least-requests, two-choices
      propagation: lognormal(median=300ms, p95=1s) # until a balancer has heard of a change
    # Try recreate, or blue-green; rolling's settings are Kubernetes'.
    strategy: { rolling: { maxSurge: 25%, maxUnavailable: 25% } }
    slo: { availability: 99.9%, latency: { p99: 500ms } }
    traffic:
      arrivals: poisson(100/s)
      timeout: 2s
      retries: 0 # try { max: 2, backoff: exponential(100ms), budget: 10% }

# What happens, and when.
timeline:
  - { at: 2m, deploy: { service: shop, image: shop:v2 } }
  - { at: 6m, crash: { host: host-3, for: 2m } }

# What happens by chance, such as
#   - { hosts: { every: exponential(30d), for: exponential(10m) } }
hazards: []

# Checks on the results, such as
#   - services.shop.downtime.totalS < 30
# One that does not hold is named, and makes the exit code 1.
expect: []
`;

/**
 * A commented scenario to start from: five containers of a shop on five hosts, one release, one crash.
 * `schema` is where an editor finds the format's JSON Schema: a path as seen from the file, or a URL; without blanks.
 *
 * @throws ScenarioError where the name cannot name a scenario.
 */
export function starterScenario(name: string, schema?: string): string {
  if (!isName(name) || name.length > 100) {
    throw new ScenarioError([
      { file: "init", line: undefined, column: undefined, path: "name", message: refusal(name, nameExpected) },
    ]);
  }
  const editors = schema === undefined ? "" : `# yaml-language-server: $schema=${schema}\n`;
  return editors + STARTER.replace("NAME", JSON.stringify(name));
}
