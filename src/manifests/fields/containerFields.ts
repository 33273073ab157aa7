/** The fields of a pod's containers. Source: Kubernetes API reference, Container, Probe and Lifecycle (v1). */
import { acts, each, type FieldRule, type FieldTable, holds, ignored, table, warned } from "./rules.ts";

const ASKS = ignored("how a probe asks: the image's startup, ready and hang say what it would find");

const figures = each(
  ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold", "successThreshold"],
  acts("0 is Kubernetes' own default, as in the API"),
);

const readinessProbe = table("Probe for readiness", {
  ...each(["exec", "httpGet", "tcpSocket", "grpc"], ASKS),
  ...figures,
  terminationGracePeriodSeconds: ignored("not allowed: an error, as in the API"),
});

const vitalProbe = table("Probe for liveness or startup", {
  ...readinessProbe.fields,
  successThreshold: ignored("always 1: any other is an error, as in the API"),
  terminationGracePeriodSeconds: acts(),
});

const preStop = table("preStop", {
  exec: acts("a command that sleeps; any other takes no time, with a warning"),
  sleep: acts(),
  ...each(["httpGet", "tcpSocket"], ignored("takes no time, and a warning at the preStop says so")),
});

const lifecycle = table("Lifecycle", {
  preStop: holds(preStop),
  postStart: warned("the image's startup is all the time that a start takes"),
  stopSignal: warned("every stop is a SIGTERM, then a SIGKILL"),
});

const port = table("ContainerPort", {
  hostPort: acts("two pods that want one port of the host never share it"),
  hostIP: acts("beside hostPort"),
  protocol: acts("beside hostPort"),
  containerPort: acts("of a pod in the host's network"),
  name: ignored("a name: two of one name in a container are an error"),
});

/** What a container or a pod asks of its host. */
export const resourceFields = table("ResourceRequirements", {
  requests: acts(),
  limits: {
    ...acts("where a request is left out, the limit is one; nothing is throttled or killed at its limit"),
    caution: "counts as a request where none is given, and limits nothing: no container is throttled or killed for it",
  },
  claims: warned("there are no claims of devices"),
});

const PROGRAM = warned("what the program does is the image's affair: its startup, service and errors");

/** Fields of any container that are not simulated. */
const others: Readonly<Record<string, FieldRule>> = {
  ...each(["args", "command", "env", "envFrom", "workingDir"], PROGRAM),
  ...each(["volumeMounts", "volumeDevices"], warned("there are no volumes")),
  ...each(["stdin", "stdinOnce", "tty"], warned("", [false])),
  securityContext: warned(),
  imagePullPolicy: warned("a host pulls an image that it does not have, once", ["IfNotPresent"]),
  ...each(["terminationMessagePath", "terminationMessagePolicy"], ignored("where a container leaves its last words")),
  resizePolicy: warned("nothing is resized in place"),
  restartPolicyRules: warned("a container that ended is started again"),
};

const shared: Readonly<Record<string, FieldRule>> = {
  name: ignored("a name: two of one name in a pod are an error"),
  image: acts(),
  ports: holds(port),
  resources: holds(resourceFields),
};

const NOT_ASKED = warned("only the container that answers the requests is asked");

/** The container that answers the requests. */
export const answeringFields = table("Container, the answering one", {
  ...shared,
  readinessProbe: holds(readinessProbe),
  livenessProbe: holds(vitalProbe),
  startupProbe: holds(vitalProbe),
  lifecycle: holds(lifecycle),
  restartPolicy: warned("a container that ended is started again", ["Always"]),
  ...others,
});

/** The others beside it. */
export const furtherContainer: FieldTable = table("Container, each other one", {
  ...answeringFields.fields,
  image: acts("for the plugin ImageLocality only"),
  ...each(["readinessProbe", "livenessProbe", "startupProbe"], NOT_ASKED),
});

/** Those that run before, and sidecars. */
export const initContainer = table("Container, of initContainers", {
  ...furtherContainer.fields,
  lifecycle: warned("only the preStop of containers is waited for"),
  restartPolicy: acts("Always makes it a sidecar, whose resources count for good"),
});
