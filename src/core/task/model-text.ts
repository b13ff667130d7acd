/** The equations that settings stand for: a cell becomes a model of a shape. */
import { appliedCells, mentionsOf } from '../equations/names';
import { parseCell } from '../equations/parse';
import { printCell } from '../equations/print';
import type { Cell } from '../equations/syntax';
import type { AttentionKind, Pooling } from '../settings/architecture';
import type { Alignment } from './dataset';

/** What the settings say of a model, beside its sizes. */
export interface Architecture {
  readonly cell: Cell;
  /** The decoder's; the encoder's if not given. */
  readonly decoder?: Cell | undefined;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly pool: Pooling;
  readonly attention: AttentionKind;
  /** Width of an embedding of symbols; 0: one-hot. */
  readonly embedding: number;
  readonly dropout: number;
}

/** What the data says of a model. */
export interface Shape {
  /** Whether the input is a sequence. */
  readonly source: boolean;
  readonly inputs: 'symbols' | 'numbers';
  readonly alignment: Alignment;
  readonly outputs: 'symbols' | 'labels' | 'numbers';
}

const responses = { symbols: 'softmax', labels: 'sigmoid', numbers: '' } as const;

/**
 * The model of a shape, as a file of equations would say it; applied cells are written out.
 *
 * @throws EquationError if the cell cannot be applied
 */
export function composeModel(shape: Shape, architecture: Architecture): Cell {
  const { cell, decoder = cell } = architecture;
  const others = new Map([
    [wordOf(cell), cell],
    [wordOf(decoder), decoder],
  ]);
  const name = shape.source || shape.alignment === 'delayed' ? cell.name : 'plain';
  const applied = parseCell(modelText(shape, architecture), name, others);
  return parseCell(printCell(applied), name);
}

/** The text with the cells applied by name: `h[t] = gru(x[t], h[t-1])`. */
function modelText(shape: Shape, architecture: Architecture): string {
  const lines = new Lines(shape, architecture);
  return `${lines.write().join('\n')}\n`;
}

/** The word that a cell is applied by. */
function wordOf({ name }: Cell): string {
  const builtin = [...appliedCells].find(([, cell]) => cell === name);
  return builtin?.[0] ?? `own_${name.replace(/\W/g, '_')}`;
}

class Lines {
  private readonly lines: string[] = [];

  constructor(
    private readonly shape: Shape,
    private readonly model: Architecture,
  ) {}

  write(): readonly string[] {
    const { source, alignment } = this.shape;
    if (alignment === 'delayed') this.answer(source ? this.encoder('s') : undefined);
    else if (source) this.ofSource();
    else this.plain();
    return this.lines;
  }

