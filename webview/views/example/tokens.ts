/** The text that was read, token by token, with what was made of each. */
import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import type { ExampleShading } from '../../../src/protocol/panel';
import type { Inside, Result } from './part';

/** How opaque the strongest shade is, percent: the text on it must still be read. */
const strongest = 60;
/** Tags beyond these share colours; the word below each token tells them apart. */
const colours = ['blue', 'yellow', 'green', 'orange', 'purple', 'red'] as const;
const mostTokens = 200;

/**
 * Tokens shaded as the editor's are; of tags each has its own below it, coloured, and where another one is true, that too.
 *
 * @returns undefined: what is read is no text
 */
export function tokensOf(
  result: Result,
  shading: ExampleShading,
  part: number,
): HTMLElement | undefined {
  const { inside } = result;
  if (!inside?.spans || inside.source.length === 0) return undefined;
  const strengths = strengthsOf(result, inside, shading, part);
  const isTagged = inside.domain === 't' && inside.of !== 'value';
  const tags = [...new Set([...inside.parts, ...inside.answers])].sort();
  const tokens = inside.source.slice(0, mostTokens).map((token, i) => {
    const percent = Math.round(strongest * (strengths[i] ?? 0));
    const word = element('span', { class: 'example-word', text: token });
    word.style.setProperty('--strength', `${String(percent)}%`);
    if (!isTagged) return element('span', { class: 'example-token' }, word);
    const [own = '', wanted = ''] = [inside.answers[i], inside.parts[i]];
    const isWrong = inside.of === 'truth' && own !== wanted;
    return element(
      'span',
      { class: i === part ? 'example-token chosen' : 'example-token' },
      word,
      ...(isWrong
        ? [tagOf(own, tags, true), tagOf(wanted, tags, false)]
        : [tagOf(own, tags, false)]),
    );
  });
  const label = isTagged ? l10n.t('Tokens with their tags') : l10n.t('Tokens that are read');
  return element('p', { class: 'example-tokens', role: 'group', 'aria-label': label }, ...tokens);
}

function tagOf(tag: string, tags: readonly string[], isWrong: boolean): HTMLElement {
  const name = element(isWrong ? 's' : 'span', { class: 'example-tag', text: tag });
  const colour = colours[tags.indexOf(tag) % colours.length]!;
  name.style.setProperty('--tag', `var(--vscode-charts-${colour})`);
  return name;
}

function strengthsOf(
  { picture, answer }: Result,
  inside: Inside,
  shading: ExampleShading,
  part: number,
): ArrayLike<number> {
  const row = (at: number): Float64Array => {
    const { length } = picture!.columns;
    return picture!.values.subarray(at * length, (at + 1) * length);
  };
  switch (shading) {
    case 'nothing':
      return [];
    case 'score':
      return picture?.of === 'prefixes' ? row(picture.rows.indexOf(answer)) : [];
    case 'attention':
      return picture?.of === 'attention' ? row(part) : [];
    case 'dependence': {
      const read = inside.inputs.find(({ domain }) => domain === 't');
      if (!read) return [];
      const steps = inside.source.length;
      const norms = read.norms.subarray(part * steps, (part + 1) * steps);
      const greatest = Math.max(...norms);
      return greatest > 0 ? norms.map((norm) => norm / greatest) : norms;
    }
  }
}
