/** The fields that Kubernetes' and Argo Rollouts' own models have, read from the declarations of their packages. */
import { join } from "node:path";
import ts from "typescript";

const PACKAGES = join(import.meta.dirname, "..", "..", "node_modules");

/** Where each kind's model is declared. */
const MODELS: Readonly<Record<string, string>> = {
  Deployment: "kubernetes-models/apps/v1/Deployment",
  StatefulSet: "kubernetes-models/apps/v1/StatefulSet",
  DaemonSet: "kubernetes-models/apps/v1/DaemonSet",
  ReplicaSet: "kubernetes-models/apps/v1/ReplicaSet",
  ReplicationController: "kubernetes-models/v1/ReplicationController",
  Pod: "kubernetes-models/v1/Pod",
  Service: "kubernetes-models/v1/Service",
  PodDisruptionBudget: "kubernetes-models/policy/v1/PodDisruptionBudget",
  HorizontalPodAutoscaler: "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler",
  PriorityClass: "kubernetes-models/scheduling.k8s.io/v1/PriorityClass",
  Node: "kubernetes-models/v1/Node",
  Namespace: "kubernetes-models/v1/Namespace",
  Rollout: "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout",
  AnalysisTemplate: "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate",
  ClusterAnalysisTemplate: "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/ClusterAnalysisTemplate",
};

/** The path of one field of a kind, such as `spec.template.spec.containers.image`; lists are looked through. */
type OfficialField = readonly string[];

/** Every field of each kind's model, those inside of fields included, in the order of the declarations. */
export function officialFields(): ReadonlyMap<string, readonly OfficialField[]> {
  const files = Object.entries(MODELS).map(([kind, model]) => ({ kind, file: `${join(PACKAGES, model)}.d.ts` }));
  const program = ts.createProgram(
    files.map(({ file }) => file),
    { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, types: [] },
  );
  const checker = program.getTypeChecker();
  return new Map(
    files.map(({ kind, file }) => {
      const source = program.getSourceFile(file);
      const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
      const form = module?.exports?.get(`I${kind}` as ts.__String);
      if (form === undefined) throw new Error(`${file} does not declare I${kind}`);
      return [kind, fieldsOf(checker.getDeclaredTypeOfSymbol(form), checker, [])];
    }),
  );
}

function fieldsOf(type: ts.Type, checker: ts.TypeChecker, above: readonly string[]): OfficialField[] {
  if (above.length > 20) throw new Error(`${above.join(".")} is deeper than any field of Kubernetes`);
  // A text or a number has properties too, and none of them is a field.
  if ((type.flags & ts.TypeFlags.Object) === 0) return [];
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const path = [...above, property.name];
    return [path, ...fieldsOf(insideOf(checker.getTypeOfSymbol(property), checker), checker, path)];
  });
}

/** What a field holds once: of a list, its items; of what may be missing, what is there. */
function insideOf(type: ts.Type, checker: ts.TypeChecker): ts.Type {
  const there = checker.getNonNullableType(type);
  const [item] = checker.isArrayType(there) ? checker.getTypeArguments(there as ts.TypeReference) : [];
  if (item !== undefined) return insideOf(item, checker);
  return there.isUnion() ? (there.types.find((one) => (one.flags & ts.TypeFlags.Object) !== 0) ?? there) : there;
}
