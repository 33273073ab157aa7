import { z } from "zod";
import { scenarioSchema } from "./scenarioSchema.ts";

/** The part of JSON Schema that the scenario's uses. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** JSON Schema (2020-12) of a scenario as it is written, for editors: descriptions, defaults and forms; nothing points outside of it. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(scenarioSchema, { io: "input", reused: "inline" });
  return { ...schema, title: "Rehearsal scenario" } as JsonSchema;
}
