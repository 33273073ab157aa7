/** What the API server refuses in a pod beyond types and ranges. Source: Kubernetes, pkg/apis/core/validation/validation.go. */
import type { Path } from "../scenario/path.ts";
import type { ManifestReport } from "./manifestObject.ts";
import type { ContainerForm } from "./podSchema.ts";
import type { Template } from "./workload.ts";

/** Tells of names and host ports that a pod has twice, at the second place where they stand. */
export function checkPodRules({ object, path, spec }: Template, report: ManifestReport): void {
  const lists = [
    { key: "initContainers", containers: spec.initContainers ?? [] },
    { key: "containers", containers: spec.containers },
  ];
  const names = new Firsts();
  for (const { key, containers } of lists) {
    // Containers of one list run side by side; those of the other list have their own time on the host.
    const hostPorts = new Firsts();
    for (const [i, container] of containers.entries()) {
      const at = [...path, "spec", key, i];
      const twice = names.note(container.name, `${key}[${i}]`);
      if (twice !== undefined) {
        const text = `found a second container called "${container.name}", expected a name of its own (the first is ${twice})`;
        report.problem(object, [...at, "name"], text);
      }
      for (const { tail, text } of portProblems(container, `${key}[${i}]`, hostPorts)) {
        report.problem(object, [...at, ...tail], text);
      }
    }
  }
}

/** Where each text stood first. */
class Firsts {
  readonly #places = new Map<string, string>();

  /** @returns the place where the text stood before; undefined the first time, and for no text. */
  note(text: string | undefined, place: string): string | undefined {
    if (text === undefined) return undefined;
    const before = this.#places.get(text);
    if (before === undefined) this.#places.set(text, place);
    return before;
  }
}

/** Equal container ports are allowed; equal port names of one container and equal host ports of a pod are not. */
function portProblems({ ports = [] }: ContainerForm, place: string, hostPorts: Firsts): { tail: Path; text: string }[] {
  const names = new Firsts();
  return ports.flatMap(({ name, hostPort = 0, hostIP = "", protocol = "TCP" }, i) => {
    const found: { tail: Path; text: string }[] = [];
    const named = names.note(name, `${place}.ports[${i}]`);
    if (named !== undefined) {
      const text = `found a second port called "${name}", expected a name of its own in its container (the first is ${named})`;
      found.push({ tail: ["ports", i, "name"], text });
    }
    // 0 is what a manifest that gives none is read as.
    const key = hostPort === 0 ? undefined : `${protocol}/${hostIP}/${hostPort}`;
    const taken = hostPorts.note(key, `${place}.ports[${i}]`);
    if (taken !== undefined) {
      const text = `found ${protocol} port ${hostPort} of the host a second time, expected one that is free (the first is ${taken})`;
      found.push({ tail: ["ports", i, "hostPort"], text });
    }
    return found;
  });
}
