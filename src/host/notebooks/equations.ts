import { env, l10n, type TextDocument } from 'vscode';
import { isStateOf } from '../../core/equations/occurrences';
import { alignedTable } from '../../core/notebooks/report';
import { formatFor } from '../../protocol/format';
import { ownDerivative } from '../language/hover';
import { read, shapesOf } from '../language/reading';
import { configuredSizes, countText, shapeText } from '../language/sizes';
import { UserError } from '../notify';
import { translated } from '../translate';

/**
 * What running a cell of equations says: the shape of each name with the sizes of the settings, how many parameters there
 * are, and the derivative of each state by what it was a step before.
 * @throws UserError where they cannot be read
 */
export function describeEquations(document: TextDocument): string {
  const { diagnosis } = read(document);
  const { cell } = diagnosis;
  if (!cell) {
    throw new UserError(diagnosis.problems.map(({ whole }) => translated(whole)).join('\n'));
  }
  const sizes = configuredSizes(document.uri);
  const { layers, error } = shapesOf(cell, sizes);
  if (!layers) throw new UserError(translated(error.whole));
  const { count } = formatFor(env.language);
  const [{ variables, matrices, biases }] = layers as [(typeof layers)[number]];
  const vectors = (widths: ReadonlyMap<string, number>) =>
    [...widths].map(([name, width]) => [name, [width]] as const);
  const parameters = [...matrices, ...vectors(biases)];
  const rows = [
    ...vectors(variables).map(([name, shape]) => [name, shapeText(shape), '']),
    ...parameters.map(([name, shape]) => [name, shapeText(shape), countText([shape], count)]),
  ];
  const shapes = parameters.map(([, shape]) => shape);
  const hasVocabulary = shapes.some((shape) => shapeText(shape).includes('C'));
  const total = l10n.t('{0} parameters in the first layer', countText(shapes, count));
  const states = [...variables.keys()].filter((name) => isStateOf(cell, name));
  const head = [
    l10n.t('name'),
    l10n.t('shape at hidden size {0}', sizes.hidden),
    l10n.t('parameters'),
  ];
  return [
    ...alignedTable([head, ...rows].map((row) => [...row, ''])),
    '',
    total,
    ...(hasVocabulary ? [l10n.t('C is the number of tokens in the vocabulary of the text.')] : []),
    ...(states.length === 0 ? [] : ['', ...states.map((name) => ownDerivative(cell, name))]),
  ].join('\n');
}
