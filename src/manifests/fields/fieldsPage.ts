import { KIND_FIELDS } from "./kindFields.ts";
import type { FieldRule, FieldTable } from "./rules.ts";

const HEAD = `# The fields of manifests

Made by \`node scripts/manifestFields.ts\`. Every field that the official models of Kubernetes and Argo Rollouts have for these kinds is
told here, type by type: it **acts**; or it is **warned about** wherever a manifest has it (an empty value is none), with file and
line; or it is **ignored**, for the reason that stands beside it. Fields in *italics* act by what is inside: see their type. Of a field
that is warned about or ignored all that is inside is too. A field that no type has is warned about as well.

What the names of an autoscaler's metrics mean, [manifests](manifests.md#metrics-of-autoscalers) tells.
`;

/** The page of all fields: what acts, what is warned about, what is ignored. */
export function fieldsPage(): string {
  const sections = tablesUnder([...KIND_FIELDS.values()]).map(sectionOf);
  return `${HEAD}\n${sections.join("\n")}`;
}

/** The tables and all that are inside of them, each once, in the order in which they are met. */
function tablesUnder(tables: readonly FieldTable[]): readonly FieldTable[] {
  const met = new Set<FieldTable>();
  const visit = (table: FieldTable): void => {
    if (met.has(table)) return;
    met.add(table);
    for (const { inside, further } of Object.values(table.fields)) {
      if (inside !== undefined) visit(inside);
      if (further !== undefined) visit(further);
    }
  };
  for (const table of tables) visit(table);
  return [...met];
}

function sectionOf({ name, fields, rest }: FieldTable): string {
  const kinds = [...KIND_FIELDS].filter(([, table]) => table.name === name).map(([kind]) => kind);
  const title = kinds.length > 1 ? kinds.join(", ") : name;
  const all = Object.entries(fields);
  const of = (verdict: FieldRule["verdict"]) => all.filter(([, rule]) => rule.verdict === verdict);
  const lines = [
    ["acts", actingText(of("acts"))],
    ["warned about", reasonsText(of("warned"), "no effect here")],
    [
      "ignored",
      [reasonsText(of("ignored"), ""), rest === undefined ? "" : `all others (${rest.why})`].filter(Boolean).join("; "),
    ],
  ].filter(([, text]) => text !== "");
  return `## ${title}\n\n${lines.map(([verdict, text]) => `- **${verdict}**: ${text}`).join("\n")}\n`;
}

/** Fields of one note side by side, the note behind them. */
function actingText(fields: readonly (readonly [string, FieldRule])[]): string {
  const byNote = new Map<string, string[]>();
  for (const [key, rule] of fields) {
    const note = noteText(rule);
    byNote.set(note, [...(byNote.get(note) ?? []), nameText(key, rule)]);
  }
  return [...byNote].map(([note, names]) => `${names.join(", ")}${note}`).join("; ");
}

function nameText(key: string, { inside, further }: FieldRule): string {
  if (inside === undefined) return `\`${key}\``;
  const types = [inside, further].flatMap((table) => (table === undefined ? [] : [linkTo(table)]));
  return `*${key}* (${types.join(", ")})`;
}

function linkTo({ name }: FieldTable): string {
  const anchor = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, "")
    .replaceAll(" ", "-");
  return `[${name}](#${anchor})`;
}

function noteText({ why, caution, only, placingOnly }: FieldRule): string {
  const notes = [
    why,
    placingOnly === true ? "in `rehearse schedule` only; else warned about" : "",
    caution === undefined ? "" : `with a warning${only === undefined ? "" : ` of ${only.join(", ")}`}`,
  ].filter((note) => note !== "");
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}

/** Fields of one reason side by side, the reason behind them. */
function reasonsText(fields: readonly (readonly [string, FieldRule])[], otherwise: string): string {
  const byReason = new Map<string, string[]>();
  for (const [key, rule] of fields) {
    const { why, usual = [], only } = rule;
    const limits = [
      usual.length === 0 ? "" : `unless ${usual.map(String).join(" or ")}`,
      only === undefined ? "" : `if ${only.map(String).join(" or ")}`,
    ].filter((text) => text !== "");
    const reason = [why === "" ? otherwise : why, ...limits].join("; ");
    byReason.set(reason, [...(byReason.get(reason) ?? []), `\`${key}\``]);
  }
  return [...byReason].map(([reason, keys]) => `${keys.join(", ")} (${reason})`).join("; ");
}
