import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isAvailable, NOWHERE } from "../cluster/containers.ts";
import type { Host } from "../cluster/hosts.ts";
import type { Service } from "../cluster/services.ts";
import { type Micros, SECOND, toSeconds } from "../kernel/time.ts";
import { humanDuration } from "./kubernetes/humanDuration.ts";
import { byName, kubectlTable, type Table, withNamespaces } from "./kubernetes/kubectlTable.ts";
import { DEFAULT_NAMESPACE, namespaceOf, ownerKind } from "./kubernetes/objects.ts";
import { newReport, type PodReport, type PodReports } from "./kubernetes/podReports.ts";
import { podStatus } from "./kubernetes/podStatus.ts";

/** What kubectl prints for what is not there, and for what nobody told. */
const NONE = "<none>";
const UNKNOWN = "<unknown>";
/** So many endpoints are named; of the others only how many (kubectl, printers.go, formatEndpoints). */
const SHOWN_ENDPOINTS = 3;

/** A run at one moment, as far as the API server knows it. */
export interface Moment {
  readonly cluster: Cluster;
  readonly pods: Readonly<PodReports>;
  /** The host on which room is being made for a container by its id; undefined: none. */
  readonly nominated: (container: number) => number | undefined;
  /** The containers last published as a service's endpoints, by id. */
  readonly published: (service: Service) => readonly number[];
  /** For how long a container of a service must be ready to count as available. */
  readonly minReady: (service: Service) => Micros;
}

/** One line of `kubectl get pods -o wide`. */
export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly ready: boolean;
  /** `Running`, `Pending`, `ContainerCreating`, `Terminating`, `CrashLoopBackOff` … */
  readonly status: string;
  readonly restarts: number;
  /** Seconds since the latest restart's cause; null: it was never restarted. */
  readonly restartedAgoS: number | null;
  readonly ageS: number;
  readonly node: string | null;
  /** Where evictions make room for it. */
  readonly nominatedNode: string | null;
}

export function podRows({ cluster, pods, nominated }: Moment): PodRow[] {
  const rows = cluster.state.containers
    .filter(({ phase }) => phase !== "gone")
    .map((container) =>
      podRow(container, cluster, { report: pods.get(container.id) ?? newReport(), nominated: nominated(container.id) }),
    );
  return rows.sort(byName);
}

function podRow(
  container: Container,
  cluster: Cluster,
  { report, nominated }: { readonly report: PodReport; readonly nominated: number | undefined },
): PodRow {
  const { now } = cluster;
  const host = container.host === NOWHERE ? undefined : cluster.host(container.host);
  const restarted = report.restarts > 0 && report.endedAt !== undefined;
  return {
    namespace: namespaceOf(cluster.service(container.service)),
    name: container.name,
    ready: report.ready,
    status: podStatus(container, report, now),
    restarts: report.restarts,
    restartedAgoS: restarted ? toSeconds(now - (report.endedAt ?? now)) : null,
    ageS: toSeconds(now - container.createdAt),
    node: host?.spec.name ?? null,
    nominatedNode: nominated === undefined ? null : cluster.host(nominated).spec.name,
  };
}

/** Source: kubectl, printers.go, podColumnDefinitions. Nothing in the simulation has an address. */
export function podsTable(rows: readonly PodRow[]): Table {
  const headings = ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES"];
  const lines = rows.map((row) => [
    row.name,
    row.ready ? "1/1" : "0/1",
    row.status,
    row.restartedAgoS === null ? `${row.restarts}` : `${row.restarts} (${age(row.restartedAgoS)} ago)`,
    age(row.ageS),
    NONE,
    row.node ?? NONE,
    row.nominatedNode ?? NONE,
    NONE,
  ]);
  return withNamespaces({ headings, rows: lines }, namespacesOf(rows));
}

/** One line of `kubectl get nodes`. */
export interface NodeRow {
  readonly name: string;
  /** `Ready` or `NotReady`, with `,SchedulingDisabled` where it is cordoned. */
  readonly status: string;
  readonly ageS: number;
}

export function nodeRows({ cluster }: Moment): NodeRow[] {
  const rows = cluster.state.hosts.map((host) => ({
    namespace: "",
    name: host.spec.name,
    status: nodeStatus(host),
    ageS: toSeconds(cluster.now),
  }));
  return rows.sort(byName).map(({ name, status, ageS }) => ({ name, status, ageS }));
}

