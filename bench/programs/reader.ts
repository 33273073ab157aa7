/** Reads manifests of a million characters: `reader.ts fast` as the command does, `reader.ts package` by the package `yaml` alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDocuments } from "../../src/scenario/yamlDocuments.ts";
import { readYamlStream } from "../../src/scenario/yamlTree.ts";
import { report } from "./result.ts";

const FILE = { file: "bench.yaml", values: 5_000_000 };
const CHARACTERS = 1_000_000;
const SETS = join(import.meta.dirname, "..", "..", "test", "manifests", "sets");
const [, , way] = process.argv;

const sets = readdirSync(SETS, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .sort()
  .map((path) => `---\n${readFileSync(join(SETS, path), "utf8").replace(/^---\n/, "")}\n`)
  .join("");
const text = sets.repeat(Math.ceil(CHARACTERS / sets.length));
const before = process.cpuUsage();
const trees = way === "package" ? readYamlStream(text, FILE) : readDocuments(text, FILE);
const { user, system } = process.cpuUsage(before);
// Empty documents count for nothing: the two ways may differ in whether a comment makes one.
const agreed = trees.filter((tree) => tree.kind !== "scalar").length;
report({ units: text.length, seconds: (user + system) / 1e6, agreed });
