import type { Attention, Factor, Formula, Term, Vector } from './formula';
import { isScalarVector } from './formula';
import {
  operatorStrength,
  printNumber,
  printVariable,
  strength,
  tighter,
  type Strength,
} from './notation';

/** A vector formula as text, in the language's notation as far as it goes: `o[t] * (1 - tanh(c[t])²)`. */
export function printVector(vector: Vector): string {
  return print(vector, strength.sum);
}

function print(vector: Vector, least: Strength): string {
  switch (vector.kind) {
    case 'number':
      return bracketed(
        printNumber(vector.value),
        vector.value < 0 ? strength.unary : strength.atom,
        least,
      );
    case 'bias':
      return vector.name;
    case 'variable':
      return printVariable(vector.name, vector.lag, vector.domain);
    case 'whole':
      return vector.name;
    case 'end':
      return `${vector.name}[${vector.at === 'first' ? '1' : 'T'}]`;
    case 'pool':
      return `${vector.pool}(${vector.name})`;
    case 'attend':
      return `attend(${argumentsOf(vector).join(', ')})`;
    case 'stack':
      return `[${vector.parts.map((part) => print(part, strength.sum)).join('; ')}]`;
    case 'product': {
      const text = `${vector.matrix} ${print(vector.operand, strength.product)}`;
      return bracketed(text, strength.product, least);
    }
    case 'negate':
      return bracketed(`-${print(vector.operand, strength.unary)}`, strength.unary, least);
    case 'call':
      return `${vector.function}(${print(vector.operand, strength.sum)})`;
    case 'square':
      return `${print(vector.operand, strength.atom)}²`;
    case 'binary': {
      const own = operatorStrength[vector.operator];
      const left = print(vector.left, own);
      const right = print(vector.right, tighter(own));
      return bracketed(`${left} ${vector.operator} ${right}`, own, least);
    }
  }
}

/** As they are written: keys that are the values are left out. */
function argumentsOf({ query, keys, values, score }: Attention): string[] {
  const written = [print(query, strength.sum), keys.name];
  if (score) return [...written, values.name, score.name];
  return keys.name === values.name ? written : [...written, values.name];
}

function bracketed(text: string, own: Strength, least: Strength): string {
  return own < least ? `(${text})` : text;
}

/** A matrix formula as text: `diag(1 - s[t]²) W`. */
export function printFormula(formula: Formula): string {
  const [only, ...others] = formula;
  if (!only) return '0';
  const [factor] = only.factors;
  if (others.length === 0 && only.factors.length === 1 && factor && !only.negative) {
    if (factor.kind === 'softmax') return printSoftmax(factor.output);
  }
  return formula
    .map((term, index) => {
      const sign = index === 0 ? (term.negative ? '-' : '') : term.negative ? ' - ' : ' + ';
      return sign + printTerm(term);
    })
    .join('');
}

function printTerm({ factors }: Term): string {
  const last = factors.at(-1);
  if (last?.kind !== 'operand') return printFactors(factors);
  const before = factors.slice(0, -1);
  const jacobian = printFactors(before);
  const isSingle = before.length <= 1 && !onlyScalar(before);
  const operand = print(last.vector, strength.atom);
  return `${operand}ᵀ ⊗ ${isSingle ? jacobian : `(${jacobian})`}`;
}

function onlyScalar([factor]: readonly Factor[]): boolean {
  return factor?.kind === 'diagonal' && isScalarVector(factor.vector);
}

function printFactors(factors: readonly Factor[]): string {
  const texts = factors.map(printFactor);
  if (factors.length === 0 || (factors.length === 1 && onlyScalar(factors))) texts.push('I');
  return texts.join(' ');
}

function printFactor(factor: Factor): string {
  switch (factor.kind) {
    case 'diagonal':
      return isScalarVector(factor.vector)
        ? print(factor.vector, strength.product)
        : `diag(${printVector(factor.vector)})`;
    case 'matrix':
      return factor.name;
    case 'softmax':
      return `(${printSoftmax(factor.output)})`;
    case 'layernorm': {
      const output = print(factor.output, strength.atom);
      return `(I - (1 1ᵀ + ${output} ${output}ᵀ) / n)`;
    }
    case 'operand':
      return `(${print(factor.vector, strength.atom)}ᵀ ⊗ I)`;
    case 'stack':
      return `[${factor.parts.map(printFormula).join('; ')}]`;
    case 'attention':
      return `(${printAttention(factor)})`;
    case 'derivative':
      return `∂${printVector(factor.of)}/∂${printVector(factor.by)}`;
    case 'sum':
      return `(${printFormula(factor.terms)})`;
  }
}

/** `Σ_t α[t] (s[t] - a[u]) k[t]ᵀ` */
function printAttention({
  of,
  attention: { query, keys, values, score, domain },
  output,
}: Extract<Factor, { kind: 'attention' }>): string {
  const [key, value] = [keys, values].map(({ name }) => printVariable(name, 0, domain));
  const inner = `tanh(${print(query, strength.sum)} + ${key!})`;
  const slope = score ? `(${score.name} * (1 - ${inner}²))` : key!;
  const compared = of === 'score' ? inner : slope;
  return `Σ_${domain} α[${domain}] (${value!} - ${print(output, strength.term)}) ${compared}ᵀ`;
}

function printSoftmax(output: Vector): string {
  const text = print(output, strength.atom);
  return `diag(${printVector(output)}) - ${text} ${text}ᵀ`;
}
