/** The probes of a pod template, as a scenario writes them. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { given } from "./argoValues.ts";
import { leaf } from "./growTree.ts";
import { placeOf } from "./manifestObject.ts";
import type { ContainerForm } from "./podSchema.ts";
import { containerPath, type Workload } from "./workload.ts";

/** Any of the three, as a manifest gives it. */
type ProbeForm = NonNullable<ContainerForm["readinessProbe"] | ContainerForm["livenessProbe"]>;

/**
 * What asks after the container that answers the requests; each probe stands where the manifest has it.
 *
 * Without a readiness probe a container is ready as soon as it runs (Kubernetes, Pod Lifecycle page).
 */
export function probesOf({ template }: Workload): Readonly<Record<string, SourceTree | undefined>> {
  const [first] = template.spec.containers;
  const at = (key: string) => placeOf(template.object, [...containerPath(template, 0), key]);
  const vital = (key: "livenessProbe" | "startupProbe") => {
    const form = first?.[key];
    return form === undefined ? undefined : leaf(at(key), probeOf(form));
  };
  const readiness = first?.readinessProbe;
  return {
    readiness: leaf(at("readinessProbe"), readiness === undefined ? "none" : probeOf(readiness)),
    liveness: vital("livenessProbe"),
    startupProbe: vital("startupProbe"),
  };
}

/** What a manifest leaves out is Kubernetes' own default in a scenario too. */
function probeOf(form: ProbeForm): JsonMap {
  const seconds = (count: number | undefined) => (count === undefined ? undefined : `${count}s`);
  return given({
    initialDelay: seconds(form.initialDelaySeconds),
    timeout: seconds(form.timeoutSeconds),
    period: seconds(form.periodSeconds),
    successes: form.successThreshold,
    failures: form.failureThreshold,
    gracePeriod: seconds(form.terminationGracePeriodSeconds),
  });
}
