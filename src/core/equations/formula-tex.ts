import {
  isScalarVector,
  type Attention,
  type Factor,
  type Formula,
  type Term,
  type Vector,
} from './formula';
import {
  operatorStrength,
  printNumber,
  printShift,
  strength,
  tighter,
  type Strength,
} from './notation';
import type { Domain, StepDomain } from './syntax';
import { texOfName } from './tex-names';

/** `h_{t-1}`; the index of a name stands before the time: `c_{1,t}`. */
export function texOfVariable(name: string, lag: number, domain: StepDomain = 't'): string {
  return texAt(name, `${domain}${printShift(lag)}`);
}

/** An equation's left side. */
export function texOfTarget(name: string, domain: Domain): string {
  return domain === 'example' ? texOfParameter(name) : texOfVariable(name, 0, domain);
}

/** A name at a time. */
function texAt(name: string, time: string): string {
  const { base, index } = texOfName(name);
  return subscripted(base, index === '' ? time : `${index},${time}`);
}

/** `W_{hh}`, `b_z`. */
export function texOfParameter(name: string): string {
  const { base, index } = texOfName(name);
  return index === '' ? base : subscripted(base, index);
}

function subscripted(base: string, index: string): string {
  return index.length === 1 ? `${base}_${index}` : `${base}_{${index}}`;
}

/** A vector formula in TeX. */
export function texOfVector(vector: Vector): string {
  return tex(vector, strength.sum);
}

function tex(vector: Vector, least: Strength): string {
  switch (vector.kind) {
    case 'number':
      return bracketed(
        texOfNumber(vector.value),
        vector.value < 0 ? strength.unary : strength.atom,
        least,
      );
    case 'bias':
      return texOfParameter(vector.name);
    case 'variable':
      return texOfVariable(vector.name, vector.lag, vector.domain);
    case 'whole':
      return texOfParameter(vector.name);
    case 'end':
      return texAt(vector.name, vector.at === 'first' ? '1' : 'T');
    case 'pool':
      return `\\operatorname{${vector.pool}}\\left(${texOfParameter(vector.name)}\\right)`;
    case 'attend':
      return texOfAttention(vector);
    case 'stack':
      return texOfColumn(vector.parts.map((part) => tex(part, strength.sum)));
    case 'product': {
      const text = `${texOfParameter(vector.matrix)} ${tex(vector.operand, strength.product)}`;
      return bracketed(text, strength.product, least);
    }
    case 'negate':
      return bracketed(`-${tex(vector.operand, strength.unary)}`, strength.unary, least);
    case 'call':
      return texOfCall(vector.function, vector.operand);
    case 'square':
      return texOfSquare(vector.operand);
    case 'binary':
      return texOfBinary(vector, least);
  }
}

/** One below the other, in square brackets. */
function texOfColumn(parts: readonly string[]): string {
  return `\\begin{bmatrix} ${parts.join(' \\\\ ')} \\end{bmatrix}`;
}

function texOfAttention({ query, keys, values, score }: Attention): string {
  const names = [keys, values].map(({ name }) => texOfParameter(name));
  const written = keys.name === values.name && !score ? names.slice(1) : names;
  const last = score ? [texOfParameter(score.name)] : [];
  const all = [tex(query, strength.sum), ...written, ...last].join(', ');
  return `\\operatorname{attend}\\left(${all}\\right)`;
}

/** How a function is written before its argument. */
const functionTex: Readonly<Record<string, string>> = {
  tanh: '\\tanh',
  sigmoid: '\\sigma',
  exp: '\\exp',
  log: '\\log',
};

function texOfCall(name: string, operand: Vector): string {
  const argument = tex(operand, strength.sum);
  if (name === 'sqrt') return `\\sqrt{${argument}}`;
  if (name === 'abs') return `\\left|${argument}\\right|`;
  if (name === 'step') return `\\mathbf{1}\\left[${argument} > 0\\right]`;
  return `${functionTex[name] ?? `\\operatorname{${name}}`}\\left(${argument}\\right)`;
}

function texOfSquare(operand: Vector): string {
  // A superscript stands beside the subscript, and between a function and its argument.
  const name = operand.kind === 'call' ? functionTex[operand.function] : undefined;
  if (operand.kind === 'call' && name !== undefined && operand.function !== 'sigmoid') {
    return `${name}^2\\left(${tex(operand.operand, strength.sum)}\\right)`;
  }
  if (operand.kind === 'variable' || operand.kind === 'bias') {
    return `${tex(operand, strength.atom)}^2`;
  }
  return `\\left(${tex(operand, strength.sum)}\\right)^2`;
}

