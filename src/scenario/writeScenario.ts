import { Document, isCollection, visit } from "yaml";
import type { Scenario } from "../cluster/spec.ts";
import type { Catalog } from "./catalog.ts";
import { readScenario } from "./readScenario.ts";
import { sameValue, type Tree, withoutDefaults } from "./writePruned.ts";
import { treeOfScenario } from "./writeTree.ts";

/**
 * A scenario as a short YAML file that reads as the very same scenario: what equals a default is left out.
 *
 * @throws Error for what no file can say by itself: traces and replays, and specs that the reader would not make.
 */
export function writeScenario(scenario: Scenario, catalog: Catalog): string {
  const read = (tree: Tree): Scenario | undefined => {
    try {
      return readScenario(JSON.stringify(tree), {
        file: "written",
        catalog,
        readFile: (path) => {
          throw new Error(`a written scenario reads no ${path}`);
        },
      }).scenario;
    } catch {
      return undefined;
    }
  };
  const whole = treeOfScenario(scenario);
  const again = read(whole);
  if (again === undefined) throw new Error(`scenario ${scenario.name} cannot be written: the reader refuses it`);
  if (!sameValue(again, scenario))
    throw new Error(`scenario ${scenario.name} cannot be written: it would read otherwise`);
  const short = withoutDefaults(whole, (tree) => sameValue(read(tree), scenario));
  return textOf(short);
}

/** Longest map or list that stands on one line. */
const LONGEST_LINE = 100;

/** As a person would lay it out: what is short stands on one line, as `{ at: 1m, crash: { host: host-1 } }`. */
function textOf(tree: Tree): string {
  const document = new Document(tree);
  visit(document, {
    Collection(_key, node, ancestors) {
      const depth = ancestors.filter(isCollection).length;
      if (depth < 2 || JSON.stringify(node).length > LONGEST_LINE) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}
