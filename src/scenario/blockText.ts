/** The lines of a YAML document in block style, and the scalars on them. */

/** Thrown where a document is not plain enough for the fast reader. */
export class HandOver extends Error {}

/** The characters that decide what a text is. */
export const CHAR = {
  tab: 0x09,
  feed: 0x0a,
  space: 0x20,
  quote: 0x22,
  hash: 0x23,
  apostrophe: 0x27,
  dash: 0x2d,
  colon: 0x3a,
  fold: 0x3e,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openMap: 0x7b,
  bar: 0x7c,
  closeMap: 0x7d,
} as const;

const INDICATORS = new Set("?:,[]{}#&*!|>'\"%@` \t\n".split("").map((sign) => sign.charCodeAt(0)));

/** True where a plain scalar can begin, in the strictest reading: no indicator, and a dash only before what is no space. */
export function isPlainStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === CHAR.dash) return !isBlank(text.charCodeAt(at + 1));
  // Not past the end either, where there is no code at all.
  return code >= CHAR.space && !INDICATORS.has(code);
}

/** A space, a line's end or the text's. */
function isBlank(code: number): boolean {
  return code === CHAR.space || code === CHAR.feed || Number.isNaN(code);
}

/** A place to go back to. */
interface Mark {
  readonly at: number;
  readonly line: number;
  readonly end: number;
  readonly start: number;
}

/** Goes from line to line; blank ones and comments are passed over. */
export class BlockText {
  readonly text: string;
  /** The line of the file that `at` is on. */
  line: number;
  /** The next thing to be read. */
  at = 0;
  /** Where the line ends. */
  end = -1;
  isOver = false;
  #start = 0;

  constructor(text: string, firstLine: number) {
    // The carriage returns of Windows' line ends move no place and are part of no value; any other may be.
    this.text = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
    if (this.text.includes("\r")) throw new HandOver();
    this.line = firstLine - 1;
  }

  /** Counted from 0. */
  get column(): number {
    return this.at - this.#start;
  }

  get first(): number {
    return this.text.charCodeAt(this.at);
  }

  /** Goes to the first line with anything on it, past a line `---`. */
  start(): void {
    this.next();
    if (!this.text.startsWith("---", this.at) || this.column > 0) return;
    this.finish(this.at + 3);
  }

  /** Goes to the next line with anything on it. */
  next(): void {
    for (let start = this.end + 1; start < this.text.length; start = this.end + 1) {
      this.#enter(start);
      while (this.first === CHAR.space) this.at++;
      if (this.at < this.end && this.first !== CHAR.hash) return;
    }
    this.isOver = true;
  }

  /** Ends a value: nothing but a comment may follow on its line. */
  finish(end: number): void {
    this.at = end;
    if (this.skipToText()) throw new HandOver();
    this.next();
  }

  /** As `finish`, of a value over several lines, each but the first further in than `column`. */
  finishFrom(end: number, column: number): void {
    while (this.end < end) {
      this.#enter(this.end + 1);
      while (this.first === CHAR.space) this.at++;
      if (this.at < this.end && this.column <= column) throw new HandOver();
    }
    this.finish(end);
  }

  /** Passes over spaces; false where the line ends there, or a comment begins. */
  skipToText(): boolean {
    const from = this.at;
    while (this.first === CHAR.space) this.at++;
    if (this.at === this.end) return false;
    return this.first !== CHAR.hash || this.at === from;
  }

  isDash(): boolean {
    return this.first === CHAR.dash && isBlank(this.text.charCodeAt(this.at + 1));
  }

  /** Where the colon stands behind the key that begins here; -1 where no key begins here. */
  colon(): number {
    const { text, end, first } = this;
    if (first === CHAR.quote || first === CHAR.apostrophe) {
      const after = this.endOfQuoted(this.at);
      if (after > end || text.charCodeAt(after) !== CHAR.colon || !isBlank(text.charCodeAt(after + 1))) return -1;
      if (first === CHAR.quote && text.slice(this.at, after).includes("\\")) throw new HandOver();
      return after;
    }
    if (!isPlainStart(text, this.at)) return -1;
    const stop = this.#endOfPlain(this.at, end);
    if (text.charCodeAt(stop) !== CHAR.colon) return -1;
    if (text.charCodeAt(stop - 1) === CHAR.space) throw new HandOver();
    return stop;
  }

