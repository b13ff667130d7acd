import * as l10n from '@vscode/l10n';
import type { Results } from '../../../src/protocol/panel';
import { csv } from '../../../src/protocol/csv';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { lineLink, type OpenLine } from './examplesFigure';
import { createResultsTable, type Content } from './table';

type Duplicates = NonNullable<Results['duplicates']>;

/** So many lines of a group are written; the others are counted. */
const linesShown = 8;

export interface DuplicatesFigure {
  readonly root: HTMLElement;
  show(duplicates: Duplicates): void;
}

/** Rows with the same input, each a click away from its line. */
export function createDuplicates(
  context: ViewContext,
  name: () => string,
  open: OpenLine,
): DuplicatesFigure {
  const { format } = context;
  const title = l10n.t('Duplicates');
  let shown: Duplicates = [];
  const table = createResultsTable(title);
  const figure = createFigure(context, {
    ...{ id: 'results-duplicates', title, picture: { root: table.root } },
    unit: l10n.t('rows of the whole table with the same input'),
    fileName: () => `${name()} ${title}`,
    csv: () =>
      csv(
        ['group', 'line', 'target', 'input'],
        shown.flatMap(({ rows, input }, group) =>
          rows.map(({ line, target }) => [group + 1, line ?? null, target, input]),
        ),
      ),
    help: l10n.t(
      'Rows with the same input are always in the same part, so that none is tested that was learnt. Where their targets differ, no model can answer all of them: one of the labels may be wrong, or the input does not tell enough.',
    ),
  });

  return {
    root: figure.root,
    show(duplicates) {
      shown = duplicates;
      figure.root.hidden = duplicates.length === 0;
      table.show(
        [
          { text: l10n.t('Rows') },
          { text: l10n.t('Lines'), isText: true },
          { text: l10n.t('Targets'), isText: true },
          { text: l10n.t('Input'), isText: true },
        ],
        duplicates.map(({ rows, count, differ, input }): Content[] => {
          const lines = rows
            .slice(0, linesShown)
            .flatMap(({ line }, i) => [
              ...(i > 0 ? [l10n.t(', ')] : []),
              ...[lineLink(line, context, open)].flat(),
            ]);
          const more = count - Math.min(linesShown, rows.length);
          const targets = [...new Set(rows.map(({ target }) => target))].join(' · ');
          return [
            format.count(count),
            more > 0 ? [...lines, ` ${l10n.t('and {0} more', format.count(more))}`] : lines,
            differ ? l10n.t('differ: {0}', targets) : targets,
            input,
          ];
        }),
      );
    },
  };
}
