/** Writes what is made from the scenario's schema: the JSON Schema for editors, and the reference page. */
import { mkdirSync, writeFileSync } from "node:fs";
import { scenarioJsonSchema } from "../src/scenario/jsonSchema.ts";
import { referencePage } from "../src/scenario/reference.ts";

const root = new URL("../", import.meta.url);
mkdirSync(new URL("schema/", root), { recursive: true });
mkdirSync(new URL("docs/", root), { recursive: true });
writeFileSync(new URL("schema/scenario.schema.json", root), `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
writeFileSync(new URL("docs/scenario-reference.md", root), referencePage());
