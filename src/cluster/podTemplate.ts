/** A value as JSON has it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonMap;

/** A map as JSON has it. */
export interface JsonMap {
  readonly [key: string]: JsonValue;
}

/**
 * What Kubernetes knows of a service's containers: the pod template that a manifest gives, checked when it was read.
 *
 * `spec` is a v1 PodSpec, so that a scheduler of Kubernetes' own rules can read affinity, spread constraints, host ports and
 * extended resources by the same code as any other pod's. Source: Kubernetes API reference, PodTemplateSpec.
 */
export interface PodTemplate {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonMap;
  /** The label selector of the controller that owns the pods, as v1 writes it; undefined: nobody owns them. */
  readonly ownerSelector: JsonMap | undefined;
}
