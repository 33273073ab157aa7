import type { ClusterSpec, Scenario, ServiceSpec } from "../cluster/spec.ts";
import { counted, refusal } from "../fields/refusal.ts";
import { checkMetrics } from "./autoscaleReader.ts";
import type { Catalog } from "./catalog.ts";
import { type ClusterReading, readCluster } from "./clusterReader.ts";
import { MOST_THINGS } from "./clusterSchema.ts";
import type { ReadFile } from "./csvTable.ts";
import { withUnfitHosts } from "./daemonHosts.ts";
import { readHazard } from "./hazardReader.ts";
import { imageSchema } from "./imageSchema.ts";
import { imageNameExpected, isImageName, isName, nameExpected } from "./names.ts";
import { applyOverride } from "./override.ts";
import { below, mapOf, type NamedPart, parseKeys, parseNamed, type Spot } from "./parts.ts";
import { warnOfPlacementRules } from "./podTemplateReader.ts";
import { checkName, checkPlugin, type Names, type Reading } from "./reading.ts";
import { type Finding, Findings, formatProblem, type Problem, placed, ScenarioError } from "./scenarioError.ts";
import { scenarioSchema } from "./scenarioSchema.ts";
import { checkBrokenService, readImage, readService, warnOfGiants } from "./serviceReader.ts";
import { serviceSchema } from "./serviceSchema.ts";
import { type Place, placeAt, plainValue, readSource, type SourceTree } from "./sourceTree.ts";
import { readTimelineEntry } from "./timelineReader.ts";

/** What the reader needs from outside. */
export interface ReadOptions {
  /** The file as the user named it: it stands in every message, and names a scenario that has no name. */
  readonly file: string;
  /** Reads a file that the scenario names, relative to the scenario's own; `.gz` already unpacked. */
  readonly readFile: ReadFile;
  readonly catalog: Catalog;
  /** Overrides in their order, each `path=value`. */
  readonly set?: readonly string[] | undefined;
}

/** A scenario in the engine's units, and what it says that has no effect. */
export interface ReadResult {
  readonly scenario: Scenario;
  /** One line each, with its place in the file. */
  readonly warnings: readonly string[];
  /** Where each of the scenario's checks (`expect`) stands, in their order. */
  readonly expectPlaces: readonly Place[];
}

/**
 * Reads a scenario: YAML or JSON in, everything checked and in the engine's own units out.
 *
 * @throws ScenarioError with every problem found, in the file's order. Whatever the text, nothing else is thrown.
 */
export function readScenario(text: string, options: ReadOptions): ReadResult {
  return readScenarioTree(readSource(text, options.file), options);
}

/**
 * As `readScenario`, of a scenario that is a tree already: put together from several files, say. Overrides go into the tree.
 *
 * @throws ScenarioError with every problem found, file by file, each in its order.
 */
export function readScenarioTree(tree: SourceTree, options: ReadOptions): ReadResult {
  for (const override of options.set ?? []) applyOverride(tree, override);
  const findings = new Findings();
  const scenario = build(plainValue(tree), options, findings);
  if (scenario === undefined || findings.problems.length > 0) throw new ScenarioError(inOrder(tree, findings.problems));
  return {
    scenario,
    warnings: inOrder(tree, findings.warnings).map(formatProblem),
    expectPlaces: scenario.expect.map((_, i) => placeAt(tree, ["expect", i], false)),
  };
}

