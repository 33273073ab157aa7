/** The fields of a pod that the simulation and its scheduler know. Source: Kubernetes API reference, PodSpec (v1). */
import { z } from "zod";
import { wholeNumber } from "../fields/number.ts";
import { refusal } from "../fields/refusal.ts";
import { flag, labelMap, noEffect, quantities, wholeSeconds, words } from "./schemaParts.ts";

const LARGEST_INT32 = 2 ** 31 - 1;

const atLeastOne = wholeSeconds.min(1, { error: "expected at least 1" });

/** 0 is as good as none: the API server cannot tell them apart, and puts the default there. */
const orDefault = wholeSeconds.transform((given) => (given === 0 ? undefined : given)).optional();

/** Below 0 is taken as 1, as the API server does since v1.22. */
const graceSeconds = wholeNumber({ from: -LARGEST_INT32, to: LARGEST_INT32 }).transform((given) =>
  given < 0 ? 1 : given,
);

/** How a probe asks is the image's affair: its `startup`, `hang` and `ready` say what it would find. */
const probe = {
  exec: noEffect,
  httpGet: noEffect,
  tcpSocket: noEffect,
  grpc: noEffect,
  initialDelaySeconds: wholeSeconds.optional(),
  timeoutSeconds: orDefault,
  periodSeconds: orDefault,
  failureThreshold: orDefault,
};

const readinessProbe = z.object({
  ...probe,
  successThreshold: orDefault,
  terminationGracePeriodSeconds: z
    .undefined({ error: (issue) => refusal(issue.input, "nothing: only liveness and startup probes end a container") })
    .optional(),
});

const vitalProbe = z.object({
  ...probe,
  successThreshold: z
    .literal([0, 1], { error: (issue) => refusal(issue.input, "1, as for every liveness and startup probe") })
    .transform((): undefined => undefined)
    .optional(),
  terminationGracePeriodSeconds: atLeastOne.optional(),
});

const preStop = z.object({
  exec: z.object({ command: z.array(words).optional() }).optional(),
  sleep: z.object({ seconds: wholeSeconds }).optional(),
  httpGet: noEffect,
  tcpSocket: noEffect,
});

const LAST_PORT = 65_535;

const port = z.object({
  name: words.optional(),
  containerPort: wholeNumber({ from: 1, to: LAST_PORT }).optional(),
  protocol: words.optional(),
  /** 0 is as good as none: the API server cannot tell them apart. */
  hostPort: wholeNumber({ from: 0, to: LAST_PORT }).optional(),
  hostIP: words.optional(),
});

const initContainer = z.object({
  name: words.optional(),
  image: words.optional(),
  ports: z.array(port).optional(),
  resources: z.object({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  lifecycle: z.object({ preStop: preStop.optional() }).optional(),
  restartPolicy: words.optional(),
});

const container = initContainer.extend({
  readinessProbe: readinessProbe.optional(),
  livenessProbe: vitalProbe.optional(),
  startupProbe: vitalProbe.optional(),
});

/** One container of a pod. */
export type ContainerForm = z.output<typeof container>;

/** A pod's spec: what only the scheduler reads is checked by the scheduler's own reader. */
export const podSpecSchema = z.object({
  containers: z.array(container).min(1),
  initContainers: z.array(initContainer).optional(),
  terminationGracePeriodSeconds: graceSeconds.optional(),
  restartPolicy: words.optional(),
  nodeName: words.optional(),
  nodeSelector: labelMap.optional(),
  affinity: z.unknown().optional(),
  tolerations: z.unknown().optional(),
  topologySpreadConstraints: z.unknown().optional(),
  priority: z.int().optional(),
  priorityClassName: words.optional(),
  preemptionPolicy: words.optional(),
  schedulerName: words.optional(),
  hostNetwork: flag.optional(),
  overhead: quantities.optional(),
  resources: z.object({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
});

/** A pod's spec as checked. */
export type PodSpecForm = z.output<typeof podSpecSchema>;

/** What a workload makes its pods of. */
export const podTemplateSchema = z.object({
  metadata: z
    .object({
      labels: labelMap.optional(),
      name: noEffect,
      namespace: noEffect,
      annotations: noEffect,
      creationTimestamp: noEffect,
    })
    .optional(),
  spec: podSpecSchema,
});
