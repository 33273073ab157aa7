/** Pieces of Kubernetes' schemas that several kinds share. What becomes of a field that they let through, `fields/` tells. */
import { z } from "zod";
import { parseCountOrPercent } from "../fields/countOrPercent.ts";
import { trueOrFalse, wholeNumber } from "../fields/number.ts";
import { refusal } from "../fields/refusal.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";

const LARGEST_INT32 = 2 ** 31 - 1;

/** A text. */
export const words = z.string({ error: (issue) => refusal(issue.input, "text (put it in quotes)") });

/** Known, and without any effect of its own: names, ports, labels of things that nobody selects. */
export const noEffect = z.unknown().optional();

/** A count, 0 or more. */
export const count = wholeNumber({ from: 0, to: LARGEST_INT32 });

/** A whole number of seconds, 0 or more. */
export const wholeSeconds = count;

/** `true` or `false`. */
export const flag = trueOrFalse;

/** Labels, or what a simple selector asks of them. */
export const labelMap = z.record(z.string(), words, {
  error: (issue) => refusal(issue.input, "a map of texts, such as { app: web }"),
});

const QUANTITY = "a quantity, such as 500m, 2 or 256Mi";

const quantity = z
  .union([z.string(), z.number()], { error: (issue) => refusal(issue.input, QUANTITY) })
  .refine((given) => parseQuantity(given, 1000) !== undefined || parseQuantity(given, 1) !== undefined, {
    error: (issue) => refusal(issue.input, QUANTITY),
  });

/** Amounts by the resource's name. */
export const quantities = z.record(z.string(), quantity, {
  error: (issue) => refusal(issue.input, "a map of quantities, such as { cpu: 500m, memory: 256Mi }"),
});

const INT_OR_PERCENT = "a whole number or a percentage, such as 1 or 25%";

/** Kubernetes' IntOrString where it means a count or a percentage. */
export const intOrPercent = z
  .union([z.number(), z.string()], { error: (issue) => refusal(issue.input, INT_OR_PERCENT) })
  .refine((given) => parseCountOrPercent(String(given)).ok, {
    error: (issue) => refusal(issue.input, INT_OR_PERCENT),
  });

const requirement = z.object({
  key: words,
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"], {
    error: (issue) => refusal(issue.input, "one of In, NotIn, Exists, DoesNotExist"),
  }),
  values: z.array(words).optional(),
});

/** A label selector. */
export const labelSelector = z.object({
  matchLabels: labelMap.optional(),
  matchExpressions: z.array(requirement).optional(),
});

/** What every object begins with; checked before its kind is known. */
export const objectHead = { apiVersion: noEffect, kind: noEffect, metadata: noEffect, status: noEffect };
