import type { Formula, Vector } from './formula';
import { printFormula, printVector } from './formula-text';
import { texOfFormula, texOfFraction, texOfParameter, texOfVector } from './formula-tex';
import { knownValuesOf, localDerivative, targetValue, type Target } from './local-derivative';
import { addMatrices, identity, multiplyMatrices, nothing, single } from './matrix-algebra';
import { mentionsOf, visit } from './names';
import { evaluationOrder, presentReads } from './order';
import { toEnglish } from '../sentence';
import { listed } from '../suggest';
import { inputName, type Cell } from './syntax';

/** In characters of text; no derivative of the usual cells has a factor half as long. */
const longestFactor = 300;

/** A derivative as a formula. */
export interface Derivative {
  /** The variable that is differentiated, at time t. */
  readonly of: string;
  readonly by: Target;
  /** The Jacobian: row i, column j is ∂of_i/∂by_j. */
  readonly formula: Formula;
  /** `∂s[t]/∂s[t-1] = diag(1 - s[t]²) W` */
  readonly text: string;
  /** The same in TeX. */
  readonly tex: string;
}

/**
 * The derivative of a variable at time t by a variable at time t - lag or by a parameter, as a formula.
 *
 * It is total within the step: summed over all paths through this step's other values. Values of
 * earlier steps are held fixed (but for the one it is taken by), so that the chain over time is the
 * product of these factors (Werbos 1990). By a matrix M it is the derivative by vec(M), M's columns
 * one below the other, for which ∂(M u)/∂vec(M) = uᵀ ⊗ I (Magnus & Neudecker 1999).
 *
 * @param lag of `byName`; of no meaning for a parameter
 * @throws RangeError if the cell has no such variable or parameter, or the lag is no whole number
 */
export function derivative(cell: Cell, ofName: string, byName: string, lag: number): Derivative {
  return derivativeBy(cell, ofName, targetOf(cell, byName, lag));
}

/**
 * The derivative of a variable by what one of its equations reads, or by a parameter.
 * @throws RangeError if no equation defines the variable
 */
export function derivativeBy(cell: Cell, ofName: string, by: Target): Derivative {
  const formula = totalDerivative(cell, ofName, by);
  const of = valueNamed(cell, ofName);
  return {
    of: ofName,
    by,
    formula,
    text: `∂${printVector(of)}/∂${targetText(by)} = ${printFormula(formula)}`,
    tex: `${texOfFraction(texOfVector(of), targetTex(by))} = ${texOfFormula(formula)}`,
  };
}

/** A variable's own value, of this step or of the example. */
function valueNamed({ equations }: Cell, name: string): Target & Vector {
  const domain = equations.find((equation) => equation.name === name)?.domain ?? 't';
  return targetValue({ name, domain });
}

/** What a name stands for in a cell. @throws RangeError if for nothing */
export function targetOf(cell: Cell, name: string, lag: number): Target {
  const { matrices, biases } = mentionsOf(cell.equations.map(({ expression }) => expression));
  if (matrices.has(name)) return { kind: 'matrix', name };
  if (biases.has(name)) return { kind: 'bias', name };
  const variables = [inputName, ...cell.equations.map((equation) => equation.name)];
  if (!variables.includes(name)) {
    const names = toEnglish(listed([...variables, ...matrices, ...biases], 'or'));
    throw new RangeError(`The cell ${cell.name} has no ${name}; use ${names}.`);
  }
  if (!Number.isSafeInteger(lag)) {
    throw new RangeError(`A lag is a whole number, not ${String(lag)}.`);
  }
  const value = name === inputName ? inputValue(cell) : valueNamed(cell, name);
  return value.kind === 'variable' ? { ...value, lag } : value;
}

/** `x`, or `x` at a step of the letter that it is read at. */
function inputValue(cell: Cell): Target & Vector {
  let found: (Target & Vector) | undefined;
  for (const { expression } of cell.equations) {
    visit(expression, (node) => {
      const isRead = (node.kind === 'variable' || node.kind === 'whole') && node.name === inputName;
      if (isRead) found ??= node;
    });
  }
  return found ?? { kind: 'variable', name: inputName, lag: 0, domain: 't' };
}

/**
 * Goes from the variable back through this step's equations and gathers, for each value on the way,
 * the derivative of the variable with respect to it (reverse accumulation).
 */
export function totalDerivative(cell: Cell, ofName: string, by: Target): Formula {
  if (!cell.equations.some(({ name }) => name === ofName)) {
    const names = toEnglish(
      listed(
        cell.equations.map(({ name }) => name),
        'or',
      ),
    );
    throw new RangeError(`No equation of the cell ${cell.name} defines ${ofName}; use ${names}.`);
  }
  const isPresent = by.kind === 'whole' || (by.kind === 'variable' && by.lag === 0);
  if (isPresent && by.name === ofName) return identity;
  const known = knownValuesOf(cell);
  const gathered = new Map<string, Formula>([[ofName, identity]]);
  let result = nothing;
  for (const equation of evaluationOrder(cell.equations).reverse()) {
    const gatheredHere = gathered.get(equation.name);
    if (!gatheredHere) continue;
    const through = shortened(gatheredHere, valueNamed(cell, ofName), targetValue(equation));
    const direct = localDerivative(equation.expression, by, known);
    result = addMatrices(result, multiplyMatrices(through, direct));
    for (const name of presentReads(equation).keys()) {
      if (name === inputName || (isPresent && name === by.name)) continue;
      const step = localDerivative(equation.expression, valueNamed(cell, name), known);
      const path = multiplyMatrices(through, step);
      gathered.set(name, addMatrices(gathered.get(name) ?? nothing, path));
    }
  }
  return result;
}

/** A factor that would be written out at length again and again is named instead. */
function shortened(formula: Formula, of: Vector, by: Vector): Formula {
  const isLong = printFormula(formula).length > longestFactor;
  return isLong ? single({ kind: 'derivative', of, by }) : formula;
}

function targetText(by: Target): string {
  return by.kind === 'matrix' ? `vec(${by.name})` : printVector(by);
}

function targetTex(by: Target): string {
  return by.kind === 'matrix' ? `\\operatorname{vec}(${texOfParameter(by.name)})` : texOfVector(by);
}
