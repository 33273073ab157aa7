import type { z } from "zod";
import type { Path } from "./path.ts";

type Schema = z.core.$ZodTypes;

/** The keys that an object may have at this path below a schema; of several forms, those of all. For "did you mean". */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  let schemas = formsOf(schema);
  for (const step of path) schemas = schemas.flatMap((form) => below(form, step)).flatMap(formsOf);
  const keys = schemas.flatMap((form) => (form._zod.def.type === "object" ? Object.keys(form._zod.def.shape) : []));
  return [...new Set(keys)].filter((key) => !key.startsWith("$"));
}

/** Unwraps defaults, options and transforms to what lies beneath; a union gives each of its members. */
function formsOf(schema: z.core.$ZodType): Schema[] {
  const { def } = (schema as Schema)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return formsOf(def.innerType);
    case "pipe":
      return formsOf(def.in);
    case "union":
      return def.options.flatMap(formsOf);
    default:
      return [schema as Schema];
  }
}

function below(form: Schema, step: string | number): z.core.$ZodType[] {
  const { def } = form._zod;
  if (def.type === "object") {
    const child = Object.hasOwn(def.shape, step) ? def.shape[String(step)] : undefined;
    return child === undefined ? [] : [child];
  }
  if (def.type === "array") return [def.element];
  return def.type === "record" ? [def.valueType] : [];
}
