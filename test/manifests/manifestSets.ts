import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ManifestFile } from "../../src/manifests/readManifests.ts";
import { readScenarioFile } from "../../src/manifests/readScenarioFile.ts";
import type { ReadResult } from "../../src/scenario/readScenario.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";

const FOLDER = fileURLToPath(new URL("sets/", import.meta.url));

/** The sets of real manifests, by folder. */
export const SETS: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The files of a set, in the order of their paths. */
export function filesOf(set: string): ManifestFile[] {
  const paths = readdirSync(join(FOLDER, set), { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => ({ file: path, text: readFileSync(join(FOLDER, set, path), "utf8") }));
}

/** A set as one text of many documents. */
export function textOf(set: string): string {
  return filesOf(set)
    .map(({ text }) => text)
    .join("\n---\n");
}

/** Reads a text as `rehearse run` would; `files` are those that it may name. */
export function readText(text: string, files: Readonly<Record<string, string>> = {}): ReadResult {
  return readScenarioFile(text, {
    file: "app.yaml",
    catalog: BUILT_IN,
    readFile: (path) => {
      const found = files[path];
      if (found === undefined) throw new Error("there is no such file");
      return new TextEncoder().encode(found);
    },
  });
}

/** What is wrong with a text, a line each; nothing if it is read. */
export function problemsOf(text: string, files: Readonly<Record<string, string>> = {}): string {
  try {
    readText(text, files);
    return "";
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

/** One Deployment of two pods, its Service and whatever else is given, as documents. */
export function webWith(...more: readonly string[]): string {
  return [deployment(), service(), ...more].join("\n---\n");
}

/** A Deployment called web; `spec` and `pod` are further lines of its spec and of its pods'. */
export function deployment({ spec = "", pod = "", container = "" } = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  ${spec}
  template:
    metadata: { labels: { app: web } }
    spec:
      ${pod}
      containers:
        - name: main
          image: web:v1
          ${container}
`;
}

/** The Service in front of it. */
export function service(selector = "{ app: web }"): string {
  return `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: ${selector}, ports: [{ port: 80 }] }
`;
}
