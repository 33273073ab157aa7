/** A small catalog, and the reader as the tests call it. */
import { z } from "zod";
import { countOrPercent } from "../../src/fields/countOrPercent.ts";
import { positiveDuration } from "../../src/fields/duration.ts";
import type { Catalog } from "../../src/scenario/catalog.ts";
import { type ReadResult, readScenario } from "../../src/scenario/readScenario.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";

const rolling = z.strictObject({
  maxSurge: countOrPercent.prefault("25%"),
  maxUnavailable: countOrPercent.prefault("25%"),
  progressDeadline: positiveDuration.prefault("600s"),
});

export const catalog: Catalog = {
  strategies: new Map([
    ["rolling", { settings: rolling }],
    ["recreate", {}],
  ]),
  schedulers: new Map([
    ["default", {}],
    ["bin-pack", {}],
  ]),
};

export type Files = Readonly<Record<string, string>>;

/** Reads a scenario whose files are the given texts. */
export function read(text: string, options: { set?: readonly string[]; files?: Files } = {}): ReadResult {
  const { set, files = {} } = options;
  const readFile = (path: string) => {
    const content = files[path];
    if (content === undefined) throw new Error("no such file");
    return new TextEncoder().encode(content);
  };
  return readScenario(text, { file: "shop.yaml", readFile, catalog, set });
}

/** The problems of a scenario, formatted; none: it was read. */
export function problemsOf(text: string, options: { set?: readonly string[]; files?: Files } = {}): string[] {
  try {
    read(text, options);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split("\n");
  }
}

/** The least that a scenario must say. */
export const LEAST = `duration: 10m
cluster: { hosts: [{ count: 2, cpu: 4, memory: 8Gi }] }
images: { "shop:v1": {}, "shop:v2": {} }
services:
  shop: { image: "shop:v1", cpu: 500m, memory: 256Mi, replicas: 2 }
`;
