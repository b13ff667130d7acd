/** The part of a script that reads what goes in, as `task/codecs.ts` does. */
import { readTokenizer } from '../../data/tokenizers';
import { numberForms } from '../../task/cells';
import { labelSeparator } from '../../task/codecs';
import type { CodecData, DataOf, Field } from '../../task/codec-data';
import { anyLength } from '../../task/make-codecs';
import { quote, wrap, type Code } from './code';
import { createNames } from './names';
import { scoped, tokenizerCode } from './tokenizer';

/** How the input of a model is read. */
export interface InputPart {
  /** `readInput`. */
  readonly code: string;
  /** What it needs: symbols, fields. */
  readonly symbols: string;
  /** Parameters of `predict` with their types. */
  readonly parameters: string;
  readonly names: readonly string[];
  /** The type of what the network reads. */
  readonly type: string;
}

export interface InputPlan {
  readonly data: CodecData;
  readonly columns: readonly string[];
  /** Rows in time of which a missing value is the last that is known. */
  readonly isSeries: boolean;
}

/** What is read of a kind of input. */
interface Reading {
  /** The type of a cell. */
  readonly cell: string;
  readonly type: string;
  /** What stands before the function. */
  readonly before: string;
  /** The function's lines; the last gives `x`. */
  readonly lines: string;
}

export function inputPart(code: Code, plan: InputPlan): InputPart {
  const { data, columns } = plan;
  const name = createNames();
  const names = columns.map((column) => name(column));
  const { cell, type, before, lines } = readingOf(code, plan, names);
  const parameters = names.map((each) => code`${each}«: ${cell}»`).join(', ');
  const longest = 'longest' in data ? data.longest : anyLength;
  const cut = longest < anyLength ? `x.slice(0, ${String(longest)})` : 'x';
  const isSequence = type.endsWith('[]');
  const result = isSequence
    ? `  if (x.length === 0) throw new RangeError('The input is empty.');\n  return ${cut};`
    : '  return x;';
  return {
    ...{ parameters, names, type, symbols: before && `${before.trimEnd()}\n` },
    code: code`/** What goes in, as the network reads it. */
function readInput(${parameters})«: ${type}» {
${lines}
${result}
}
`,
  };
}

function readingOf(code: Code, { data, isSeries }: InputPlan, names: readonly string[]): Reading {
  const [first = ''] = names;
  switch (data.kind) {
    case 'category':
      return {
        ...{ cell: 'string', type: 'number', before: namesPart(code, data.names) },
        lines: `  const x = idIn(${first});`,
      };
    case 'labels':
      return ofLabels(code, data, names);
    case 'text':
      return {
        ...{ cell: 'string', type: 'number[]' },
        before: scoped(
          'inputText',
          tokenizerCode(code, readTokenizer(data.tokenizer).toJSON(), data.spaces),
        ),
        lines: `  const x = inputText.tokensOf(${names.length === 1 ? first : `[${names.join(', ')}].join('\\n')`});`,
      };
    case 'sequence':
      return ofSequence(code, data, first);
    case 'row':
      return ofRow(code, data, names, isSeries);
    case 'image':
      return ofImage(code, data, first);
  }
}

/** What can be one of some names. */
function namesPart(code: Code, names: readonly string[]): string {
  return code`/** What goes in is one of these. */
const inputNames = [
${wrap(names.map(quote))}
];

function idIn(name«: string»)«: number» {
  const id = inputNames.indexOf(name);
  if (id < 0) throw new RangeError(JSON.stringify(name) + ' is none of ' + inputNames.join(', ') + '.');
  return id;
}

`;
}

/** Cells that are lists, or written as one text. */
function listPart(code: Code): string {
  return code`function listOf«<T>»(cell«: string | ArrayLike<T>», separator«: RegExp»)«: (string | T)[]» {
  if (typeof cell !== 'string') return Array.from(cell);
  return cell.trim() === '' ? [] : cell.trim().split(separator);
}

`;
}

function ofLabels(code: Code, data: DataOf<'labels'>, names: readonly string[]): Reading {
  if (data.columns.length > 1) {
    return {
      ...{ cell: 'number | boolean', type: 'Vector', before: '' },
      lines: `  const x = Float64Array.from([${names.join(', ')}], (value) => (Number(value) > 0 ? 1 : 0));`,
    };
  }
  return {
    ...{ cell: 'string | readonly string[]', type: 'Vector' },
    before: namesPart(code, data.names) + listPart(code),
    lines: `  const x = new Float64Array(inputNames.length);
  for (const name of listOf(${names[0]!}, ${String(labelSeparator)})) x[idIn(name)] = 1;`,
  };
}

function ofSequence(code: Code, data: DataOf<'sequence'>, cell: string): Reading {
  const { names, unknown } = data;
  const list = `listOf(${cell}, /\\s+/)`;
  if (unknown === 0) {
    return {
      ...{ cell: 'string | readonly string[]', type: 'number[]' },
      before: namesPart(code, names) + listPart(code),
      lines: `  const x = ${list}.map(idIn);`,
    };
  }
  return {
    ...{ cell: 'string | readonly string[]', type: 'number[]' },
    before: code`/** Symbols; the first ${unknown} are classes of those that are not known, by what they look like. */
const inputNames = [
${wrap(names.map(quote))}
];
const idOf = new Map(inputNames.slice(${unknown}).map((name, i) => [name, ${unknown} + i]));
const classOf = new Map(inputNames.slice(0, ${unknown}).map((name, id) => [name, id]));

function idIn(word«: string»)«: number» {
  const known = idOf.get(word);
  if (known !== undefined) return known;
  const first = word.charAt(0);
  const shape =
    (first !== first.toLowerCase() ? 'A' : '') +
    (/\d/.test(word) ? '9' : '') +
    (word.length > 1 && word.includes('-') ? '-' : '');
  const letters = Array.from(word.toLowerCase());
  const endings = [3, 2, 1].filter((length) => letters.length > length + 1);
  const classes = [
    ...endings.map((length) => '<UNKNOWN ' + shape + '…' + letters.slice(-length).join('') + '>'),
    ...(shape === '' ? [] : ['<UNKNOWN ' + shape + '>']),
    '<UNKNOWN>',
  ];
  return classes.map((name) => classOf.get(name)).find((id) => id !== undefined) ?? 0;
}

${listPart(code)}`,
    lines: `  const x = ${list}.map(idIn);`,
  };
}

