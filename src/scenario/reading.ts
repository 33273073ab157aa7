/** What every part of the reader needs beside the part itself. */
import type { NamedSettings } from "../cluster/spec.ts";
import type { DistributionForm } from "../fields/distribution.ts";
import { suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import type { Distribution } from "../kernel/distributions.ts";
import type { Micros } from "../kernel/time.ts";
import type { Catalog, CatalogEntry } from "./catalog.ts";
import { type ReadFile, TraceError } from "./csvTable.ts";
import { parsePart } from "./issues.ts";
import type { SourceForm } from "./metricSources.ts";
import type { PluginForm } from "./names.ts";
import { below, type Spot } from "./parts.ts";
import { type Path, parsePath } from "./path.ts";
import type { Findings } from "./scenarioError.ts";
import { readEmpirical } from "./traces.ts";

/** The names that a scenario gives, for references to be checked against. */
export interface Names {
  /** Undefined: some group of hosts is wrong itself, so that nobody knows what it would have named. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly zones: ReadonlySet<string> | undefined;
  readonly services: ReadonlySet<string>;
  readonly images: ReadonlySet<string>;
}

/** One reading of one scenario. */
export interface Reading {
  readonly findings: Findings;
  readonly readFile: ReadFile;
  readonly catalog: Catalog;
  readonly names: Names;
  /** What the scenario says of metrics, by their names. */
  readonly metrics: ReadonlyMap<string, SourceForm>;
  /** The simulated time; 0 where the file's own is wrong, so that nothing happens too often in it. */
  readonly duration: Micros;
}

/** Says so where nothing of that kind bears the name; `known` undefined: it cannot be told. */
export function checkName(
  reading: Reading,
  path: Path,
  name: string,
  kind: { readonly word: string; readonly known: ReadonlySet<string> | undefined },
): void {
  if (kind.known === undefined || kind.known.has(name)) return;
  const hint = suggestion(name, [...kind.known]);
  reading.findings.problem(
    path,
    refusal(name, `the name of ${kind.word}${hint === "" ? ", and there is none" : hint}`),
  );
}

/** Runs what reads a file; its complaint becomes a problem at `path`, and undefined comes back. */
export function attempt<Value>(reading: Reading, path: Path, read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    reading.findings.problem(path, error.message);
    return undefined;
  }
}

/** The distribution, its file read where it names one. After a problem with the file the answer is of no use, but harmless. */
export function resolveDistribution(reading: Reading, path: Path, form: DistributionForm): Distribution {
  if (form.kind !== "empirical-file") return form;
  return attempt(reading, path, () => readEmpirical(form, reading.readFile)) ?? { kind: "constant", value: 0 };
}

/** Checks a plugin's name and settings; the settings are handed on as they were written. */
export function checkPlugin(
  form: PluginForm,
  spot: Spot,
  kind: { readonly word: string; readonly known: ReadonlyMap<string, CatalogEntry> },
): NamedSettings {
  const { name, settings } = form;
  const entry = kind.known.get(name);
  if (entry === undefined) {
    const hint = suggestion(name, [...kind.known.keys()]);
    spot.findings.problem(spot.path, refusal(name, `the name of ${kind.word}${hint}`));
    return { name, settings };
  }
  const inside = below(spot, ...form.settingsPath);
  if (entry.settings !== undefined) parsePart(entry.settings, settings, inside);
  else {
    for (const key of Object.keys(settings)) {
      spot.findings.keyProblem([...inside.path, key], `unknown key ${JSON.stringify(key)}: ${name} has no settings`);
    }
  }
  for (const { path, message } of entry.warnings?.(settings) ?? []) {
    inside.findings.warn([...inside.path, ...(parsePath(path) ?? [])], message);
  }
  return { name, settings };
}
