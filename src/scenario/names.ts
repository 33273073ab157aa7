/** Names that a scenario gives to things, and shapes that several of its parts share. */
import { z } from "zod";
import { accepted, refusal, refused, textField } from "../fields/refusal.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const LONGEST = 253;

/** The name of a host, zone or service: letters, digits, `.`, `_`, `-`; it begins with a letter or digit. */
export const nameExpected = "a name of letters, digits, '.', '_' and '-' that begins with a letter or digit";

/** Checks such a name. */
export const name = textField(nameExpected, (text) => {
  return NAME.test(text) && text.length <= LONGEST ? accepted(text) : refused(nameExpected);
}).meta({ title: "name", description: "Letters, digits, '.', '_' and '-'." });

/** No space at either end, nothing that does not print. */
const IMAGE = /^\S(?:[^\p{Cc}]*\S)?$/u;
const LONGEST_IMAGE = 1000;

/** What an image's name may be: `shop:v1`, `registry.example/shop:v1`. */
export const imageNameExpected = "an image's name, such as shop:v1";

/** True for a name that an image may have: Kubernetes' API takes any word. */
export function isImageName(text: string): boolean {
  return IMAGE.test(text) && !/\p{Cc}/u.test(text) && text.length <= LONGEST_IMAGE;
}

/** True for a name that a host, zone or service may have. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= LONGEST;
}

/** A reference to something by its name; whether it exists is checked once the whole file is known. */
export const reference = z.string({ error: (issue) => refusal(issue.input, "a name") }).meta({ title: "name" });

/** A text of any kind. */
export const text = z.string({ error: (issue) => refusal(issue.input, "text") }).meta({ title: "text" });

/** Texts by name, such as labels; numbers and booleans become their text, as YAML would have them otherwise. */
export const textsByName = z
  .record(
    z.string(),
    z
      .union([z.string(), z.number(), z.boolean()], { error: (issue) => refusal(issue.input, "text") })
      .transform(String),
  )
  .meta({ title: "texts by name" });

/** Kubernetes' settings that are taken in and not simulated. */
export const anything = z.unknown();

/** A plugin by name with its settings, and under which path those stand. */
export interface PluginForm {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Steps from the value to its settings. */
  readonly settingsPath: readonly string[];
}

const PLUGIN = "a name, or a name with settings, such as { rolling: { maxSurge: 25% } }";

/** `rolling`, `{ rolling: { maxSurge: 25% } }` or `{ name: rolling, maxSurge: 25% }`. */
export const plugin = z
  .union([z.string(), z.record(z.string(), z.unknown())], { error: (issue) => refusal(issue.input, PLUGIN) })
  .transform((given, context): PluginForm => {
    const form = pluginOf(given);
    if (form !== undefined) return form;
    context.addIssue({ code: "custom", message: refusal(given, PLUGIN), input: given, params: { expected: PLUGIN } });
    return z.NEVER;
  })
  .meta({ title: "name, or map" });

function pluginOf(given: string | Record<string, unknown>): PluginForm | undefined {
  if (typeof given === "string") return { name: given, settings: {}, settingsPath: [] };
  const entries = Object.entries(given);
  const named = entries.find(([key]) => key === "name")?.[1];
  if (typeof named === "string") {
    const settings = Object.fromEntries(entries.filter(([key]) => key !== "name"));
    return { name: named, settings, settingsPath: [] };
  }
  const [only] = entries;
  if (only === undefined || entries.length > 1) return undefined;
  const [key, value] = only;
  if (value === null) return { name: key, settings: {}, settingsPath: [key] };
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  return { name: key, settings: Object.fromEntries(Object.entries(value)), settingsPath: [key] };
}
