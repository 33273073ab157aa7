/** Numbers as reports write them. No locale is asked: the same text on every machine. */

/** `240,113`; a fraction keeps up to `digits` decimals (default 1), without trailing zeros. `–` for null. */
export function formatCount(value: number | null, digits = 1): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(Number.isInteger(value) ? 0 : digits);
  const [whole = "0", fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/u, "");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/gu, ",");
  const sign = value < 0 && /[1-9]/u.test(text) ? "−" : "";
  return kept === "" ? sign + grouped : `${sign}${grouped}.${kept}`;
}

/**
 * A share 0…1 in percent, `0.17 %`. Rounded so that it never says `0 %` of something or `100 %` of not quite all: two
 * significant digits of the smaller of the share and its rest, down to a millionth of a percent.
 */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return "–";
  if (share <= 0) return "0 %";
  if (share === 1) return "100 %";
  if (share > 1) return `${formatCount(share * 100)} %`;
  const rest = Math.min(share, 1 - share) * 100;
  if (rest < 1e-6) return share < 0.5 ? "< 0.000001 %" : "> 99.999999 %";
  const digits = rest >= 1 ? 1 : leadingZeros(rest) + 2;
  const text = (share * 100).toFixed(digits).replace(/\.?0+$/u, "");
  return `${text} %`;
}

/** Zeros between the point and the first significant digit of 0 < value < 1: 0 for 0.5, 2 for 0.005. */
function leadingZeros(value: number): number {
  let zeros = 0;
  for (let scaled = value * 10; scaled < 1 && zeros < 8; scaled *= 10) zeros += 1;
  return zeros;
}

/** A length of time given in seconds: `350 ms`, `14.2 s`, `12 min 30 s`, `3 h 12 min`, `2 d 4 h`. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  if (seconds < 0) return `−${formatSeconds(-seconds)}`;
  if (seconds === 0) return "0 s";
  if (seconds < 1) return `${formatCount(seconds * 1000, seconds < 0.01 ? 2 : 0)} ms`;
  if (seconds < 599.95) return `${formatCount(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 7_200) return twoUnits(whole, 60, "min", "s");
  if (whole < 172_800) return twoUnits(Math.round(whole / 60), 60, "h", "min");
  return twoUnits(Math.round(whole / 3_600), 24, "d", "h");
}

/** `value` small units as large and small ones, the small left out where it is zero. */
function twoUnits(value: number, perLarge: number, large: string, small: string): string {
  const rest = value % perLarge;
  const head = `${formatCount(Math.floor(value / perLarge))} ${large}`;
  return rest === 0 ? head : `${head} ${rest} ${small}`;
}

/** A latency given in milliseconds: `0.42 ms`, `38.1 ms`, `1.25 s`. */
export function formatMillis(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "–";
  if (ms < 0) return `−${formatMillis(-ms)}`;
  if (ms >= 1_000) return `${formatCount(ms / 1_000, 2)} s`;
  return `${formatCount(ms, ms < 10 ? 2 : 1)} ms`;
}

/** A moment of the run as scenario files spell it, to a tenth of a second: `5m`, `1h2m3.4s`, `0s`. */
export function formatMoment(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const days = Math.floor(tenths / 864_000);
  const hours = Math.floor((tenths % 864_000) / 36_000);
  const minutes = Math.floor((tenths % 36_000) / 600);
  const rest = (tenths % 600) / 10;
  const parts = [days > 0 ? `${days}d` : "", hours > 0 ? `${hours}h` : "", minutes > 0 ? `${minutes}m` : ""];
  const text = `${parts.join("")}${rest > 0 ? `${rest}s` : ""}`;
  return text === "" ? "0s" : text;
}

/** `1 request`, `2 requests`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Text whose numbers stay on one line with their units: the space between them becomes a no-break space. */
export function keepUnits(text: string): string {
  return text.replace(/(\d) (ms|s|min|h|d|%)(?![\p{L}\p{N}])/gu, "$1\u00a0$2");
}
