/** The part of a script that computes with vectors and matrices: what of it the model uses. */
import type { FunctionName, PoolName } from '../../equations/syntax';
import type { Code } from './code';

/** What the code of a network calls: nothing is dropped where nothing is learnt. */
export type ScriptFunction =
  | Exclude<FunctionName, 'dropout'>
  | PoolName
  | 'attend'
  | 'stack'
  | 'oneHot'
  | 'past'
  | 'remember'
  | 'bias';

/** Those that JavaScript has. */
const mathFunctions = [
  'tanh',
  'exp',
  'log',
  'sqrt',
  'abs',
] as const satisfies readonly ScriptFunction[];
type MathFunction = (typeof mathFunctions)[number];

/** @param used what of it the model needs */
export function algebraPart(code: Code, used: Iterable<ScriptFunction>): string {
  const functions = new Set(used);
  if (functions.has('attend')) functions.add('softmax');
  const ofMath = mathFunctions.filter((name) => functions.has(name));
  return [
    ...(ofMath.length > 0 ? [`const { ${ofMath.join(', ')} } = Math;\n`] : []),
    code`«type Vector = Float64Array;

/** Row by row. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

»/** A vector from what gives each of its entries. */
function vector(width«: number», entry«: (k: number) => number»)«: Vector» {
  const values = new Float64Array(width);
  for (let k = 0; k < width; k++) values[k] = entry(k);
  return values;
}

/** Matrix times vector; a token stands for its one-hot vector, so that one column is the product. */
function times({ rows, columns, values }«: Matrix», x«: Vector | number»)«: Vector» {
  if (typeof x === 'number') return vector(rows, (row) => values[row * columns + x]);
  const product = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += values[start + column] * x[column];
    product[row] = sum;
  }
  return product;
}
`,
    ...[...functions].flatMap((name) => (isOfMath(name) ? [] : functionOf(code, name))),
    code`/** Numbers from base64: float32, little-endian. */
function floats(base64«: string»)«: Float32Array» {
  const binary = atob(base64);
  const view = new DataView(new ArrayBuffer(binary.length));
  for (let at = 0; at < binary.length; at++) view.setUint8(at, binary.charCodeAt(at));
  const values = new Float32Array(binary.length / 4);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
  return values;
}

function matrix(rows«: number», columns«: number», base64«: string»)«: Matrix» {
  return { rows, columns, values: floats(base64) };
}
`,
  ].join('\n');
}

function isOfMath(name: ScriptFunction): name is MathFunction {
  return (mathFunctions as readonly ScriptFunction[]).includes(name);
}

function functionOf(code: Code, name: Exclude<ScriptFunction, MathFunction>): string {
  switch (name) {
    case 'oneHot':
      return code`/** A token as its one-hot vector. */
function oneHot(x«: Vector | number», width«: number»)«: Vector» {
  return typeof x === 'number' ? vector(width, (k) => (k === x ? 1 : 0)) : x;
}
`;
    case 'past':
      return code`/** A variable's values before the first step, as many as are looked back at. */
function past(steps«: number», width«: number», initial«: number»)«: Vector[]» {
  return Array.from({ length: steps }, () => vector(width, () => initial));
}
`;
    case 'remember':
      return code`/** Puts a value before those of earlier steps, and forgets the oldest. */
function remember«<T>»(values«: T[]», newest«: T»)«: void» {
  values.pop();
  values.unshift(newest);
}
`;
    case 'bias':
      return code`function bias(base64«: string»)«: Vector» {
  return Float64Array.from(floats(base64));
}
`;
    case 'stack':
      return code`/** One vector below the other. */
function stack(...parts«: Vector[]»)«: Vector» {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
`;
    case 'mean':
      return code`/** Over all steps, entry by entry. */
function mean(steps«: readonly Vector[]»)«: Vector» {
  const sum = (k«: number») => steps.reduce((total, step) => total + step[k], 0);
  return vector(steps[0].length, (k) => sum(k) / steps.length);
}
`;
    case 'max':
      return code`/** The largest of all steps, entry by entry. */
function max(steps«: readonly Vector[]»)«: Vector» {
  const most = (k«: number») => steps.reduce((best, step) => Math.max(best, step[k]), -Infinity);
  return vector(steps[0].length, most);
}
`;
    case 'attend':
      return code`«type Steps = readonly Vector[];

»/** The sum of values, each weighted by the softmax of query · key; with a vector v, of v · tanh(query + key). */
function attend(query«: Vector», keys«: Steps», values«: Steps», v«?: Vector»)«: Vector» {
  const scores = keys.map((key) =>
    v === undefined
      ? query.reduce((sum, q, k) => sum + q * key[k], 0)
      : query.reduce((sum, q, k) => sum + v[k] * Math.tanh(q + key[k]), 0),
  );
  const weights = softmax(Float64Array.from(scores));
  const sum = (k«: number») => values.reduce((total, value, t) => total + weights[t] * value[k], 0);
  return vector(values[0].length, sum);
}
`;
    case 'sigmoid':
      return code`function sigmoid(a«: number»)«: number» {
  return 1 / (1 + Math.exp(-a));
}
`;
    case 'relu':
      return code`function relu(a«: number»)«: number» {
  return Math.max(a, 0);
}
`;
    case 'softplus':
      return code`/** ln(1 + exp(a)), without overflow. */
function softplus(a«: number»)«: number» {
  return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
}
`;
    case 'softmax':
      return code`function softmax(a«: Vector»)«: Vector» {
  const highest = a.reduce((most, value) => Math.max(most, value), -Infinity);
  const sum = a.reduce((total, value) => total + Math.exp(value - highest), 0);
  const logSum = highest + Math.log(sum);
  return a.map((value) => Math.exp(value - logSum));
}
`;
    case 'layernorm':
      return code`/** Mean 0 and variance 1, but for 1e-5 under the root. */
function layernorm(a«: Vector»)«: Vector» {
  const mean = a.reduce((sum, value) => sum + value / a.length, 0);
  const variance = a.reduce((sum, value) => sum + (value - mean) ** 2 / a.length, 0);
  return a.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}
`;
  }
}
