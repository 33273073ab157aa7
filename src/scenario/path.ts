/** Where in a scenario: keys and positions from the top. */
export type Path = readonly (string | number)[];

/** `services.shop.replicas`, `timeline[1].crash`, `images."shop:v1".size`: as errors show it and `--set` reads it. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += `${text === "" ? "" : "."}${/^[A-Za-z0-9_$-]+$/.test(step) ? step : JSON.stringify(step)}`;
  }
  return text;
}

const STEP = /\.?(?:\[(\d+)\]|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^.[\]"'=]+))/y;

/** The reverse of `formatPath`; undefined where the text is no path. A key that holds a dot stands in quotes. */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const isDotted = text.charAt(STEP.lastIndex) === ".";
    const match = STEP.exec(text);
    if (match === null) return undefined;
    const [, position, quoted, single, plain] = match;
    const isPosition = position !== undefined;
    if ((path.length === 0 || isPosition) === isDotted) return undefined;
    const key = quoted === undefined ? (single ?? plain) : keyOf(quoted);
    if (isPosition) path.push(Number(position));
    else if (key === undefined) return undefined;
    else path.push(key);
  }
  return path.length === 0 ? undefined : path;
}

/** A quoted key, its escapes those of JSON; undefined where they are none. */
function keyOf(quoted: string): string | undefined {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return undefined;
  }
}
