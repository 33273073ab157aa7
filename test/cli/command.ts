import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Runs `rehearse` from the sources, as its own process in `cwd`. */
export function rehearse(cwd: string, args: readonly string[], input?: string): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, NO_COLOR: "1" },
  });
}

/** The path of the sources' main file, for tests that need the process itself. */
export const mainFile: string = MAIN;

/** A small valid scenario as text; `patch` replaces pieces of it. */
export function shopYaml(...patches: readonly (readonly [from: string, to: string])[]): string {
  let text = `name: shop
seed: 7
duration: 2m
cluster:
  hosts:
    - { name: host, count: 3, cpu: 4, memory: 8Gi }
images:
  shop:v1: { startup: 2s, service: exponential(40ms) }
  shop:v2: { startup: 2s, service: exponential(40ms) }
services:
  shop:
    image: shop:v1
    replicas: 3
    cpu: 500m
    memory: 256Mi
    slots: 4
    queue: 20
    readiness: { period: 1s }
    shutdown: { preStop: 5s }
    routing: { propagation: uniform(100ms, 1s) }
    traffic: { arrivals: poisson(100/s), timeout: 2s }
timeline:
  - { at: 30s, deploy: { service: shop, image: shop:v2 } }
`;
  for (const [from, to] of patches) {
    if (!text.includes(from)) throw new Error(`the scenario has no ${from}`);
    text = text.replace(from, to);
  }
  return text;
}
