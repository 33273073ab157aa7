/** Workloads beside their pods. Source: Kubernetes, pkg/apis/apps/validation/validation.go (v1.34). */

import type { JsonMap } from "../../cluster/podTemplate.ts";
import { isNone } from "../findings.ts";
import { isMap, mapAt } from "../jsonMap.ts";
import { type Finding, fitting, found, mapsOf, oneOf, under, within } from "./finding.ts";
import { annotationFindings, emptySelector, labelFindings } from "./labels.ts";
import { DNS_LABEL, DNS_SUBDOMAIN } from "./names.ts";
import { podSpecFindings } from "./podSpec.ts";

const MOST_PERCENT = 100;

/** The spec of a Deployment, StatefulSet, DaemonSet, ReplicaSet or ReplicationController. */
export function workloadFindings(kind: string, spec: JsonMap): Finding[] {
  const claims = mapsOf(spec.volumeClaimTemplates).map(({ item }) => String(mapAt(item, "metadata").name));
  return [
    ...(kind === "ReplicationController" ? within(spec, "selector", labelFindings) : emptySelector(spec)),
    ...strategyFindings(kind, spec),
    ...within(spec, "template", (template) => templateFindings(template, claims)),
  ];
}

/** A pod template, of any workload. */
export function templateFindings(template: JsonMap, claims: readonly string[] = []): Finding[] {
  return [
    ...within(template, "metadata", (metadata) => [
      ...within(metadata, "labels", labelFindings),
      ...within(metadata, "annotations", annotationFindings),
    ]),
    ...within(template, "spec", (spec) => {
      const { activeDeadlineSeconds, ephemeralContainers } = spec;
      const findings = [
        ...fitting(spec, "nodeName", DNS_SUBDOMAIN),
        ...podSpecFindings({ ...spec, activeDeadlineSeconds: null }, claims),
      ];
      if (activeDeadlineSeconds !== undefined) {
        findings.push(
          found(["activeDeadlineSeconds"], activeDeadlineSeconds, "none: only a Pod of its own may have one"),
        );
      }
      if (Array.isArray(ephemeralContainers) && ephemeralContainers.length > 0) {
        findings.push(found(["ephemeralContainers"], ephemeralContainers, "none in a template"));
      }
      return findings;
    }),
  ];
}

function strategyFindings(kind: string, spec: JsonMap): Finding[] {
  switch (kind) {
    case "Deployment":
      return within(spec, "strategy", (strategy) =>
        within(strategy, "rollingUpdate", (update) => [
          ...countOrPercent(update, "maxUnavailable", MOST_PERCENT),
          ...countOrPercent(update, "maxSurge"),
        ]),
      );
    case "DaemonSet":
      return within(spec, "updateStrategy", (strategy) =>
        strategy.type === "OnDelete"
          ? []
          : within(strategy, "rollingUpdate", (update) =>
              ["maxUnavailable", "maxSurge"].flatMap((key) => countOrPercent(update, key, MOST_PERCENT)),
            ),
      );
    case "StatefulSet":
      return [
        // Its pods' subdomain; asked of the set itself since v1.33 (kubernetes/kubernetes, pull request 130233).
        ...fitting(spec, "serviceName", DNS_LABEL),
        ...within(spec, "updateStrategy", (strategy) => {
          if (strategy.type !== "OnDelete") return within(strategy, "rollingUpdate", unavailableFindings);
          if (!isMap(strategy.rollingUpdate)) return [];
          return [[["rollingUpdate"], "found it beside the type OnDelete, expected it with RollingUpdate only"]];
        }),
        ...within(spec, "persistentVolumeClaimRetentionPolicy", (policy) =>
          ["whenDeleted", "whenScaled"].flatMap((key) => oneOf(policy, key, ["Retain", "Delete"])),
        ),
      ];
    default:
      return [];
  }
}

/** How many pods of a StatefulSet may be away: at least one, or nothing could ever be replaced. */
function unavailableFindings(update: JsonMap): Finding[] {
  const { maxUnavailable } = update;
  if (isNone(maxUnavailable)) return [found(["maxUnavailable"], maxUnavailable, "a count or a percentage above 0")];
  return countOrPercent(update, "maxUnavailable", MOST_PERCENT);
}

/** Kubernetes' IntOrString: a text is a percentage of whole per cents, never a number in quotes. */
export function countOrPercent(map: JsonMap, key: string, mostPercent = Number.POSITIVE_INFINITY): Finding[] {
  const value = map[key];
  if (typeof value !== "string") return [];
  const [, digits] = /^(\d+)%$/.exec(value) ?? [];
  if (digits === undefined)
    return [found([key], value, "a whole number without quotes, or a whole percentage such as 25%")];
  return Number(digits) <= mostPercent ? [] : [found([key], value, `at most ${mostPercent}%`)];
}

/** A Pod: its spec, and an image's name without space around it. */
export function podFindings({ spec }: JsonMap): Finding[] {
  if (!isMap(spec)) return [];
  const padded = ["containers", "initContainers"].flatMap((key) =>
    mapsOf(spec[key]).flatMap(({ i, item: { image } }) =>
      typeof image === "string" && image !== image.trim()
        ? [found([key, i, "image"], image, "an image without space around it")]
        : [],
    ),
  );
  return under(["spec"], [...podSpecFindings(spec), ...padded]);
}