function fieldCode(field: Field): string {
  if (field.kind === 'category') return `{ names: [${field.names.map(quote).join(', ')}] }`;
  const { mean, deviation, flag, name, comma } = field;
  const entries = [
    `name: ${quote(name)}`,
    ...Object.entries({ mean, deviation, flag, decimal: comma === 'decimal' }).map(
      ([key, value]) => `${key}: ${String(value)}`,
    ),
  ];
  return `{ ${entries.join(', ')} }`;
}

function ofRow(
  code: Code,
  { fields, inTime }: DataOf<'row'>,
  names: readonly string[],
  isSeries: boolean,
): Reading {
  const before = code`«type Field =
  | { readonly names: readonly string[] }
  | {
      readonly name: string;
      readonly mean: number;
      readonly deviation: number;
      readonly flag: boolean;
      /** Whether a comma in a number is what a point is elsewhere. */
      readonly decimal: boolean;
    };

»/** Numbers are told as (value − mean) / deviation; with a flag, a further one says that the value is missing. */
const fields«: readonly Field[]» = [
${fields.map((field) => `  ${fieldCode(field)},`).join('\n')}
];

${numberPart(code)}
function rowOf(cells«: readonly (string | number)[]»)«: Vector» {
  const row = fields.flatMap((field, i) => {
    const cell = cells[i] ?? '';
    if ('names' in field) return field.names.map((name) => Number(name === String(cell)));
    const value = numberIn(cell, field.decimal);
    const isMissing = Number.isNaN(value);
    if (isMissing && !field.flag && !missing.test(String(cell))) {
      throw new RangeError(JSON.stringify(cell) + ' is no number, as ' + field.name + ' is.');
    }
    const told = isMissing ? 0 : (value - field.mean) / field.deviation;
    return field.flag ? [told, Number(isMissing)] : [told];
  });
  return Float64Array.from(row, Math.fround);
}

`;
  if (!inTime) {
    const lines = `  const x = rowOf([${names.join(', ')}]);`;
    return { cell: 'string | number', type: 'Vector', before, lines };
  }
  const lists = `[${names.join(', ')}].map((cell) => ${isSeries ? 'carried(' : ''}listOf(cell, /[\\s,;]+/)${isSeries ? ')' : ''})`;
  return {
    ...{ cell: 'string | readonly (string | number)[]', type: 'Vector[]' },
    before: before + listPart(code) + (isSeries ? carryPart(code) : ''),
    lines: `  const lists = ${lists};
  const steps = Math.max(...lists.map((list) => list.length));
  const x = Array.from({ length: steps }, (_, t) => rowOf(lists.map((list) => list[t] ?? '')));`,
  };
}

/** What tells numbers from other cells. */
function numberPart(code: Code): string {
  const { missing, plainNumber, withThousands, withDecimalComma } = numberForms;
  return code`const missing = ${String(missing)};
const plainNumber = ${String(plainNumber)};
const withThousands = ${String(withThousands)};
const withDecimalComma = ${String(withDecimalComma)};

/** NaN for what is none. */
function numberIn(cell«: string | number», decimal«: boolean»)«: number» {
  if (typeof cell === 'number') return cell;
  if (plainNumber.test(cell)) return Number(cell);
  if (!decimal && withThousands.test(cell)) return Number(cell.replaceAll(',', ''));
  if (decimal && withDecimalComma.test(cell)) {
    return Number(cell.replaceAll('.', '').replace(',', '.'));
  }
  return NaN;
}
`;
}

function carryPart(code: Code): string {
  return code`/** An empty cell is the last that was known. */
function carried(cells«: readonly (string | number)[]»)«: (string | number)[]» {
  let last«: string | number» = '';
  return cells.map((cell) => (last = cell === '' ? last : cell));
}

`;
}

function ofImage(code: Code, data: DataOf<'image'>, cell: string): Reading {
  const { width, height, channels, rows, mean, deviation } = data;
  const size = width * height * channels;
  const colors = channels === 3 ? ', red, green and blue of each' : '';
  const told = `Math.fround((value / 255 - ${String(mean)}) / ${String(deviation)})`;
  const each = size / height;
  return {
    ...{ cell: 'string | ArrayLike<number>', type: rows === 'time' ? 'Vector[]' : 'Vector' },
    before: code`/** Pixels are from 0 to 255, row by row: ${width} across, ${height} down${colors}. */
const pixelCount = ${size};

${listPart(code)}`,
    lines: `  const pixels = listOf(${cell}, /[\\s,;]+/).map(Number);
  if (pixels.length !== pixelCount || pixels.some((value) => !(value >= 0 && value <= 255))) {
    throw new RangeError('A picture is ' + pixelCount + ' numbers from 0 to 255.');
  }
  const all = Float64Array.from(pixels, (value) => ${told});
${rows === 'time' ? `  const x = Array.from({ length: ${String(height)} }, (_, t) => all.subarray(${String(each)} * t, ${String(each)} * (t + 1)));` : '  const x = all;'}`,
  };
}
