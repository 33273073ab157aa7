import { type JsonSchema, scenarioJsonSchema } from "./jsonSchema.ts";

const INTRODUCTION = `# The scenario file: reference

Every key that a scenario may have, with its type, its default and its meaning. This page is made from the same schema that
checks the files (\`node scripts/schema.ts\`), so it cannot fall behind.

A file is YAML or JSON. Whatever is not in these tables is an error that names the file, the line and the nearest valid name.
Every amount carries its unit: a bare number for a duration, a size or a rate is an error.

| type | written as |
|---|---|
| duration | \`250ms\`, \`5m3s\`, \`1h30m\`, \`30d\`, \`500us\` |
| cores | \`4\`, \`0.5\`, \`500m\` (thousandths) |
| size | \`256Mi\`, \`8GiB\`, \`1.5GB\`, \`512B\` |
| bandwidth | \`100MiB/s\`, \`1Gbit/s\` |
| rate | \`400/s\`, \`24000/m\`, \`10/h\` |
| share | \`99.9%\` or \`0.999\` |
| count or percentage | \`1\`, \`25%\` |
| distribution | \`4s\`, \`uniform(1s, 3s)\`, \`exponential(40ms)\`, \`normal(40ms, 10ms)\`, \`lognormal(median=4s, p95=9s)\`, \`gamma(mean=40ms, cv=0.5)\`, \`weibull(shape=0.7, scale=30d)\`, \`pareto(min=10ms, shape=1.5)\`, \`empirical(1s, 2s)\`, \`empirical(times.csv, column=serviceMs)\` |
| arrivals | \`none\`, \`constant(400/s)\`, \`poisson(400/s)\`, \`ramp(0/s, 400/s, over=5m)\`, \`daily(mean=200/s, peak=400/s, at=14h)\`, \`bursts(base=100/s, peak=900/s, every=5m, for=20s)\`, \`users(200, think=exponential(3s))\`, \`trace(requests.csv, time=minute_utc, count=requests, step=1m, spread=even, scale=0.01, start=0)\`, \`replay(arrivals.csv, time=at, service=serviceMs, start=0)\` |
| taint | \`dedicated=db:NoSchedule\` |
`;

/** The reference page, in Markdown: one table for each map of the schema. */
export function referencePage(): string {
  const sections: string[] = [INTRODUCTION];
  addSections(sections, "The file", "", scenarioJsonSchema());
  return `${sections.join("\n").trimEnd()}\n`;
}

function addSections(sections: string[], heading: string, path: string, schema: JsonSchema): void {
  for (const form of objectForms(schema)) {
    const properties = Object.entries(form.properties ?? {});
    const required = form.required ?? [];
    const rows = properties.map(([key, child]) => rowOf(key, child, required.includes(key)));
    const about = form.description ?? schema.description ?? "";
    sections.push(`## ${heading}\n`);
    if (path !== "" && about !== "") sections.push(`${about}\n`);
    sections.push("| key | type | default | meaning |", "|---|---|---|---|", ...rows, "");
    for (const [key, child] of properties) {
      const below = path === "" ? key : `${path}.${key}`;
      for (const { suffix, schema: inner } of innerMaps(child))
        addSections(sections, `\`${below}${suffix}\``, `${below}${suffix}`, inner);
    }
  }
}

/** The maps with fixed keys among a schema's forms. */
function objectForms(schema: JsonSchema): readonly JsonSchema[] {
  if (schema.properties !== undefined) return [schema];
  return (schema.anyOf ?? []).flatMap(objectForms);
}

/** Where below a key further maps with fixed keys stand: at itself, in a list, or under names. */
function innerMaps(schema: JsonSchema): readonly { suffix: string; schema: JsonSchema }[] {
  if (schema.properties !== undefined) return [{ suffix: "", schema }];
  if (schema.items !== undefined)
    return innerMaps(schema.items).map((inner) => ({ ...inner, suffix: `[]${inner.suffix}` }));
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(innerMaps);
  const named = schema.additionalProperties;
  if (typeof named !== "object") return [];
  return innerMaps(named).map((inner) => ({ ...inner, suffix: `.<name>${inner.suffix}` }));
}

function rowOf(key: string, schema: JsonSchema, isRequired: boolean): string {
  const fallback = isRequired ? "**required**" : defaultOf(schema);
  return `| \`${key}\` | ${typeOf(schema)} | ${fallback} | ${(schema.description ?? "").replaceAll("|", "\\|")} |`;
}

function defaultOf(schema: JsonSchema): string {
  const fallback = schema.default;
  if (fallback === undefined) return "–";
  if (typeof fallback === "string") return fallback === "" ? "empty" : `\`${fallback}\``;
  if (Array.isArray(fallback)) return "empty";
  if (typeof fallback === "object") return schema.properties === undefined ? "empty" : "see its table";
  return `\`${JSON.stringify(fallback)}\``;
}

function typeOf(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(", ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(", or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.properties !== undefined) return "map";
  if (schema.type === "object") return "map by name";
  if (schema.type === "integer") return rangeOf(schema);
  if (schema.type === "boolean") return "`true`, `false`";
  return schema.type === undefined ? "anything" : String(schema.type);
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  return `whole number, ${String(minimum)} to ${String(maximum)}`;
}
