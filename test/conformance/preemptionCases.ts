import { argsFromV1 } from "../../src/scheduling/kubernetes/argsFromV1.ts";
import { budgetFromV1 } from "../../src/scheduling/kubernetes/budgetFromV1.ts";
import { findCandidates, mayPreempt, preempt } from "../../src/scheduling/kubernetes/preemption.ts";
import { DEFAULT_FILTERS, PLUGIN_MAKERS, profileOf } from "../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../src/scheduling/kubernetes/scheduler.ts";
import { V1Field } from "../../src/scheduling/kubernetes/v1Fields.ts";
import { clusterOf, givenCodes, list } from "./caseCluster.ts";
import type { CaseFile, CaseJson } from "./conformanceCases.ts";
import { disagreements } from "./disagreements.ts";

const first = () => 0;

interface Expected {
  readonly candidates?: readonly { readonly node: string; readonly victims?: readonly string[] }[];
  readonly node?: string | null;
  readonly nodeAnyOf?: readonly string[];
  readonly victims?: readonly string[];
}

/** Who has to go so that the pod fits: the candidates one by one, or what is chosen of them. */
export function preemptCase(file: CaseFile, one: CaseJson): readonly string[] {
  const { cache, pod, running } = clusterOf(one);
  const filters = one.plugins === undefined ? DEFAULT_FILTERS : list(one.plugins).map(String);
  for (const name of filters) if (!PLUGIN_MAKERS.has(name)) throw new Error(`unknown plugin "${name}"`);
  const args = argsFromV1("DefaultPreemption", new V1Field(one.args ?? file.args, "args"));
  const scheduler = new KubernetesScheduler(profileOf({ filters, scores: new Map(), args }), cache);
  const budgets = list(one.pdbs).map((json) => budgetFromV1(json, running));
  // Absent: every node failed in a way that evictions may mend.
  const codeOf = givenCodes(one, cache) ?? (() => "Unschedulable" as const);
  const input = { pod, budgets, codeOf, random: first };
  const nameOf = (node: number) => cache.nodes[node]?.name ?? "";
  const { candidates, nodeAnyOf, ...wanted } = one.expect as Expected;
  const found: string[] = [];
  if (candidates !== undefined) {
    const all = findCandidates(scheduler, input).map(({ node, victims, budgetViolations }) => ({
      node: nameOf(node),
      victims: victims.map(({ name }) => name).sort(),
      pdbViolations: budgetViolations,
    }));
    found.push(...disagreements(all.sort(byNode), candidates.map(withSortedVictims).sort(byNode), "candidates"));
  }
  const chosen = preempt(scheduler, input);
  const node = chosen === undefined ? null : nameOf(chosen.node);
  const victims = (chosen?.victims ?? []).map(({ name }) => name).sort();
  if (nodeAnyOf !== undefined && !nodeAnyOf.includes(node ?? ""))
    found.push(`chose ${node}, expected one of ${nodeAnyOf.join(", ")}`);
  return [...found, ...disagreements({ node, victims }, withSortedVictims(wanted))];
}

function withSortedVictims<Of extends { readonly victims?: readonly string[] }>(one: Of): Of {
  return one.victims === undefined ? one : { ...one, victims: [...one.victims].sort() };
}

function byNode(a: { readonly node: string }, b: { readonly node: string }): number {
  return a.node < b.node ? -1 : 1;
}

/** Whether the pod may preempt at all just now. */
export function eligibleCase(one: CaseJson): readonly string[] {
  const { cache, pod } = clusterOf(one);
  const codeOf = givenCodes(one, cache) ?? (() => undefined);
  return disagreements({ eligible: mayPreempt(cache, pod, codeOf) }, one.expect);
}
