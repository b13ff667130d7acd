/** Rows of JSON Lines. */
import type { RowReader } from './reader';

/** A key with the beginning of a text, at the end of an object’s beginning. */
const openText = /^(.*?)[,{]\s*("(?:[^"\\]|\\.)*")\s*:\s*"([^"\\]*)$/su;

export const object: RowReader = {
  inputsAt(document, line, inputs) {
    const values = parsed(document.lineAt(line).text);
    return isObject(values) ? inputs.map((name) => cellOf(values[name])) : undefined;
  },
  typedAt({ before, after }, { inputs, outputs }) {
    const found = openText.exec(before);
    if (!found || outputs.length !== 1 || !/^(?:"|$)/.test(after)) return undefined;
    const [, head = '', key = '', typed = ''] = found;
    const values = parsed(`${head === '' ? '{' : head}}`);
    if (!isObject(values) || parsed(key) !== outputs[0]) return undefined;
    const end = after === '' ? '"' : '';
    return {
      ...{ typed, step: undefined },
      inputs: inputs.map((name) => cellOf(values[name])),
      write: (text) => JSON.stringify(text).slice(1, -1) + end,
    };
  },
};

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(' ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
