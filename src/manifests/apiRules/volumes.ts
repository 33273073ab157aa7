/** Volumes and where they are mounted. Source: Kubernetes, pkg/apis/core/validation/validation.go, ValidateVolumes (v1.34). */
import type { JsonMap } from "../../cluster/podTemplate.ts";
import { suggestion } from "../../fields/nearest.ts";
import { doubles, eachOf, type Finding, type Form, found, mapsOf, needed, oneOf, under, within } from "./finding.ts";
import { SOME_TEXT } from "./handlers.ts";
import { DNS_LABEL } from "./names.ts";

const SOURCES = [
  ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI"],
  ...["emptyDir", "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath"],
  ...["image", "iscsi", "nfs", "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "projected"],
  ...["quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume"],
];

const STRAIGHT_PATH: Form = { fits: (path) => !path.split("/").includes(".."), expected: "a path without '..'" };

/** A pod's volumes; one that names no source is an emptyDir. */
export function volumeFindings(spec: JsonMap): Finding[] {
  return [
    ...under(["volumes"], doubles(spec.volumes, "name", "volume")),
    ...eachOf(spec, "volumes", (volume) => {
      const [first, ...more] = SOURCES.filter((source) => volume[source] !== undefined);
      return [
        ...needed(volume, "name", DNS_LABEL),
        ...more.map((key) => found([key], volume[key], `only one source, and there is ${String(first)}`)),
        ...within(volume, "configMap", (source) => needed(source, "name", SOME_TEXT)),
        ...within(volume, "secret", (source) => needed(source, "secretName", SOME_TEXT)),
        ...within(volume, "hostPath", (source) => needed(source, "path", STRAIGHT_PATH)),
        ...within(volume, "persistentVolumeClaim", (source) => needed(source, "claimName", SOME_TEXT)),
      ];
    }),
  ];
}

/** A container's mounts, of volumes by these names. */
export function mountFindings(container: JsonMap, volumes: readonly string[]): Finding[] {
  const named = (item: JsonMap): Finding[] => {
    const { name } = item;
    if (typeof name === "string" && volumes.includes(name)) return [];
    const hint = typeof name === "string" ? suggestion(name, volumes) : "";
    return [found(["name"], name, `the name of one of the pod's volumes${hint === "" ? ", and there is none" : hint}`)];
  };
  return [
    ...under(["volumeMounts"], doubles(container.volumeMounts, "mountPath", "mount at")),
    ...eachOf(container, "volumeMounts", (mount) => [
      ...named(mount),
      ...needed(mount, "mountPath", SOME_TEXT),
      ...["subPath", "subPathExpr"].flatMap((key) => descending(mount, key)),
      ...oneOf(mount, "mountPropagation", ["None", "HostToContainer", "Bidirectional"]),
      ...bothPaths(mount),
    ]),
    ...under(["volumeDevices"], doubles(container.volumeDevices, "devicePath", "device at")),
    ...eachOf(container, "volumeDevices", (device) => [...named(device), ...needed(device, "devicePath", SOME_TEXT)]),
  ];
}

/** The names of a pod's volumes, with those that a StatefulSet claims for each of its pods. */
export function volumeNames(spec: JsonMap, claims: readonly string[]): readonly string[] {
  const own = mapsOf(spec.volumes).flatMap(({ item: { name } }) => (typeof name === "string" ? [name] : []));
  return [...own, ...claims];
}

function descending(mount: JsonMap, key: string): Finding[] {
  const path = mount[key];
  if (typeof path !== "string" || (!path.startsWith("/") && !path.split("/").includes(".."))) return [];
  return [found([key], path, "a path inside the volume, without '/' in front and without '..'")];
}

function bothPaths({ subPath = "", subPathExpr = "" }: JsonMap): Finding[] {
  return subPath === "" || subPathExpr === "" ? [] : [found(["subPathExpr"], subPathExpr, "none beside a subPath")];
}
