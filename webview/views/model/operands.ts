import type { PanelFacts } from '../../../src/protocol/panel';

type Network = PanelFacts['network'];

/** A matrix of an equation and what it multiplies there, in the language: `W` and `s[t-1]`. */
export interface Product {
  readonly matrix: string;
  readonly operand: string;
}

const name = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const word = new RegExp(name, 'uy');
const time = /\[t(?:-\d+)?\]/y;

/**
 * The products of matrix and vector in an equation as the language prints it. Juxtaposition is the product, so
 * that the operand is what follows the matrix: a variable, a call, round brackets, or another product.
 *
 * @param matrices symbols of those the network has
 */
export function productsOf(equation: string, matrices: ReadonlySet<string>): Product[] {
  const products: Product[] = [];
  for (let at = equation.indexOf('=') + 1; at < equation.length; at++) {
    const symbol = match(word, equation, at);
    if (symbol === undefined) continue;
    const after = at + symbol.length;
    const rest = skipSpaces(equation, after);
    const end = matrices.has(symbol) ? endOfOperand(equation, rest) : rest;
    if (end > rest) products.push({ matrix: symbol, operand: inner(equation.slice(rest, end)) });
    at = after - 1;
  }
  return products;
}

/** Where the operand that begins at a place ends; the place itself where none does. */
function endOfOperand(text: string, at: number): number {
  if (text[at] === '(') return endOfBrackets(text, at);
  const symbol = match(word, text, at);
  if (symbol === undefined) return at;
  const after = at + symbol.length;
  const index = match(time, text, after);
  if (index !== undefined) return after + index.length;
  if (text[after] === '(') return endOfBrackets(text, after);
  // A bias, or a matrix with an operand of its own.
  const rest = skipSpaces(text, after);
  return Math.max(after, endOfOperand(text, rest));
}

function endOfBrackets(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}

function inner(operand: string): string {
  return operand.startsWith('(') ? operand.slice(1, -1) : operand;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skipSpaces(text: string, at: number): number {
  while (text[at] === ' ') at++;
  return at;
}

/** What each parameter multiplies, each once, by symbol. A bias multiplies nothing. */
export function operandsOf(network: Network): ReadonlyMap<string, readonly string[]> {
  const matrices = matricesOf(network);
  const found = new Map<string, string[]>();
  for (const { text } of network.equations) {
    for (const { matrix, operand } of productsOf(text, matrices)) {
      const operands = found.get(matrix) ?? [];
      if (!operands.includes(operand)) found.set(matrix, [...operands, operand]);
    }
  }
  return found;
}

export function matricesOf({ parameters }: Network): ReadonlySet<string> {
  return new Set(parameters.filter(({ shape }) => shape.length === 2).map(({ symbol }) => symbol));
}

/** The matrices that carry something into a cell, across steps, and out of it. */
export interface Carriers {
  /** They multiply the input `x[t]`. */
  readonly input: readonly string[];
  /** They multiply what an earlier step left. */
  readonly recurrent: readonly string[];
  /** Of the output layer. */
  readonly output: readonly string[];
}

export function carriersOf(network: Network): Carriers {
  const matrices = matricesOf(network);
  const carriers = {
    input: new Set<string>(),
    recurrent: new Set<string>(),
    output: new Set<string>(),
  };
  for (const { text, place } of network.equations) {
    for (const { matrix, operand } of productsOf(text, matrices)) {
      if (operand.includes('[t-')) carriers.recurrent.add(matrix);
      else if (/(?<![\p{L}\p{N}_])x\[t\]/u.test(operand)) carriers.input.add(matrix);
      else if (place === 'output') carriers.output.add(matrix);
    }
  }
  return {
    input: [...carriers.input],
    recurrent: [...carriers.recurrent],
    output: [...carriers.output],
  };
}

/** Names in little room: `U`; `W∗` for Wi, Wf, Wo and Wg; `U, E`; `U, …`. */
export function shortNames(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return first;
  const [letter = ''] = Array.from(first);
  if (others.every((other) => other.startsWith(letter))) return `${letter}∗`;
  const all = names.join(', ');
  return all.length <= 6 ? all : `${first}, …`;
}
