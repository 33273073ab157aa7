/** The fields of Argo Rollouts' kinds. Source: Argo Rollouts 1.8, specification, blueGreen, canary and analysis pages. */
import { headFields, labelSelectorFields, objectFields } from "./metadataFields.ts";
import { podTemplateFields } from "./podFields.ts";
import { acts, each, type FieldRule, type FieldTable, holds, ignored, table, warned } from "./rules.ts";

const PROVIDER = ignored("what the provider would be asked: the scenario's own answers are what is measured");
const ARGUMENTS = acts("in the metrics' figures; what the provider would be asked does not matter");
const RETAINED = ignored("how many past analyses are kept to look at");

const templateRefs = table("AnalysisTemplateRef", { templateName: acts(), clusterScope: acts() });

const dryRun = holds(table("DryRun", { metricName: acts("such a metric fails nothing") }));

const analysis = table("RolloutAnalysis", {
  templates: holds(templateRefs),
  dryRun,
  args: ARGUMENTS,
  analysisRunMetadata: ignored("names of the objects that an analysis leaves"),
  measurementRetention: RETAINED,
});

const POD_LABELS = warned("its pods have the labels of their template all the time");
const ANTI_AFFINITY = warned("pods of both versions may share a host, unless the pod template says otherwise");

const blueGreen = table("BlueGreenStrategy", {
  activeService: acts("must be among the manifests"),
  previewService: ignored("must be among the manifests; no user asks the preview"),
  ...each(["autoPromotionEnabled", "autoPromotionSeconds"], acts()),
  previewReplicaCount: acts("0: none until it is promoted"),
  ...each(["scaleDownDelaySeconds", "scaleDownDelayRevisionLimit"], acts()),
  abortScaleDownDelaySeconds: acts("0: the new pods are kept"),
  prePromotionAnalysis: holds(analysis),
  postPromotionAnalysis: holds(analysis),
  antiAffinity: ANTI_AFFINITY,
  ...each(["activeMetadata", "previewMetadata"], POD_LABELS),
  maxUnavailable: warned("it is about restartAt, which is not simulated either"),
});

const ROUTER = ignored("which router it is does not matter: all of them split the requests by weight");

const trafficRouting = table("RolloutTrafficRouting", {
  ...each(["ambassador", "apisix", "appMesh", "istio", "nginx", "plugins", "smi", "traefik"], ROUTER),
  alb: holds(
    table("ALBTrafficRouting", {
      ...each(["annotationPrefix", "ingress", "ingresses", "rootService", "servicePort"], ROUTER),
      stickinessConfig: warned("each request is balanced by itself"),
    }),
  ),
  managedRoutes: ignored("names for setHeaderRoute and setMirrorRoute, which are warned about"),
  maxTrafficWeight: acts("what setWeight and the weight of setCanaryScale are shares of"),
});

const experiment = table("RolloutExperimentStep", {
  duration: acts("the step waits so long; without one it is passed over"),
  templates: warned("no pods are started for an experiment"),
  scaleDownDelaySeconds: ignored("no pods are started for an experiment, which is warned about"),
  analyses: warned("nothing is measured for an experiment: it succeeds"),
  dryRun: ignored("nothing is measured for an experiment, which is warned about"),
  analysisRunMetadata: ignored("names of the objects that an analysis leaves"),
});

const step = table("CanaryStep", {
  setWeight: acts(),
  pause: holds(table("RolloutPause", { duration: acts("without one, a person ends it") })),
  analysis: holds(analysis),
  setCanaryScale: holds(
    table("SetCanaryScale", each(["replicas", "weight", "matchTrafficWeight"], acts("with a router, as in Argo"))),
  ),
  experiment: holds(experiment),
  setHeaderRoute: warned("passed over, which takes no time in Argo either: requests have no headers"),
  setMirrorRoute: warned("passed over, which takes no time in Argo either: no request is sent twice"),
  plugin: warned("passed over, as if it succeeded at once"),
});

const ROUTED = acts("with a router, as in Argo");

const canary = table("CanaryStrategy", {
  ...each(["stableService", "canaryService"], ignored("must be among the manifests; the weights split the requests")),
  steps: holds(step),
  ...each(["maxSurge", "maxUnavailable"], acts("without a router, as in Argo")),
  trafficRouting: holds(trafficRouting),
  ...each(["dynamicStableScale", "scaleDownDelaySeconds"], ROUTED),
  minPodsPerReplicaSet: acts("with a router, as in Argo; never more than replicas"),
  abortScaleDownDelaySeconds: acts("with a router; 0: the new pods are kept"),
  analysis: holds(table("RolloutAnalysisBackground", { ...analysis.fields, startingStep: acts() })),
  replicaProgressThreshold: holds(table("ReplicaProgressThreshold", each(["type", "value"], acts()))),
  antiAffinity: ANTI_AFFINITY,
  ...each(["canaryMetadata", "stableMetadata"], POD_LABELS),
  pingPong: warned("which Service is whose makes no difference here; both must be among the manifests"),
  scaleDownDelayRevisionLimit: warned("every replaced release is kept for its delay"),
});

/** argoproj.io/v1alpha1 Rollout. */
export const rolloutFields = table("Rollout", {
  ...objectFields,
  spec: holds(
    table("RolloutSpec", {
      selector: holds(labelSelectorFields),
      template: holds(podTemplateFields),
      ...each(["replicas", "minReadySeconds", "paused"], acts()),
      ...each(["progressDeadlineSeconds", "progressDeadlineAbort"], acts()),
      revisionHistoryLimit: acts("so many old versions can be rolled back to"),
      strategy: holds(table("RolloutStrategy", { blueGreen: holds(blueGreen), canary: holds(canary) })),
      workloadRef: holds(
        table("ObjectRef", {
          apiVersion: ignored("the kind says it"),
          kind: acts(),
          name: acts(),
          scaleDown: warned("the workload that lends its template runs no pods of its own"),
        }),
      ),
      restartAt: warned(
        "a date says nothing here: time begins at 0s; a deploy of an image that behaves the same replaces all pods",
      ),
      rollbackWindow: holds(
        table("RollbackWindowSpec", {
          revisions: acts("so many versions back, a rollback skips steps, pauses and analyses"),
        }),
      ),
      analysis: RETAINED,
    }),
  ),
});

const CONDITION: FieldRule = ignored("what the metric would be compared with: a warning says what it fails by here");

const metric = table("Metric", {
  name: acts(),
  ...each(["initialDelay", "interval", "count"], acts()),
  ...each(["failureLimit", "inconclusiveLimit", "consecutiveErrorLimit", "consecutiveSuccessLimit"], acts()),
  ...each(["successCondition", "failureCondition"], CONDITION),
  provider: PROVIDER,
});

/** argoproj.io/v1alpha1 AnalysisTemplate and ClusterAnalysisTemplate. */
export const analysisTemplateFields: FieldTable = table("AnalysisTemplate", {
  ...headFields,
  spec: holds(
    table("AnalysisTemplateSpec", {
      metrics: holds(metric),
      templates: holds(templateRefs),
      dryRun,
      args: ARGUMENTS,
      measurementRetention: RETAINED,
    }),
  ),
});
