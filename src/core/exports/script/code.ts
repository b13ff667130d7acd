/** The two languages a script is written in. They differ in types alone. */
export type Language = 'javascript' | 'typescript';

/** Longest line. */
export const columns = 100;

/** A piece of a script, as a template string. */
export type Code = (
  pieces: TemplateStringsArray,
  ...values: readonly (string | number)[]
) => string;

/**
 * What writes templates in a language. In a template, what stands between « and » is of TypeScript alone;
 * what is put in with `${…}` may hold these signs as text.
 */
export function codeIn(language: Language): Code {
  const marks = language === 'typescript' ? /[«»]/g : /«[^»]*»/g;
  return ({ raw }, ...values) =>
    raw
      .map((piece, i) => (i === 0 ? piece : `\0${String(i - 1)}\0${piece}`))
      .join('')
      .replace(marks, '')
      .replace(/\0(\d+)\0/g, (_, i) => String(values[Number(i)]));
}

/** Text as a string literal in which nothing is invisible, so that no editor has to warn of it. */
export function quote(text: string): string {
  const literal = JSON.stringify(text).replace(
    /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return literal.includes("'") ? literal : `'${literal.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** Lines of a text as comments; whatever a JavaScript reader takes for a line end is one here. */
export function comment(text: string, indent = ''): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `${indent}// ${line}`.trimEnd())
    .join('\n');
}

/** Bytes of a line of base64. */
const lineBytes = (3 / 4) * columns;

/** Numbers as lines of base64: float32, little-endian. */
export function base64Lines(values: ArrayLike<number>): string {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineBytes) {
    lines.push(btoa(String.fromCharCode(...bytes.subarray(at, at + lineBytes))));
  }
  return lines.join('\n');
}

/** Items of a list or an object in as few lines as they fit. */
export function wrap(items: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const item of items) {
    if (line.length + item.length + 2 > columns && line !== ' ') {
      lines.push(line);
      line = ' ';
    }
    line += ` ${item},`;
  }
  return [...lines, line].join('\n');
}
