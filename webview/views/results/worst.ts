import * as l10n from '@vscode/l10n';
import type { Results } from '../../../src/protocol/panel';
import { csv } from '../../../src/protocol/csv';
import { element } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { markedEdits } from './edits';
import { createResultsTable } from './table';

/** The examples with the greatest loss, each a click away from its line. */
export interface Worst {
  readonly root: HTMLElement;
  /** @param isSequence answers are sequences, whose edits are marked */
  show(examples: Results['worst'], isSequence: boolean): void;
}

/**
 * @param name of the run's data
 * @param open shows a line of the file, from 1
 */
export function createWorst(
  context: ViewContext,
  name: () => string,
  open: (line: number) => void,
): Worst {
  const { format } = context;
  let shown: Results['worst'] = [];
  const table = createResultsTable(l10n.t('Worst answers'));
  const figure = createFigure(context, {
    id: 'results-worst',
    title: l10n.t('Worst answers'),
    picture: { root: table.root },
    fileName: () => `${name()} ${l10n.t('Worst answers')}`,
    csv: () =>
      csv(
        ['line', 'loss', 'target', 'answer', 'input'],
        shown.map(({ line, loss, target, answer, input }) => [
          ...[line ?? null, loss, target, answer, input],
        ]),
      ),
    help: l10n.t(
      'The examples with the greatest loss, of all targets of an example together. Of sequences, what the answer lacks is struck out, and what it has too much is underlined.',
    ),
  });

  function lineButton(line: number): HTMLElement {
    const text = format.count(line);
    const title = l10n.t('Show line {0} of the file', text);
    const button = element('button', { class: 'link', type: 'button', title, text });
    button.addEventListener('click', () => open(line));
    return button;
  }

  return {
    root: figure.root,
    show(examples, isSequence) {
      shown = examples;
      figure.root.hidden = examples.length === 0;
      table.show(
        [
          { text: l10n.t('Line') },
          { text: l10n.t('loss') },
          { text: l10n.t('Target'), isText: true },
          { text: l10n.t('Answer'), isText: true },
          { text: l10n.t('Input'), isText: true },
        ],
        examples.map(({ line, loss, target, answer, input }) => [
          line === undefined ? '–' : [lineButton(line)],
          format.loss(loss),
          target,
          isSequence ? markedEdits(target, answer) : answer,
          input,
        ]),
      );
    },
  };
}
