/**
 * Every colour a chart may use, once, with its counterpart on a dark page. Hues are Okabe and Ito's, which people with any
 * common colour blindness can tell apart (Okabe & Ito, "Color Universal Design", 2008). Charts are drawn in the light ones;
 * `darkRules` lets a style sheet swap them, so that one drawing serves both.
 */
export interface Shade {
  readonly light: string;
  readonly dark: string;
}

const SURFACE: Shade = { light: "#ffffff", dark: "#15181d" };

/** Colours with a meaning of their own, apart from the versions' hues. */
export const INK = {
  surface: SURFACE,
  text: { light: "#1f2428", dark: "#e4e7eb" },
  muted: { light: "#5b6570", dark: "#a0a9b4" },
  grid: { light: "#e6e9ed", dark: "#2a2f37" },
  axis: { light: "#a8b0ba", dark: "#59626e" },
  warmup: { light: "#f2f3f5", dark: "#1e2229" },
  failure: { light: "#d55e00", dark: "#f07f35" },
  degraded: { light: "#e8a200", dark: "#e6ab2e" },
  good: { light: "#00906a", dark: "#2fae8a" },
  dire: { light: "#8b1a4a", dark: "#e06a9c" },
  brown: { light: "#8a5a2b", dark: "#c08f5c" },
  broken: { light: "#43484f", dark: "#8b929c" },
  onFull: { light: "#fffffe", dark: "#0d0f12" },
  onTint: { light: "#1f2429", dark: "#e4e7ea" },
} as const satisfies Record<string, Shade>;

/** Hues for things that are told apart; the reds and ambers above stay free for what went wrong. */
export const HUE = {
  blue: { light: "#0072b2", dark: "#3f93cb" },
  green: { light: "#009e73", dark: "#24a47f" },
  purple: { light: "#cc79a7", dark: "#cf86af" },
  olive: { light: "#8f7a00", dark: "#d8c94a" },
  sky: { light: "#56b4e9", dark: "#79c6f2" },
  violet: { light: "#7a5195", dark: "#b08fd0" },
  orange: { light: "#e69f00", dark: "#dfa52a" },
} as const satisfies Record<string, Shade>;

const HUES: readonly Shade[] = Object.values(HUE);

/** The hue of the version or strategy with this index; they repeat after seven. */
export function hue(index: number): Shade {
  return HUES[index % HUES.length] ?? INK.muted;
}

/** A paler version of a shade: `strength` 1 is the shade itself, 0 the page. */
export function tint(shade: Shade, strength: number): Shade {
  return {
    light: mix(shade.light, SURFACE.light, strength),
    // The same mixture is harder to see on a dark page, so it gets a little more of the hue.
    dark: mix(shade.dark, SURFACE.dark, strength + 0.5 * strength * (1 - strength)),
  };
}

/** How strong each class of containers is drawn in its version's hue. */
export const TINTS = { ready: 1, starting: 0.5, stopping: 0.22 } as const;

/** The shades a chart can draw with. A colour missing here would stay as it is on a dark page. */
export const ALL_SHADES: readonly Shade[] = [
  ...Object.values(INK),
  ...HUES.flatMap((shade) => Object.values(TINTS).map((strength) => tint(shade, strength))),
];

/**
 * CSS rules that recolour a drawing for a dark page: `prefix` is put before each selector. Attribute selectors, because
 * `var()` inside a presentation attribute is not promised to work everywhere.
 */
export function darkRules(prefix: string): string {
  return ALL_SHADES.map(
    ({ light, dark }) => `${prefix}[fill="${light}"]{fill:${dark}}${prefix}[stroke="${light}"]{stroke:${dark}}`,
  ).join("");
}

function mix(colour: string, ground: string, strength: number): string {
  const channels = [1, 3, 5].map((at) => {
    const front = Number.parseInt(colour.slice(at, at + 2), 16);
    const back = Number.parseInt(ground.slice(at, at + 2), 16);
    return Math.round(front * strength + back * (1 - strength))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
