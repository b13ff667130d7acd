import type { Floats } from './backend';
import type { GraphModel } from './model';
import { writeParameter, type Parameter } from './parameters';
import type { Expression } from '../equations/syntax';
import { randomOrthogonal } from './orthogonal';
import type { Random } from '../random/random';

/**
 * The output layer starts this much smaller than others, so that an untrained model's logits are almost
 * equal and its loss is ln C.
 */
const outputScale = 0.1;

/**
 * Gives all parameters their initial values, as `init` says or by default: a square matrix is random
 * orthogonal (Saxe et al. 2014), one that reads one-hot tokens normal with deviation 1 (each product picks
 * one column: a fan-in of 1, LeCun et al. 1998), another uniform after Glorot & Bengio 2010, the output
 * layer's a tenth of that, a bias zero. Tell the backend with `parametersChanged`.
 */
export function initialise(model: GraphModel, floats: Floats, random: Random): void {
  const outputs = outputMatrices(model.prediction);
  for (const parameter of model.parameters) {
    const isOutput = parameter.name === 'output.V' || outputs.has(parameter.symbol);
    writeParameter(
      floats,
      model.layout.parameters,
      parameter,
      initialValues(parameter, isOutput, random),
    );
  }
}

/** Row-major `[rows, columns]`. */
function initialValues(parameter: Parameter, isOutput: boolean, random: Random): Float64Array {
  const { rows, columns, kind, initial, readsTokens } = parameter;
  const values = new Float64Array(rows * columns);
  const uniform = (scale: number): Float64Array =>
    values.map(() => scale * (2 * random.uniform() - 1));
  switch (initial?.kind) {
    case 'constant':
      return values.fill(initial.value);
    case 'uniform':
      return uniform(initial.scale);
    case 'normal':
      return values.map(() => initial.scale * random.normal());
    case 'orthogonal':
      return orthogonal(rows, columns, initial.scale, random);
    case 'identity':
      for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = initial.scale;
      return values;
    case undefined: {
      if (kind === 'vector') return values;
      const glorot = Math.sqrt(6 / (rows + columns));
      if (isOutput) return uniform(outputScale * glorot);
      if (readsTokens) return values.map(() => random.normal());
      return rows === columns ? orthogonal(rows, columns, 1, random) : uniform(glorot);
    }
  }
}

function orthogonal(rows: number, columns: number, scale: number, random: Random): Float64Array {
  const long = Math.max(rows, columns);
  const short = Math.min(rows, columns);
  const q = randomOrthogonal(long, short, () => random.normal());
  return q.map((_, at) => {
    const r = Math.floor(at / columns);
    const c = at % columns;
    return scale * (rows >= columns ? q[at]! : q[c * short + r]!);
  });
}

/** The matrices whose products make the logits that equations define. */
function outputMatrices(prediction: Expression | undefined): Set<string> {
  const found = new Set<string>();
  const collect = (expression: Expression): void => {
    if (expression.kind === 'product') found.add(expression.matrix);
    else if (expression.kind === 'binary') [expression.left, expression.right].forEach(collect);
    else if (expression.kind === 'call' || expression.kind === 'negate')
      collect(expression.operand);
  };
  if (prediction !== undefined) collect(prediction);
  return found;
}
