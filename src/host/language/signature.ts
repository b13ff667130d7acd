import {
  ParameterInformation,
  SignatureHelp,
  SignatureInformation,
  type Position,
  type TextDocument,
} from 'vscode';
import { appliedCells, isCallable } from '../../core/equations/names';
import { openCall } from '../../core/equations/tokens';
import { explainCell, explainFunction, explainStart, isStart } from './explain';

/** What the function, or the initial value, takes in whose brackets the cursor stands. */
export function signatureAt(document: TextDocument, position: Position): SignatureHelp | undefined {
  const call = openCall(document.getText(), document.offsetAt(position));
  if (!call) return undefined;
  const { name, argument } = call;
  const cell = appliedCells.get(name);
  if (cell !== undefined) return helpFor(name, ['x[t]', 'h[t-1]'], argument, explainCell(cell));
  if (name === 'attend') {
    return helpFor(name, ['query', 'keys', 'values', 'v'], argument, explainFunction(name));
  }
  if (name === 'mean' || name === 'max') return helpFor(name, ['s'], 0, explainFunction(name));
  if (isCallable(name)) return helpFor(name, ['a'], 0, explainFunction(name));
  return isStart(name)
    ? helpFor(name, [name === 'normal' ? 's' : 'a'], 0, explainStart(name))
    : undefined;
}

function helpFor(
  name: string,
  parameters: readonly string[],
  active: number,
  documentation: SignatureInformation['documentation'],
): SignatureHelp {
  const signature = new SignatureInformation(`${name}(${parameters.join(', ')})`, documentation);
  signature.parameters = parameters.map((parameter) => new ParameterInformation(parameter));
  const help = new SignatureHelp();
  help.signatures = [signature];
  help.activeSignature = 0;
  help.activeParameter = Math.min(active, parameters.length - 1);
  return help;
}