/** What the control plane believes: a host that fell silent is Ready until it is missed. */
function nodeStatus({ known, cordoned }: Host): string {
  return (known === "reachable" ? "Ready" : "NotReady") + (cordoned ? ",SchedulingDisabled" : "");
}

/** Source: kubectl, printers.go, nodeColumnDefinitions. */
export function nodesTable(rows: readonly NodeRow[]): Table {
  return {
    headings: [
      "NAME",
      "STATUS",
      "ROLES",
      "AGE",
      "VERSION",
      "INTERNAL-IP",
      "EXTERNAL-IP",
      "OS-IMAGE",
      "KERNEL-VERSION",
      "CONTAINER-RUNTIME",
    ],
    rows: rows.map(({ name, status, ageS }) => {
      return [name, status, NONE, age(ageS), UNKNOWN, NONE, NONE, UNKNOWN, UNKNOWN, UNKNOWN];
    }),
  };
}

/** One line of `kubectl get deployments`. */
export interface DeploymentRow {
  readonly namespace: string;
  readonly name: string;
  readonly ready: number;
  readonly replicas: number;
  readonly upToDate: number;
  readonly available: number;
  readonly ageS: number;
}

/** Services that a Deployment keeps; what a person keeps, or another kind, is none. */
export function deploymentRows({ cluster, minReady }: Moment): DeploymentRow[] {
  const { now } = cluster;
  return cluster.state.services
    .filter((service) => ownerKind(service) === "Deployment")
    .map((service) => {
      const active = service.releases.flatMap((release) => cluster.activeOf(release));
      return {
        namespace: namespaceOf(service),
        name: service.spec.name,
        ready: active.filter(({ ready }) => ready).length,
        replicas: service.replicas,
        upToDate: active.filter(({ release }) => release === service.current).length,
        available: active.filter((container) => isAvailable(container, now, minReady(service))).length,
        ageS: toSeconds(now),
      };
    })
    .sort(byName);
}

/** Source: kubectl, printers.go, printDeployment. */
export function deploymentsTable(rows: readonly DeploymentRow[]): Table {
  const lines = rows.map((row) => [
    row.name,
    `${row.ready}/${row.replicas}`,
    `${row.upToDate}`,
    `${row.available}`,
    age(row.ageS),
  ]);
  return withNamespaces(
    { headings: ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"], rows: lines },
    namespacesOf(rows),
  );
}

/** One line of `kubectl get endpoints`, with pods in place of addresses. */
export interface EndpointsRow {
  readonly namespace: string;
  readonly name: string;
  readonly pods: readonly string[];
  readonly ageS: number;
}

/** What the control plane has last published; balancers hear of it later. */
export function endpointsRows({ cluster, published }: Moment): EndpointsRow[] {
  return cluster.state.services
    .map((service) => ({
      namespace: namespaceOf(service),
      name: service.spec.name,
      pods: published(service).map((id) => cluster.container(id).name),
      ageS: toSeconds(cluster.now),
    }))
    .sort(byName);
}

export function endpointsTable(rows: readonly EndpointsRow[]): Table {
  const lines = rows.map(({ name, pods, ageS }) => {
    const shown = pods.slice(0, SHOWN_ENDPOINTS).join(",");
    const more = pods.length > SHOWN_ENDPOINTS ? ` + ${pods.length - SHOWN_ENDPOINTS} more...` : "";
    return [name, pods.length === 0 ? NONE : shown + more, age(ageS)];
  });
  return withNamespaces({ headings: ["NAME", "ENDPOINTS", "AGE"], rows: lines }, namespacesOf(rows));
}

/** A table as text, or what kubectl says where there is nothing to list. */
export function kubectlText(table: Table): string {
  if (table.rows.length === 0) return `No resources found in ${DEFAULT_NAMESPACE} namespace.\n`;
  return `${kubectlTable(table).join("\n")}\n`;
}

function namespacesOf(rows: readonly { readonly namespace: string }[]): string[] {
  return rows.map(({ namespace }) => namespace);
}

function age(seconds: number): string {
  return humanDuration(Math.round(seconds * SECOND));
}
