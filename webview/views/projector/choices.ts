/** What the projector may show, and by what it may colour. */
import * as l10n from '@vscode/l10n';
import type { ProjectedPoints } from '../../../src/protocol/panel';
import type { Run } from '../../state';
import { nameIn } from '../names';
import type { ColorBy, Projection } from './points';

/** As a choice has it. */
export function keyOf(points: ProjectedPoints): string {
  return points.kind === 'vectors' ? `vectors ${points.matrix ?? ''}` : `states ${points.variable}`;
}

/** @returns the choices by their keys, each with its text */
export function offered(
  { facts: { network } }: Run,
  matrices: Projection['matrices'],
): [key: string, text: string][] {
  const nameOf = nameIn(network);
  const ofTokens = {
    input: (name: string) => l10n.t('tokens that are read, {0}', name),
    answer: (name: string) => l10n.t('tokens of the answer so far, {0}', name),
    output: (name: string) => l10n.t('tokens that are predicted, {0}', name),
  };
  return [
    ...network.variables.map(({ name, isState }): [string, string] => [
      keyOf({ kind: 'states', variable: name, part: 'test' }),
      isState ? l10n.t('hidden states {0}', nameOf(name)) : l10n.t('values {0}', nameOf(name)),
    ]),
    ...matrices.map(({ name, of }): [string, string] => [
      keyOf({ kind: 'vectors', matrix: name }),
      ofTokens[of](nameOf(name)),
    ]),
  ];
}

/** What is shown at first: the state of the top layer. */
export function firstVariable({ facts: { network } }: Run): string {
  const states = network.variables.filter(({ isState }) => isState);
  const output = states.filter(({ symbol }) => symbol === network.output).at(-1);
  return (output ?? states.at(-1) ?? network.variables[0])?.name ?? '';
}

export function colorsOf({ classesOf, classNames, loss, names }: Projection): [ColorBy, string][] {
  const isRepeated = new Set(names).size < names.length;
  const classes: [ColorBy, string] = [
    'class',
    classesOf === 'data' ? l10n.t('class') : l10n.t('kind of character'),
  ];
  return [
    ...(classNames.length > 0 ? [classes] : []),
    ...(isRepeated ? [['token', l10n.t('token')] as [ColorBy, string]] : []),
    ...(loss.some((value) => !Number.isNaN(value))
      ? [['loss', l10n.t('loss')] as [ColorBy, string]]
      : []),
    ['nothing', l10n.t('nothing')],
  ];
}

/** A class for the eye. */
export function className({ classesOf, classNames }: Projection, place: number): string {
  const name = classNames[place] ?? '';
  if (classesOf === 'data') return name;
  const kinds: Record<string, string> = {
    capital: l10n.t('capital letter'),
    letter: l10n.t('letter'),
    digit: l10n.t('digit'),
    space: l10n.t('space'),
    sign: l10n.t('punctuation'),
  };
  return kinds[name] ?? l10n.t('other');
}