  /** Behind the quote that closes what is opened at `from`, on whatever line. */
  endOfQuoted(from: number): number {
    const { text } = this;
    const quote = text.charCodeAt(from);
    for (let at = from + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === CHAR.backslash && quote === CHAR.quote) at++;
      else if (code === quote) {
        if (quote === CHAR.quote || text.charCodeAt(at + 1) !== quote) return at + 1;
        at++;
      }
    }
    throw new HandOver();
  }

  /** Behind the bracket that closes the one here; a guess, which the reader of the piece confirms. */
  endOfFlow(): number {
    const { text } = this;
    let open = 0;
    for (let at = this.at; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === CHAR.openList || code === CHAR.openMap) open++;
      else if (code === CHAR.closeList || code === CHAR.closeMap) open--;
      else if ((code === CHAR.quote || code === CHAR.apostrophe) && FLOW_STARTS.has(text.charCodeAt(at - 1))) {
        at = this.endOfQuoted(at) - 1;
      }
      if (open === 0) return at + 1;
    }
    throw new HandOver();
  }

  /** A plain scalar, its further lines (further in than `column`) folded into one text; goes to the line behind it. */
  plain(column: number): string {
    let whole = "";
    for (let joint = ""; ; ) {
      const stop = this.#endOfPlain(this.at, this.end);
      if (this.text.charCodeAt(stop) === CHAR.colon) throw new HandOver();
      let last = stop;
      while (this.text.charCodeAt(last - 1) === CHAR.space) last--;
      whole += joint + this.text.slice(this.at, last);
      const from = this.line;
      const hasComment = stop < this.end;
      this.next();
      // Behind a comment there can be no more of it; the caller refuses a line that is further in.
      if (this.isOver || this.column <= column || hasComment) return whole;
      const blanks = this.line - from - 1;
      if (!isPlainStart(this.text, this.at) || !this.#areBlank(blanks)) throw new HandOver();
      joint = blanks === 0 ? " " : "\n".repeat(blanks);
    }
  }

  /** A block scalar (`|` or `>`), its lines further in than `column`: where it ends, and its text if it is `|`; goes behind that. */
  block(column: number): { readonly end: number; readonly value: string } {
    const isLiteral = this.first === CHAR.bar;
    const header = this.#mark();
    this.at++;
    const isStripped = this.first === CHAR.dash;
    if (isStripped) this.at++;
    if (this.skipToText()) throw new HandOver();
    const content: string[] = [];
    let indent = -1;
    let blanks = 0;
    let { end } = this;
    for (let last = header; this.end + 1 < this.text.length; last = this.#mark()) {
      const isText = this.#enterBlockLine(column, indent);
      if (isText === "outside") {
        this.#back(last);
        break;
      }
      if (isText === "blank") {
        blanks++;
        continue;
      }
      if (indent < 0) indent = this.column;
      content.push("\n".repeat(blanks), this.text.slice(this.#start + indent, this.end), "\n");
      blanks = 0;
      end = this.end;
    }
    // Without a line's end at its end, or with nothing in it, a scalar has rules of its own.
    if (indent < 0 || end === this.text.length) throw new HandOver();
    if (isStripped) content.pop();
    if (isLiteral) this.next();
    else this.#back(header);
    return { end, value: content.join("") };
  }

  /** Enters the next line, of a block scalar or behind it; `indent` is -1 before the scalar's first line of text. */
  #enterBlockLine(column: number, indent: number): "text" | "blank" | "outside" {
    this.#enter(this.end + 1);
    while (this.first === CHAR.space) this.at++;
    if (this.at === this.end) {
      // Spaces beyond the indentation are text, or a mistake.
      if (this.column > Math.max(0, indent)) throw new HandOver();
      return "blank";
    }
    const isOutside = this.column < indent || (indent < 0 && this.column <= column);
    if (isOutside && (indent < 0 || this.column > column)) throw new HandOver();
    if (this.first === CHAR.tab && (isOutside || indent < 0)) throw new HandOver();
    return isOutside ? "outside" : "text";
  }

  #mark(): Mark {
    return { at: this.at, line: this.line, end: this.end, start: this.#start };
  }

  #back({ at, line, end, start }: Mark): void {
    this.at = at;
    this.line = line;
    this.end = end;
    this.#start = start;
  }

  /** The first of: the line's end, a comment, a colon that ends a key. */
  #endOfPlain(from: number, end: number): number {
    const { text } = this;
    for (let at = from; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === CHAR.colon && isBlank(text.charCodeAt(at + 1))) return at;
      if (code === CHAR.hash && text.charCodeAt(at - 1) === CHAR.space) return at;
      if (code < CHAR.space) throw new HandOver();
    }
    return end;
  }

  /** Whether so many lines before this one are blank: comments end a plain scalar. */
  #areBlank(lines: number): boolean {
    if (lines === 0) return true;
    let start = this.#start;
    for (let left = lines; left > 0; left--) {
      const feed = start - 1;
      start = this.text.lastIndexOf("\n", feed - 1) + 1;
      for (let at = start; at < feed; at++) if (this.text.charCodeAt(at) !== CHAR.space) return false;
    }
    return true;
  }

  #enter(start: number): void {
    const feed = this.text.indexOf("\n", start);
    this.#start = start;
    this.at = start;
    this.end = feed < 0 ? this.text.length : feed;
    this.line++;
  }
}

/** Behind these a quote in a flow collection opens a quoted scalar. */
const FLOW_STARTS = new Set(" \n[{,:".split("").map((sign) => sign.charCodeAt(0)));
