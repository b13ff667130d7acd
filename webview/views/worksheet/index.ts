import * as l10n from '@vscode/l10n';
import { sheetLimits } from '../../../src/protocol/core';
import type { SheetQuestion } from '../../../src/protocol/panel';
import { createButton, createCheck, createChoice, createTextField } from '../../controls';
import { element, setText } from '../../dom';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import { createRange } from './range';
import { createSheet } from './sheet';
import { hidesTokens, type Sheet } from './shown';
import { csvOf, tableOf } from './table';

/** Widths of a small new network. */
const widths = ['2', '3', '4', '6', '8', '12'] as const;
const rates = { least: 1e-3, most: 10, usual: 0.1 };

/** Every number of one forward and one backward pass, of the run where it is small, else of a small new network. */
export function createWorksheet({ host, format }: ViewContext): View {
  let run: Run | undefined;
  let isFresh = false;
  let hidden = 4;
  let seed = 1;
  let text: string | null = null;
  /** Undefined: the last step there is. */
  let t: number | undefined;
  let k: number | undefined;
  let parameter: string | null = null;
  let showsAll = false;
  let taken: SheetQuestion['taken'] = [];
  let shown: Sheet | undefined;

  const which = createChoice<'run' | 'fresh'>('sheet-network', l10n.t('Network'), (chosen) => {
    isFresh = chosen === 'fresh';
    restart();
  });
  const width = createChoice<(typeof widths)[number]>(
    'sheet-hidden',
    l10n.t('Hidden units'),
    (chosen) => {
      hidden = Number(chosen);
      restart();
    },
  );
  const other = createButton({
    text: l10n.t('Other weights'),
    onClick: () => {
      seed++;
      restart();
    },
  });
  const field = createTextField('sheet-text', l10n.t('Text'), 16);
  field.addEventListener('change', () => {
    const typed = field.value;
    text = typed === '' ? null : typed;
    [t, k] = [undefined, undefined];
    restart();
  });
  const parameters = createChoice<string>('sheet-parameter', l10n.t('Gradient of'), (chosen) => {
    parameter = chosen;
    ask();
  });
  const all = createCheck('sheet-all', l10n.t('All tokens'), false, (checked) => {
    showsAll = checked;
    draw();
  });
  const step = (value: number) => String(value + 1);
  const stepOf = createRange(l10n.t('Loss of step t'), { id: 'sheet-t', tell: step }, (value) => {
    t = value;
    if (k !== undefined) k = Math.min(k, value);
    ask();
  });
  const lookAt = createRange(l10n.t('Look at step k'), { id: 'sheet-k', tell: step }, (value) => {
    k = value;
    ask();
  });
  const rate = createRange(
    l10n.t('Learning rate η'),
    {
      id: 'sheet-rate',
      tell: (value) => format.rate(rateAt(value)),
      max: 40,
      value: placeOf(rates.usual),
    },
    () => ask(),
  );
  const gain = createRange(
    l10n.t('Gain of recurrent matrices'),
    { id: 'sheet-gain', tell: (value) => format.decimal(value / 10), max: 40, value: 10 },
    () => ask(),
  );
  const count = element('span', { class: 'quiet', role: 'status' });
  const take = createButton({
    text: l10n.t('Take a step'),
    appearance: 'primary',
    onClick: () => descend(1),
  });
  const takeTen = createButton({ text: l10n.t('Ten steps'), onClick: () => descend(10) });
  const again = createButton({ text: l10n.t('Start again'), onClick: restart });
  const sheet = createSheet({
    onParameter(name) {
      parameter = name;
      ask();
    },
    descent: element('div', { class: 'sheet-descent' }, rate.root, take, takeTen, again, count),
  });
  const problem = element('p', { class: 'quiet', role: 'alert' });
  const about = element('p', { class: 'sheet-about' });
  const picture = element('div', {}, about, problem, sheet.root);
  const figure = createFigure(
    { host },
    {
      id: 'worksheet',
      title: l10n.t('Worksheet'),
      unit: l10n.t('every number of one forward and one backward pass'),
      picture: { root: picture, toHtml: sheet.toHtml },
      controls: [which.root, width.root, other],
      fileName: () => `${run?.facts.name ?? ''} worksheet`,
      csv: () => (shown ? csvOf(shown) : ''),
      table: () => (shown ? tableOf(shown) : { header: [], rows: [] }),
      help: l10n.t(
        'All numbers are in double precision and worked out by the debugger of .rnn files. Red is above zero, blue below. A number under the pointer, or that the arrow keys come to, is read out with all its digits; what has just become more or less is underlined.',
      ),
    },
  );
  const sliders = element(
    'div',
    { class: 'sheet-controls' },
    ...[field, stepOf.root, lookAt.root, gain.root, parameters.root, all.root],
  );
  picture.prepend(sliders);
  const root = element(
    'section',
    { class: 'worksheet', 'aria-label': l10n.t('Worksheet') },
    figure.root,
  );

  function rateAt(place: number): number {
    const value = rates.least * (rates.most / rates.least) ** (place / 40);
    return Number(value.toPrecision(2));
  }

  function placeOf(value: number): number {
    return Math.round((40 * Math.log(value / rates.least)) / Math.log(rates.most / rates.least));
  }

  function descend(times: number): void {
    if (!shown) return;
    const one = { t: shown.t, rate: rateAt(rate.value) };
    taken = [...taken, ...Array<typeof one>(times).fill(one)].slice(-sheetLimits.taken);
    ask();
  }

  function restart(): void {
    taken = [];
    ask();
  }

  function ask(): void {
    if (!run) return;
    const question: SheetQuestion = {
      network: isFresh ? { kind: 'fresh', hidden, seed } : { kind: 'run' },
      text,
      t: t ?? sheetLimits.steps,
      k: k ?? null,
      parameter,
      gain: gain.value / 10,
      rate: rateAt(rate.value),
      taken,
    };
    host.askWorksheet(run.id, question);
  }

  function draw(): void {
    if (!shown) return;
    sheet.show(shown, rateAt(rate.value), showsAll);
    // Keys that were pressed since this was asked for count: their answer is to come.
    const last = shown.losses.length - 1;
    stepOf.set(Math.min(t ?? shown.t, last), last);
    lookAt.set(Math.min(k ?? shown.k, stepOf.value), stepOf.value);
    const names = shown.parameters.map(
      ({ name }) => [name, name.replace(/^layer1\./, '')] as const,
    );
    parameters.setOptions(names, shown.terms.parameter);
    all.root.hidden = !hidesTokens(shown);
    setText(count, taken.length === 0 ? '' : l10n.t('{0} steps taken', format.count(taken.length)));
    figure.update();
  }

  function describe({ facts }: Run): string {
    const name = facts.cell.name;
    if (isFresh) {
      return fits(facts)
        ? l10n.t(
            'A new network with the cell {0} and {1} hidden units, over the characters of the text.',
            name,
            String(hidden),
          )
        : l10n.t(
            'This run is too large to set out every number of it. So this is a new network with its cell {0} and {1} hidden units, over the first characters of the text.',
            name,
            String(hidden),
          );
    }
    return l10n.t(
      'The network of this run, as it is now: cell {0}, {1} hidden units.',
      name,
      String(facts.hidden),
    );
  }

  let isBegun = false;
  function begin({ facts }: Run): void {
    isBegun = true;
    isFresh = !fits(facts);
    which.setOptions(
      [
        ...(isFresh ? [] : [['run', l10n.t('this run')] as const]),
        ['fresh', l10n.t('small and new')] as const,
      ],
      isFresh ? 'fresh' : 'run',
    );
    width.setOptions(
      widths.map((each) => [each, each] as const),
      '4',
    );
    ask();
  }

  return {
    root,
    update(next) {
      const isOther = next.status.traveled !== run?.status.traveled;
      run = next;
      if (!isBegun) begin(next);
      else if (isOther && !isFresh) ask();
      for (const each of [width.root, other]) each.hidden = !isFresh;
      setText(about, describe(next));
      const { worksheet } = next;
      setText(problem, worksheet?.message ?? '');
      if (!worksheet?.sheet || worksheet.sheet === shown) return;
      shown = worksheet.sheet;
      // Where no text of one's own is given, what is read instead.
      field.setAttribute('placeholder', shown.tokens.join(''));
      draw();
    },
  };
}

function fits({ hidden, layers, vocabulary }: Run['facts']): boolean {
  return (
    hidden <= sheetLimits.hidden &&
    layers <= sheetLimits.layers &&
    vocabulary <= sheetLimits.vocabulary
  );
}
