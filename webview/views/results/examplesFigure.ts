import * as l10n from '@vscode/l10n';
import type { Results } from '../../../src/protocol/panel';
import { csv } from '../../../src/protocol/csv';
import { element } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { markedEdits } from './edits';
import { createResultsTable, type Content, type Heading } from './table';

export type ToldExample = Results['worst'][number];

/** Shows a line of the file, from 1. */
export type OpenLine = (line: number) => void;

/** A list of examples with their answers, each a click away from its line. */
export interface ExamplesFigure {
  readonly root: HTMLElement;
  /**
   * Of no examples there is no list.
   * @param isSequence answers are sequences, whose edits are marked
   */
  show(examples: readonly ToldExample[], isSequence: boolean): void;
  setUnit(unit: string): void;
}

export interface ExamplesOptions {
  /** Unique in the panel. */
  readonly id: string;
  readonly title: string;
  readonly help: string;
  /** Of the run's data. */
  readonly name: () => string;
  readonly open: OpenLine;
  /** How the list is called in the name of a file; default: the title. */
  readonly fileTitle?: () => string;
}

export function createExamplesFigure(
  context: ViewContext,
  { id, title, help, name, open, fileTitle = () => title }: ExamplesOptions,
): ExamplesFigure {
  const { format } = context;
  let shown: readonly ToldExample[] = [];
  const table = createResultsTable(title);
  const figure = createFigure(context, {
    ...{ id, title, help, picture: { root: table.root } },
    fileName: () => `${name()} ${fileTitle()}`,
    csv: () =>
      csv(
        ['line', 'loss', 'probability', 'target', 'answer', 'input'],
        shown.map(({ line, loss, probability, target, answer, input }) => [
          ...[line ?? null, loss, Number.isNaN(probability) ? null : probability],
          ...[target, answer, input],
        ]),
      ),
  });

  return {
    root: figure.root,
    setUnit: figure.setUnit,
    show(examples, isSequence) {
      shown = examples;
      figure.root.hidden = examples.length === 0;
      const hasLines = examples.some(({ line }) => line !== undefined);
      const isSure = examples.some(({ probability }) => !Number.isNaN(probability));
      const headings: Heading[] = [
        ...(hasLines ? [{ text: l10n.t('Line') }] : []),
        { text: l10n.t('Loss') },
        { text: l10n.t('Target'), isText: true },
        { text: l10n.t('Answer'), isText: true },
        ...(isSure ? [{ text: l10n.t('Probability') }] : []),
        { text: l10n.t('Input'), isText: true },
      ];
      table.show(
        headings,
        examples.map(({ line, loss, probability, target, answer, input }): Content[] => [
          ...(hasLines ? [lineLink(line, context, open)] : []),
          format.loss(loss),
          target,
          isSequence ? markedEdits(target, answer) : answer,
          ...(isSure ? [Number.isNaN(probability) ? '–' : format.percent(probability)] : []),
          input,
        ]),
      );
    },
  };
}

/** The number of a line as what opens it. */
export function lineLink(
  line: number | undefined,
  { format }: Pick<ViewContext, 'format'>,
  open: OpenLine,
): Content {
  if (line === undefined) return '–';
  const text = format.count(line);
  const title = l10n.t('Show line {0} of the file', text);
  const button = element('button', { class: 'link', type: 'button', title, text });
  button.addEventListener('click', () => open(line));
  return [button];
}
