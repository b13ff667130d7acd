import { Hover, l10n, MarkdownString, Range, type Position, type TextDocument } from 'vscode';
import { rightToLeft } from '../../core/equations/cycles';
import { derivative, derivativeBy } from '../../core/equations/derivative';
import { responseOf, type ResponseKind } from '../../core/equations/model-shape';
import { isFunctionName } from '../../core/equations/names';
import { isStateOf, type Occurrence } from '../../core/equations/occurrences';
import { printEquation } from '../../core/equations/print';
import type { CellShapes } from '../../core/equations/shapes';
import { inputName, type Cell } from '../../core/equations/syntax';
import {
  equationLanguage,
  explainCell,
  explainDirective,
  explainFunction,
  explainStart,
} from './explain';
import { read, shapesOf } from './reading';
import { configuredSizes, shapeText, type ConfiguredSizes } from './sizes';

/** What a name is, how large with the settings as they are, and its derivative where it stands. */
export function hoverAt(document: TextDocument, position: Position): Hover | undefined {
  const { diagnosis, occurrences } = read(document);
  if (!diagnosis.cell) return hoverOfWord(document, position);
  const offset = document.offsetAt(position);
  const occurrence = occurrences.find(({ start, end }) => start <= offset && offset <= end);
  if (!occurrence) return undefined;
  const { start, end } = occurrence;
  const range = new Range(document.positionAt(start), document.positionAt(end));
  const text = describe(diagnosis.cell, occurrence, configuredSizes(document.uri));
  return new Hover(text, range);
}

/** In a text with an error, what needs no reading of it. */
function hoverOfWord(document: TextDocument, position: Position): Hover | undefined {
  const range = document.getWordRangeAtPosition(position);
  const word = document.getText(range);
  const comment = document.lineAt(position.line).text.indexOf('#');
  if (!range || (comment >= 0 && comment < position.character)) return undefined;
  return isFunctionName(word) ? new Hover(explainFunction(word), range) : undefined;
}

function describe(cell: Cell, occurrence: Occurrence, sizes: ConfiguredSizes): MarkdownString {
  const { meaning } = occurrence;
  switch (meaning.kind) {
    case 'function':
      return explainFunction(meaning.name);
    case 'cell':
      return explainCell(meaning.name);
    case 'directive':
      return explainDirective(meaning.name);
    case 'start':
      return explainStart(meaning.name);
    case 'variable':
    case 'matrix':
    case 'bias':
      return describeName(cell, occurrence, meaning.name, sizes);
  }
}

function describeName(
  cell: Cell,
  occurrence: Occurrence,
  name: string,
  sizes: ConfiguredSizes,
): MarkdownString {
  const text = new MarkdownString();
  const equation = cell.equations.find((other) => other.name === name);
  if (equation) text.appendCodeblock(printEquation(equation), equationLanguage);
  text.appendText(kindText(cell, occurrence, name));
  const { layers } = shapesOf(cell, sizes);
  if (layers) {
    text.appendMarkdown('\n\n');
    text.appendText(sizeSentence(layers.map((shapes) => shapeOf(shapes, name))));
  }
  const formula = derivativeText(cell, occurrence);
  if (formula !== undefined) text.appendCodeblock(formula, equationLanguage);
  if (layers) {
    text.appendMarkdown('\n\n');
    const link = 'command:workbench.action.openSettings?%5B%22%40id%3ArnnLab.model.hidden%22%5D';
    text.appendMarkdown(`[${l10n.t('Hidden size {0}', sizes.hidden)}](${link})`);
    text.isTrusted = { enabledCommands: ['workbench.action.openSettings'] };
  }
  return text;
}

/** One sentence: what a name stands for. */
function kindText(cell: Cell, { meaning }: Occurrence, name: string): string {
  if (meaning.kind === 'matrix') return l10n.t('A learnt matrix.');
  if (meaning.kind === 'bias') return l10n.t('A learnt bias.');
  if (name === inputName) return inputText(meaning);
  const response = responseOf(cell);
  if (name === response?.equation.name) return responseText(response.kind);
  const isState = isStateOf(cell, name);
  if (name === cell.output && !response) {
    return isState ? l10n.t('A state, and the cell’s output.') : l10n.t('The cell’s output.');
  }
  if (isState) return l10n.t('A state.');
  const domain = cell.equations.find((equation) => equation.name === name)?.domain;
  return domain === 'example'
    ? l10n.t('One vector for the example.')
    : l10n.t('A value of this step.');
}

/** What `x` is where it stands. */
function inputText(meaning: Occurrence['meaning']): string {
  const read = meaning.kind === 'variable' ? meaning.read : undefined;
  if (read?.kind === 'whole') return l10n.t('The vector given for the example.');
  if (read?.kind === 'variable' && read.domain === 'u') {
    return l10n.t('The answer one step before: the true one in training, then the model’s own.');
  }
  return l10n.t(
    'The input at time t: a token, one-hot or embedded, or the output of the layer below.',
  );
}

function responseText(kind: ResponseKind): string {
  const texts: Readonly<Record<ResponseKind, string>> = {
    softmax: l10n.t(
      'The prediction: the probability of each class, or of each token to be the next.',
    ),
    sigmoid: l10n.t('The prediction: the probability of each label, any of which may hold.'),
    none: l10n.t('The prediction: numbers. On a text, a variable like any other.'),
  };
  return texts[kind];
}

function shapeOf({ variables, matrices, biases }: CellShapes, name: string): readonly number[] {
  const width = variables.get(name) ?? biases.get(name) ?? 0;
  return matrices.get(name) ?? [width];
}

/** `Shape [256, C], where C is …`; layers above the first may differ from it. */
function sizeSentence([first = [], above]: readonly (readonly number[])[]): string {
  const shape = shapeText(first);
  const other = above && shapeText(above);
  const sentence =
    other === undefined || other === shape
      ? l10n.t('Shape {0}.', shape)
      : l10n.t('Shape {0}, in the layers above {1}.', shape, other);
  return shape.includes('C') || other?.includes('C') === true
    ? `${sentence} ${l10n.t('C is the number of tokens in the vocabulary of the text.')}`
    : sentence;
}

/** The derivative of the equation's left side by what stands there; of a left side, by what it was a step before. */
function derivativeText(
  cell: Cell,
  { meaning, equation, defines }: Occurrence,
): string | undefined {
  if (
    !equation ||
    (meaning.kind !== 'variable' && meaning.kind !== 'matrix' && meaning.kind !== 'bias')
  ) {
    return undefined;
  }
  const { name } = meaning;
  if (defines) return isStateOf(cell, name) ? ownDerivative(cell, name) : undefined;
  if (meaning.kind !== 'variable') return derivative(cell, equation.name, name, 0).text;
  return meaning.read && derivativeBy(cell, equation.name, meaning.read).text;
}

/** Of a state by what it was a step before, or after where it runs from right to left. */
export function ownDerivative(cell: Cell, name: string): string {
  const lag = rightToLeft(cell).has(name) ? -1 : 1;
  return derivative(cell, name, name, lag).text;
}
