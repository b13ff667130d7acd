import { l10n, type TextDocument } from 'vscode';
import { alignedTable } from '../../core/notebooks/report';
import { read, shapesOf } from '../language/reading';
import { configuredSizes, shapeText, sizeText } from '../language/sizes';
import { UserError } from '../notify';
import { translated } from '../translate';

/**
 * What running a cell of equations says: the shape of each name, with the sizes of the settings.
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
  const [shapes] = layers;
  const rows = [
    ...[...shapes!.variables].map(([name, width]) => [name, `[${sizeText(width)}]`]),
    ...[...shapes!.matrices].map(([name, shape]) => [name, shapeText(shape)]),
    ...[...shapes!.biases].map(([name, width]) => [name, `[${sizeText(width)}]`]),
  ];
  const head = [l10n.t('name'), l10n.t('shape at hidden size {0}', sizes.hidden)];
  return alignedTable([head, ...rows].map((row) => [...row, ''])).join('\n');
}
