/** What nodes have and what their pods take, by resource, in columns: a scan over thousands of nodes reads neighbouring numbers. */
import type { NodeInfo, PodSpecInfo } from "./podInfo.ts";

/** One resource, by node: `cpu` in millicores, all else in whole units. */
export interface ResourceColumn {
  readonly allocatable: Float64Array;
  readonly requested: Float64Array;
}

/** The table. It owns its numbers; others read them. */
export class NodeResources {
  readonly podCounts: Int32Array;
  readonly allowedPods: Float64Array;
  /** Requests where a container that does not say counts as the defaults. */
  readonly nonZeroMillicores: Float64Array;
  readonly nonZeroBytes: Float64Array;
  readonly #nodes: readonly NodeInfo[];
  readonly #columns = new Map<string, ResourceColumn>();

  constructor(nodes: readonly NodeInfo[]) {
    this.#nodes = nodes;
    this.podCounts = new Int32Array(nodes.length);
    this.allowedPods = Float64Array.from(nodes, (node) => node.allocatable.get("pods") ?? 0);
    this.nonZeroMillicores = new Float64Array(nodes.length);
    this.nonZeroBytes = new Float64Array(nodes.length);
  }

  /** The column of a resource; of one that nobody has and nobody takes, zeros. */
  column(name: string): ResourceColumn {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column: ResourceColumn = {
      allocatable: Float64Array.from(this.#nodes, (node) => node.allocatable.get(name) ?? 0),
      requested: new Float64Array(this.#nodes.length),
    };
    this.#columns.set(name, column);
    return column;
  }

  /** A pod comes (+1) or goes (-1). */
  change(node: number, spec: PodSpecInfo, by: 1 | -1): void {
    this.podCounts[node] = (this.podCounts[node] ?? 0) + by;
    addAt(this.nonZeroMillicores, node, by * spec.nonZeroMillicores);
    addAt(this.nonZeroBytes, node, by * spec.nonZeroBytes);
    for (const [name, amount] of spec.requests) addAt(this.column(name).requested, node, by * amount);
  }
}

function addAt(numbers: Float64Array, index: number, amount: number): void {
  numbers[index] = (numbers[index] ?? 0) + amount;
}