/** Problems by file, line and column, the scenario's own file first; those of overrides last. */
function inOrder(tree: SourceTree, findings: readonly Finding[]): Problem[] {
  const problems = findings.map((finding) => placed(finding, placeAt(tree, finding.path, finding.isKey)));
  const withLines = problems.filter(({ line }) => line !== undefined).map(({ file }) => file);
  const files = [...new Set([tree.place.file, ...withLines])];
  const fileOf = ({ file, line }: Problem) => (line === undefined ? files.length : files.indexOf(file));
  return problems.sort(
    (a, b) => fileOf(a) - fileOf(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

const ELSEWHERE = ["cluster", "images", "services", "timeline", "hazards", "manifests"];

function build(raw: unknown, options: ReadOptions, findings: Findings): Scenario | undefined {
  const top: Spot = { path: [], findings };
  const map = mapOf(raw, top);
  if (map === undefined) return undefined;
  const {
    cluster: _c,
    images: _i,
    services: _s,
    timeline: _t,
    hazards: _h,
    manifests: _m,
    ...shape
  } = scenarioSchema.shape;
  const given = withoutEmpty(map, ["expect", "metrics"]);
  const head = parseKeys(shape, given, top, ELSEWHERE);
  refuseManifests(map, findings);
  if (head.duration !== undefined && head.warmup !== undefined && head.warmup >= head.duration) {
    findings.problem(["warmup"], `${refusal(map.get("warmup"), "less than the duration")}: nothing would be measured`);
  }
  const cluster = readCluster(map.get("cluster"), below(top, "cluster"));
  const images = parseNamed(
    { schema: imageSchema, isName: isImageName, nameExpected: imageNameExpected },
    map.get("images"),
    below(top, "images"),
  );
  const services = parseNamed(
    { schema: serviceSchema, isName, nameExpected },
    map.get("services"),
    below(top, "services"),
  );
  const reading: Reading = {
    findings,
    readFile: options.readFile,
    catalog: options.catalog,
    names: namesOf(cluster, images, services),
    metrics: new Map(Object.entries(head.metrics ?? {})),
    duration: head.duration ?? 0,
  };
  const imageSpecs = specsOf(images, (name, form) => readImage(name, form, below(top, "images", name), reading));
  const serviceSpecs = specsOf(services, (name, form) =>
    readService(name, form, below(top, "services", name), reading),
  );
  for (const [name, { raw: broken, form }] of services) {
    if (form === undefined) checkBrokenService(broken, below(top, "services", name), reading);
  }
  checkMetrics(serviceSpecs, below(top, "metrics"), reading);
  refuseTooMany(serviceSpecs, findings);
  const clusterSpec = finishCluster(cluster, below(top, "cluster"), reading);
  if (clusterSpec !== undefined) {
    refuseTooManyPairs(serviceSpecs, clusterSpec, findings);
    warnOfGiants(serviceSpecs, clusterSpec.hosts, below(top, "services"));
    warnOfPlacementRules(serviceSpecs, clusterSpec, below(top, "services"));
  }
  const timeline = entriesOf(map, "timeline", top, (entry, spot) => readTimelineEntry(entry, spot, reading));
  const hazards = entriesOf(map, "hazards", top, (entry, spot) => readHazard(entry, spot, reading));
  for (const [i, budget] of (head.budgets ?? []).entries()) {
    for (const [j, name] of budget.services.entries()) {
      const kind = { word: "a service", known: reading.names.services };
      checkName(reading, ["budgets", i, "services", j], name, kind);
    }
  }
  const { description, seed, duration, warmup, expect } = head;
  if (clusterSpec === undefined || description === undefined || seed === undefined) return undefined;
  if (duration === undefined || warmup === undefined || expect === undefined) return undefined;
  return {
    name: head.name ?? nameOf(options.file),
    description,
    seed,
    duration,
    warmup,
    cluster: clusterSpec,
    images: imageSpecs,
    services: withUnfitHosts(serviceSpecs, clusterSpec),
    expect,
    ...(head.budgets === undefined ? {} : { budgets: head.budgets }),
    timeline,
    hazards,
  };
}

/** A key with nothing under it, as `expect:` with every line commented out, counts as absent. */
function withoutEmpty(map: ReadonlyMap<string, unknown>, keys: readonly string[]): ReadonlyMap<string, unknown> {
  return new Map([...map].filter(([key, value]) => value !== null || !keys.includes(key)));
}

function refuseManifests(map: ReadonlyMap<string, unknown>, findings: Findings): void {
  if (!map.has("manifests")) return;
  findings.keyProblem(
    ["manifests"],
    "manifests cannot be read from here: use the command rehearse, or describe hosts under cluster and workloads under services",
  );
}

/** Every name in the file, of entries with problems too: those are reported once, where they are. */
function namesOf(
  cluster: ClusterReading,
  images: ReadonlyMap<string, unknown>,
  services: ReadonlyMap<string, unknown>,
): Names {
  return {
    hosts: cluster.hosts && new Set(cluster.hosts.map(({ name }) => name)),
    zones: cluster.hosts && new Set(cluster.hosts.map(({ zone }) => zone)),
    images: new Set(images.keys()),
    services: new Set(services.keys()),
  };
}

function specsOf<Form, Spec>(
  forms: ReadonlyMap<string, NamedPart<Form>>,
  read: (name: string, form: Form) => Spec,
): Spec[] {
  return [...forms].flatMap(([name, { form }]) => (form === undefined ? [] : [read(name, form)]));
}

function entriesOf<Entry>(
  map: ReadonlyMap<string, unknown>,
  key: string,
  top: Spot,
  read: (raw: unknown, spot: Spot) => Entry | undefined,
): Entry[] {
  const raw = map.get(key) ?? [];
  if (!Array.isArray(raw)) {
    top.findings.problem([key], refusal(raw, "a list"));
    return [];
  }
  return raw.flatMap((entry: unknown, i) => read(entry, below(top, key, i)) ?? []);
}

function refuseTooMany(services: readonly ServiceSpec[], findings: Findings): void {
  const total = services.reduce((sum, { replicas }) => sum + replicas, 0);
  if (total <= MOST_THINGS) return;
  findings.problem(["services"], `found ${total} replicas in all, expected at most ${MOST_THINGS}`);
}

/** To place each container, every host is looked at, and what the last one's host holds: more of either takes minutes to start. */
const MOST_LOOKS = { atHosts: 100_000_000, atNeighbours: 1_000_000_000 };

function refuseTooManyPairs(services: readonly ServiceSpec[], { hosts }: ClusterSpec, findings: Findings): void {
  const replicas = services.reduce((sum, service) => sum + service.replicas, 0);
  const found = `found ${counted(replicas, "replica")} for ${counted(hosts.length, "host")}`;
  if (replicas * hosts.length > MOST_LOOKS.atHosts) {
    findings.problem(
      ["services"],
      `${found}, expected at most ${MOST_LOOKS.atHosts} as replicas times hosts, which all have to be looked at`,
    );
  } else if (replicas ** 2 > MOST_LOOKS.atNeighbours * hosts.length) {
    const most = Math.floor(Math.sqrt(MOST_LOOKS.atNeighbours * hosts.length));
    findings.problem(["services"], `${found}, expected at most ${most} on so few hosts: placing more takes minutes`);
  }
}

function finishCluster(cluster: ClusterReading, spot: Spot, reading: Reading): ClusterSpec | undefined {
  const { hosts, lifecycle, control, scheduler } = cluster;
  const kind = { word: "a scheduler", known: reading.catalog.schedulers };
  const checked = scheduler && checkPlugin(scheduler, below(spot, "scheduler"), kind);
  if (hosts === undefined || lifecycle === undefined || control === undefined || checked === undefined)
    return undefined;
  return { hosts, lifecycle, control, scheduler: checked };
}

/** The file's name without folders and ending; of standard input, `scenario`. */
function nameOf(file: string): string {
  const base = file.split(/[/\\]/).at(-1) ?? "";
  const stem = base.replace(/\.(ya?ml|json)$/i, "").replaceAll(/[^A-Za-z0-9._-]/g, "-");
  return /^[A-Za-z0-9]/.test(stem) ? stem : "scenario";
}
