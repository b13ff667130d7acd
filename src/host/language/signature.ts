import {
  ParameterInformation,
  SignatureHelp,
  SignatureInformation,
  type Position,
  type TextDocument,
} from 'vscode';
import { isFunctionName } from '../../core/equations/names';
import { openCall } from '../../core/equations/tokens';
import { explainFunction, explainStart, isStart } from './explain';

/** What the function, or the initial value, takes in whose brackets the cursor stands. */
export function signatureAt(document: TextDocument, position: Position): SignatureHelp | undefined {
  const name = openCall(document.getText(), document.offsetAt(position))?.text;
  if (name === undefined) return undefined;
  if (isFunctionName(name)) return helpFor(`${name}(a)`, 'a', explainFunction(name));
  if (!isStart(name)) return undefined;
  const argument = name === 'normal' ? 's' : 'a';
  return helpFor(`${name}(${argument})`, argument, explainStart(name));
}

function helpFor(
  label: string,
  argument: string,
  documentation: SignatureInformation['documentation'],
): SignatureHelp {
  const signature = new SignatureInformation(label, documentation);
  signature.parameters = [new ParameterInformation(argument)];
  const help = new SignatureHelp();
  help.signatures = [signature];
  help.activeSignature = 0;
  help.activeParameter = 0;
  return help;
}