  private add(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  /** With dropout, if there is any. */
  private dropped(value: string): string {
    return this.model.dropout > 0 ? `dropout(${value})` : value;
  }

  /** Names of layers: none of a single one's. */
  private get numbers(): readonly string[] {
    const { layers } = this.model;
    return layers === 1 ? [''] : Array.from({ length: layers }, (_, i) => String(i + 1));
  }

  private predict(index: '' | '[t]' | '[u]', value: string): void {
    const response = responses[this.shape.outputs];
    const logits = `V ${this.dropped(value)} + c`;
    this.add(`y${index} = ${response === '' ? logits : `${response}(${logits})`}`);
  }

  private plain(): void {
    let value = 'x';
    for (const n of this.numbers) {
      this.add(`h${n} = relu(A${n} ${value === 'x' ? value : this.dropped(value)} + a${n})`);
      value = `h${n}`;
    }
    this.predict('', value);
  }

  private ofSource(): void {
    const names = this.encoder('h');
    if (this.shape.alignment === 'synced') this.predict('[t]', stacked(names, '[t]'));
    else this.predict('', this.pooled(names));
  }

  private pooled(names: readonly string[]): string {
    const { pool } = this.model;
    switch (pool) {
      case 'last':
        return stack(names.map((name, i) => `${name}[${i === 0 ? 'T' : '1'}]`));
      case 'attention':
        this.add(`a = attend(q, ${this.memory(names)})`);
        return 'a';
      default:
        return stack(names.map((name) => `${pool}(${name})`));
    }
  }

  /** One sequence of the states of all directions. */
  private memory(names: readonly string[]): string {
    if (names.length === 1) return names[0]!;
    this.add(`s[t] = ${stacked(names, '[t]')}`);
    return 's';
  }

  /**
   * Layers over the source.
   * @returns names of the top one's states: one, or of both directions
   */
  private encoder(name: string): readonly string[] {
    const { cell, bidirectional } = this.model;
    const word = wordOf(cell);
    let value = this.embedded('E', 'e', 't');
    let names: readonly string[] = [];
    for (const n of this.numbers) {
      names = bidirectional ? [`f${n}`, `b${n}`] : [`${name}${n}`];
      names.forEach((state, i) => {
        this.add(`${state}[t] = ${word}(${value}, ${state}[t${i === 0 ? '-' : '+'}1])`);
      });
      value = this.dropped(stacked(names, '[t]'));
    }
    return names;
  }

  /** What a loop reads of symbols or numbers. */
  private embedded(matrix: string, name: string, index: 't' | 'u'): string {
    const { inputs, outputs } = this.shape;
    const isSymbols = (index === 't' ? inputs : outputs) === 'symbols';
    if (!isSymbols || this.model.embedding === 0) return `x[${index}]`;
    this.add(
      `${name}[${index}] = ${matrix} x[${index}]`,
      `size ${name} = ${String(this.model.embedding)}`,
    );
    return this.dropped(`${name}[${index}]`);
  }

  /** @param encoded the encoder's states; undefined: the input is one vector */
  private answer(encoded: readonly string[] | undefined): void {
    const { cell, decoder = cell, attention } = this.model;
    const word = wordOf(decoder);
    let value = this.embedded('G', 'g', 'u');
    let top = 'd';
    for (const n of this.numbers) {
      top = `d${n}`;
      this.add(`${top}[u] = ${word}(${value}, ${top}[u-1])`);
      this.begin(n, encoded !== undefined);
      value = this.dropped(`${top}[u]`);
    }
    if (encoded === undefined || attention === 'none') this.predict('[u]', `${top}[u]`);
    else this.attend(top, this.memory(encoded), encoded.length === 1);
  }

  /** What a layer of the decoder begins with: the last states of the encoder's layer, or the vector that is given. */
  private begin(n: string, hasSource: boolean): void {
    const { cell, decoder = cell, bidirectional } = this.model;
    if (!hasSource) {
      this.add(`init d${n} = tanh(P${n} x + p${n})`);
    } else if (bidirectional) {
      this.add(`init d${n} = tanh(P${n} [f${n}[T]; b${n}[1]] + p${n})`);
    } else {
      this.add(`init d${n} = s${n}[T]`);
      if (decoder !== cell) return;
      for (const state of otherStates(cell)) this.add(`init d${n}.${state} = s${n}.${state}[T]`);
    }
  }

  private attend(state: string, memory: string, isAsWide: boolean): void {
    const { attention } = this.model;
    if (attention === 'additive') {
      this.add(`k[t] = Q ${memory}[t]`, `a[u] = attend(A ${state}[u], k, ${memory}, v)`);
    } else {
      // A product as wide as the memory, where the state is not.
      const query = attention === 'dot' && isAsWide ? `${state}[u]` : `A ${state}[u]`;
      this.add(`a[u] = attend(${query}, ${memory})`);
    }
    this.add(`o[u] = tanh(O [a[u]; ${state}[u]] + o0)`);
    this.predict('[u]', 'o[u]');
  }
}

const stack = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : `[${parts.join('; ')}]`;

const stacked = (names: readonly string[], index: string): string =>
  stack(names.map((name) => name + index));

/** States of a cell beside its output. */
function otherStates({ equations, output }: Cell): string[] {
  const { lags } = mentionsOf(equations.map(({ expression }) => expression));
  return equations
    .map(({ name }) => name)
    .filter((name) => name !== output && (lags.get(name) ?? 0) > 0);
}
