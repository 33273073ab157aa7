/** The part of the canvas library's font registry that is needed here. */
interface FontRegistry {
  has(name: string): boolean;
  registerFromPath(path: string, name?: string): unknown;
}

const FAMILY = "Arimo";
const FILES = ["arimo-latin-400-normal.woff2", "arimo-latin-700-normal.woff2"];

/**
 * Gives the canvas a font of our own, so that a PNG has its text on a machine with no fonts at all. Arimo (SIL Open Font
 * License 1.1) comes as the package `@fontsource/arimo`; without it the system's sans-serif is used.
 */
export function registerChartFont(fonts: FontRegistry): void {
  if (fonts.has(FAMILY)) return;
  for (const file of FILES) {
    const path = packagedFile(`@fontsource/arimo/files/${file}`);
    if (path !== undefined) fonts.registerFromPath(path, FAMILY);
  }
}

/** Path of a file inside an installed package; undefined where the package is not there. */
function packagedFile(specifier: string): string | undefined {
  try {
    const { pathname } = new URL(import.meta.resolve(specifier));
    return decodeURIComponent(pathname).replace(/^\/([A-Za-z]:)/u, "$1");
  } catch {
    return undefined;
  }
}
