/** The package `yaml`, kept from taking memory and time without bound for what is refused in the end. */
import { Composer, type Document, Lexer, type LineCounter, Parser } from "yaml";

/** Thrown where reading on would only take for ever; `offset` is where. */
export class TooMuch extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** What the parser may hold. */
export interface TokenLimits {
  readonly characters: number;
  readonly depth: number;
  /** Behind so many mistakes the rest is not looked at. */
  readonly mistakes: number;
}

// Keys given twice are found by the reader of the tree: the package's own check compares every key with every other.
const COMPOSING = { uniqueKeys: false, prettyErrors: false } as const;
/** Unfinished things beside collections that the parser holds: a document, a scalar. */
const NOT_COLLECTIONS = 4;

/** The documents of a text as the package reads them: of an empty text, an empty one. @throws TooMuch */
export function documentsOf(text: string, lines: LineCounter, limits: TokenLimits): readonly Document.Parsed[] {
  if (text.length > limits.characters) {
    const most = `${Math.floor(limits.characters / 1_000_000)} MB`;
    throw new TooMuch(
      0,
      `found a document of more than ${most} with anchors, tags or other rare YAML (or a mistake) in it, expected plain block YAML or JSON`,
    );
  }
  return withoutStacks(() => [...new Composer(COMPOSING).compose(tokensOf(text, lines, limits), true, text.length)]);
}

/**
 * The package makes an error of each complaint, and V8 a trace of the stack for each error: nobody reads them, and a hundred thousand of them
 * take seconds.
 */
function withoutStacks<Result>(work: () => Result): Result {
  const errors: { stackTraceLimit?: number | undefined } = Error;
  const { stackTraceLimit } = errors;
  errors.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
  }
}

function* tokensOf(text: string, lines: LineCounter, { depth, mistakes }: TokenLimits) {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let left = mistakes;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      yield token;
      if (token.type === "error" && --left === 0) return;
    }
    if (parser.stack.length > depth + NOT_COLLECTIONS) {
      throw new TooMuch(parser.offset, `found values nested deeper than ${depth} levels, expected fewer`);
    }
  }
  yield* parser.end();
}
