/** A cell file's text, bundled. */
declare module '*.rnn' {
  const text: string;
  export default text;
}

/** A Python file's text, bundled: a part of an export to PyTorch. */
declare module '*.py' {
  const text: string;
  export default text;
}

/** A shell script's text, bundled. */
declare module '*.sh' {
  const text: string;
  export default text;
}

/** A WebAssembly module's bytes, bundled. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** A parser that peggy makes of a grammar, bundled. */
declare module '*.peggy' {
  /** A position in the text: `offset` from 0; `line` and `column` from 1, in UTF-16 code units. */
  export interface Position {
    readonly offset: number;
    readonly line: number;
    readonly column: number;
  }

  export interface Location {
    readonly source: unknown;
    readonly start: Position;
    readonly end: Position;
  }

  export interface Options {
    /** The rule to begin with; the grammar's first unless said otherwise. */
    readonly startRule?: string;
    /** What `location().source` is to be. */
    readonly grammarSource?: unknown;
    readonly [key: string]: unknown;
  }

  export interface Expectation {
    readonly type: 'literal' | 'class' | 'any' | 'end' | 'pattern' | 'rule' | 'other';
    readonly description?: string;
    readonly text?: string;
  }

  /** Thrown by `parse`, and by `error()` and `expected()` in a grammar's actions. */
  export class SyntaxError extends Error {
    readonly expected: readonly Expectation[] | null;
    readonly found: string | null;
    readonly location: Location;
  }

  export const StartRules: readonly string[];

  /**
   * Parses `text` with the grammar.
   *
   * @throws {SyntaxError} where the text does not match
   */
  export function parse(text: string, options?: Options): unknown;
}
