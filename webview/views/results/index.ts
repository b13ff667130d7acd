import * as l10n from '@vscode/l10n';
import { isBetterScore, scoreNames } from '../../../src/protocol/core';
import type { ExamplePart, Results, ResultsMessage } from '../../../src/protocol/panel';
import { createButton, createChoice } from '../../controls';
import { csv } from '../../../src/protocol/csv';
import { element, setText } from '../../dom';
import { bestEvaluation, isLive, type Run } from '../../state';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import { classScores } from './confusion';
import { createConfusionFigure } from './confusionFigure';
import { createCalibration } from './calibration';
import { createDuplicates } from './duplicates';
import { createCourse } from './courseFigure';
import { createForecasts } from './forecasts';
import { createExamplesFigure } from './examplesFigure';
import { createNumbersFigures } from './numbersFigure';
import { createResultsTable, type Content } from './table';
import { examplesText } from '../../counts';
import { floorText } from '../../floorText';
import { scoreText } from '../../translate';

const parts: readonly ExamplePart[] = ['test', 'validation', 'train'];

/** How the model answers a part of its examples: scores, which class is taken for which, and the worst answers. */
export function createResults(context: ViewContext): View {
  const { format, host } = context;
  let run: Run | undefined;
  let result: Results | undefined;
  let taken: ResultsMessage | undefined;
  /** What was asked for last. */
  let asked = '';
  let part: ExamplePart = parts.find((each) => each === host.memory.get('results.part')) ?? 'test';

  const choice = createChoice<ExamplePart>('results-part', l10n.t('Examples'), (value) => {
    part = value;
    host.memory.set('results.part', value);
    ask();
  });
  const again = createButton({
    text: l10n.t('Measure again'),
    onClick() {
      asked = '';
      ask();
    },
  });
  again.title = l10n.t('Measure the best checkpoint of the training so far');
  const message = element('p', { class: 'quiet', role: 'status' });
  const name = () => run?.facts.name ?? '';

  const scores = createResultsTable(l10n.t('Scores'));
  const scoresFigure = createFigure(context, {
    id: 'results-scores',
    title: l10n.t('Scores'),
    picture: { root: scores.root },
    fileName: () => `${name()} ${l10n.t('Scores')}`,
    csv: () => csv(['metric', 'value', 'floor'], result ? scoresCsv(result) : []),
  });
  const open = (line: number) => {
    if (run) host.openLine(run.id, line);
  };
  const confusion = createConfusionFigure(context, name, open);
  const classes = createResultsTable(l10n.t('Classes'));
  const classesFigure = createFigure(context, {
    id: 'results-classes',
    title: l10n.t('Classes'),
    picture: { root: classes.root },
    fileName: () => `${name()} ${l10n.t('Classes')}`,
    csv: () =>
      csv(
        ['class', 'examples', 'precision', 'recall', 'f1'],
        (result?.confusion ? classScores(result.confusion) : []).map((each) => [
          ...[each.name, each.examples, each.precision, each.recall, each.f1],
        ]),
      ),
    help: l10n.t(
      'Precision: of the answers with this class, the share that is right. Recall: of the examples of this class, the share that is found. F1 is their harmonic mean.',
    ),
  });
  const calibration = createCalibration(context, name);
  const numbers = createNumbersFigures(context, name, open);
  const course = createCourse(context, name);
  const forecasts = createForecasts(context, name);
  const worst = createExamplesFigure(context, {
    ...{ id: 'results-worst', title: l10n.t('Worst answers'), name, open },
    help: l10n.t(
      'The examples with the greatest loss, of all targets of an example together. Of sequences, what the answer lacks is struck out, and what it has too much is underlined.',
    ),
  });
  const suspects = createExamplesFigure(context, {
    ...{ id: 'results-suspects', title: l10n.t('Labels worth a look'), name, open },
    help: l10n.t(
      'Examples that the model was not trained on, and answers otherwise than their label although it is as sure as it is, on average, where its answer is the label. Some of them are mistakes of the label, others of the model.',
    ),
  });
  const duplicates = createDuplicates(context, name, open);
  const pictures = [confusion, calibration, course, numbers, forecasts];
  const body = element(
    'div',
    { class: 'results-body', hidden: '' },
    scoresFigure.root,
    confusion.root,
    classesFigure.root,
    calibration.root,
    course.root,
    numbers.root,
    forecasts.root,
    worst.root,
    suspects.root,
    duplicates.root,
  );
  const root = element(
    'section',
    { class: 'results', 'aria-label': l10n.t('Results') },
    element('div', { class: 'results-controls' }, choice.root, again),
    message,
    body,
  );

  /** Asks when there is another model to be measured; of a training that goes on, when the user wants it. */
  function ask() {
    if (!run) return;
    const { id, status, facts } = run;
    const step = isLive(status.phase) ? 'live' : String(bestEvaluation(run)?.step);
    const question = [id, part, status.canPredict, status.traveled, step].join(' ');
    if (question === asked) return;
    asked = question;
    setText(
      message,
      facts.task?.examples[part] === 0
        ? l10n.t('No examples are in this part.')
        : l10n.t('Measuring…'),
    );
    message.hidden = false;
    if (facts.task?.examples[part] !== 0) host.evaluate(id, part);
  }

  function show(now: ResultsMessage) {
    if (now.part !== part) return;
    setText(message, now.message);
    message.hidden = now.message === '';
    result = now.result ?? undefined;
    body.hidden = result === undefined;
    if (!result || !run) return;
    scores.show(
      [
        { text: l10n.t('Metric'), isText: true },
        { text: l10n.t('Value') },
        // Only of the test part it is known what can be reached so.
        ...(result.floors.length > 0 ? [{ text: l10n.t('Without states'), isText: true }] : []),
      ],
      scoreRows(result).map((row) => (result!.floors.length > 0 ? row : row.slice(0, 2))),
    );
    scoresFigure.setUnit(
      [examplesText(result.examples, format)]
        .concat(
          result.targets === result.examples
            ? []
            : [l10n.t('{0} answers', format.count(result.targets))],
        )
        .join(', '),
    );
    const isSequence = result.metrics.tokenAccuracy !== undefined;
    confusion.show(result.confusion, result.byKind ?? [], isSequence);
    classesFigure.root.hidden = result.confusion === undefined;
    if (result.confusion) showClasses(result.confusion);
    calibration.show(result.calibration);
    numbers.show(result.numbers);
    course.show(result.forecasts?.course);
    forecasts.show(result.forecasts);
    worst.show(result.worst, isSequence);
    // Of a token of a sequence it is the tag itself that is told.
    suspects.show(result.suspects ?? [], false);
    duplicates.show(result.duplicates ?? []);
  }

  function scoreRows({ metrics, floors }: Results): Content[][] {
    const { loss, perplexity } = metrics;
    return [
      [l10n.t('loss'), format.loss(loss), ''],
      ...(perplexity === undefined ? [] : [[l10n.t('perplexity'), format.value(perplexity), '']]),
      ...scoreNames.flatMap((score) => {
        const value = metrics[score];
        if (value === undefined) return [];
        const beside = floors
          .filter((floor) => floor.score === score)
          .map((floor) => {
            const isBeaten = isBetterScore(score, value, floor.value);
            const told = `${floorText(floor.name)} ${format.score(score, floor.value)}`;
            return isBeaten ? told : l10n.t('{0}, not beaten', told);
          });
        return [[scoreText(score), format.score(score, value), beside.join(' · ')]];
      }),
    ];
  }

  function showClasses(of: NonNullable<Results['confusion']>) {
    const share = (value: number) => (Number.isNaN(value) ? '–' : format.percent(value));
    classes.show(
      [
        { text: l10n.t('Class'), isText: true },
        { text: l10n.t('Examples') },
        { text: l10n.t('Precision') },
        { text: l10n.t('Recall') },
        { text: 'F1' },
      ],
      classScores(of).map((each) => [
        ...[each.name, format.count(each.examples)],
        ...[share(each.precision), share(each.recall), share(each.f1)],
      ]),
    );
  }

  return {
    root,
    update(now) {
      if (run?.id !== now.id) {
        const names: Record<ExamplePart, string> = {
          test: l10n.t('Test part'),
          validation: l10n.t('Validation part'),
          train: l10n.t('Training part'),
        };
        choice.setOptions(
          parts.map((each) => [each, names[each]]),
          part,
        );
      }
      run = now;
      again.hidden = !isLive(now.status.phase);
      if (now.results && now.results !== taken) {
        taken = now.results;
        show(taken);
      }
      ask();
    },
    updateTheme() {
      for (const each of pictures) each.updateTheme();
    },
    destroy() {
      for (const each of pictures) each.destroy();
    },
  };
}

function scoresCsv({ metrics, floors }: Results): (string | number)[][] {
  return Object.entries(metrics).flatMap(([metric, value]) => {
    const beside = floors
      .filter(({ score }) => score === metric)
      .map((floor) => `${floor.name} ${String(floor.value)}`);
    return value === undefined ? [] : [[metric, value, beside.join('; ')]];
  });
}