function texOfBinary(
  { operator, left, right }: Extract<Vector, { kind: 'binary' }>,
  least: Strength,
): string {
  if (operator === '/') {
    return `\\frac{${tex(left, strength.sum)}}{${tex(right, strength.sum)}}`;
  }
  const own = operatorStrength[operator];
  const isScaled = isScalarVector(left) || isScalarVector(right);
  // Between numbers a dot, between vectors the sign of the elementwise (Hadamard) product.
  const sign = operator === '*' ? (isScaled ? '\\cdot' : '\\odot') : operator;
  return bracketed(`${tex(left, own)} ${sign} ${tex(right, tighter(own))}`, own, least);
}

function bracketed(text: string, own: Strength, least: Strength): string {
  return own < least ? `\\left(${text}\\right)` : text;
}

function texOfNumber(value: number): string {
  const [mantissa = '', exponent] = printNumber(value).split('e');
  if (exponent === undefined) return mantissa;
  const power = `10^{${String(Number(exponent))}}`;
  return mantissa === '1' ? power : `${mantissa} \\cdot ${power}`;
}

/** A matrix formula in TeX. */
export function texOfFormula(formula: Formula): string {
  const [only, ...others] = formula;
  if (!only) return '0';
  const [factor, ...more] = only.factors;
  if (others.length === 0 && more.length === 0 && factor?.kind === 'softmax' && !only.negative) {
    return texOfSoftmax(factor.output);
  }
  return formula
    .map((term, index) => {
      const sign = index === 0 ? (term.negative ? '-' : '') : term.negative ? ' - ' : ' + ';
      return sign + texOfTerm(term);
    })
    .join('');
}

function texOfTerm({ factors }: Term): string {
  const last = factors.at(-1);
  if (last?.kind !== 'operand') return texOfFactors(factors);
  const before = factors.slice(0, -1);
  const jacobian = texOfFactors(before);
  const [first, ...more] = before;
  const isSingle = more.length === 0 && !(first && isScalarFactor(first));
  const operand = texOfTransposed(last.vector);
  return `${operand} \\otimes ${isSingle ? jacobian : `\\left(${jacobian}\\right)`}`;
}

function texOfFactors(factors: readonly Factor[]): string {
  const texts = factors.map(texOfFactor);
  if (factors.every(isScalarFactor)) texts.push('I');
  return texts.join(' \\, ');
}

function isScalarFactor(factor: Factor): boolean {
  return factor.kind === 'diagonal' && isScalarVector(factor.vector);
}

function texOfFactor(factor: Factor): string {
  switch (factor.kind) {
    case 'diagonal':
      return isScalarFactor(factor)
        ? tex(factor.vector, strength.product)
        : `\\operatorname{diag}\\left(${tex(factor.vector, strength.sum)}\\right)`;
    case 'matrix':
      return texOfParameter(factor.name);
    case 'softmax':
      return `\\left(${texOfSoftmax(factor.output)}\\right)`;
    case 'layernorm': {
      const output = tex(factor.output, strength.atom);
      const transposed = texOfTransposed(factor.output);
      return `\\left(I - \\frac{1}{n}\\left(\\mathbf{1}\\mathbf{1}^\\top + ${output} ${transposed}\\right)\\right)`;
    }
    case 'operand':
      return `\\left(${texOfTransposed(factor.vector)} \\otimes I\\right)`;
    case 'stack':
      return texOfColumn(factor.parts.map(texOfFormula));
    case 'attention':
      return texOfAttentionGradient(factor);
    case 'derivative':
      return texOfFraction(texOfVector(factor.of), texOfVector(factor.by));
    case 'sum':
      return `\\left(${texOfFormula(factor.terms)}\\right)`;
  }
}

function texOfSoftmax(output: Vector): string {
  return `\\operatorname{diag}\\left(${tex(output, strength.sum)}\\right) - ${tex(output, strength.atom)} ${texOfTransposed(output)}`;
}

function texOfAttentionGradient({
  of,
  attention: { query, keys, values, score, domain },
  output,
}: Extract<Factor, { kind: 'attention' }>): string {
  const [key, value] = [keys, values].map(({ name }) => texOfVariable(name, 0, domain));
  const change = `${value!} - ${tex(output, strength.term)}`;
  const inner = `\\left(${tex(query, strength.sum)} + ${key!}\\right)`;
  const slope = score
    ? `\\left(${texOfParameter(score.name)} \\odot \\left(1 - \\tanh^2${inner}\\right)\\right)`
    : key!;
  const compared = of === 'score' ? `\\tanh${inner}` : slope;
  return `\\left(\\sum_${domain} \\alpha_${domain} \\left(${change}\\right) ${compared}^\\top\\right)`;
}

/** The derivative of one thing by another, both set in TeX. */
export function texOfFraction(of: string, by: string): string {
  return `\\frac{\\partial ${of}}{\\partial ${by}}`;
}

/** A row: h_t^⊤, with brackets around what is longer than a name. */
function texOfTransposed(vector: Vector): string {
  const isName = ['variable', 'whole', 'end', 'bias'].includes(vector.kind);
  return isName
    ? `${tex(vector, strength.atom)}^\\top`
    : `\\left(${tex(vector, strength.sum)}\\right)^\\top`;
}
