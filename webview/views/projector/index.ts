import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import type { ExamplePart, ProjectedPoints, ProjectionMessage } from '../../../src/protocol/panel';
import type { ReadoutRow } from '../../charts/readout';
import { createScatter, rangeOf } from '../../charts/scatter';
import { createChoice, createTextField } from '../../controls';
import { element, setText } from '../../dom';
import { isLive, type Run } from '../../state';
import { createFigure } from '../figure';
import { nameIn } from '../names';
import type { View, ViewContext } from '../view';
import { className, colorsOf, firstVariable, keyOf, offered } from './choices';
import { createLegend } from './legend';
import {
  along,
  axesOf,
  coloringBy,
  nearTo,
  pointsNamed,
  turned,
  type Coloring,
  type ColorBy,
  type Projection,
} from './points';
import './projector.css';

const height = 420;
/** Labels of more points than this would hide them. */
const mostLabelled = 300;

/** Tokens by their vectors, or steps by the hidden states there, in two of the directions in which they differ most. */
export function createProjector(context: ViewContext): View {
  const { format, host } = context;
  let run: Run | undefined;
  let shown: ProjectionMessage | undefined;
  let points: Projection | undefined;
  let coloring: Coloring | undefined;
  let matches: readonly number[] = [];
  let chosen: number | undefined;
  /** Of the question that was asked last, and whether its answer is awaited. */
  let asked = '';
  const keep = (key: string, value: string) => host.memory.set(`projector.${key}`, value);
  const kept = (key: string) => host.memory.get(`projector.${key}`);

  const what = createChoice<string>('projector-what', l10n.t('Show'), (key) => {
    keep('what', key);
    ask();
  });
  const part = createChoice<ExamplePart>('projector-part', l10n.t('Examples'), (value) => {
    keep('part', value);
    ask();
  });
  const colors = createChoice<ColorBy>('projector-colors', l10n.t('Colour by'), (value) => {
    keep('colors', value);
    draw();
  });
  const axes = createChoice<string>('projector-axes', l10n.t('Axes'), (value) => {
    keep('axes', value);
    draw();
  });
  const search = createTextField('projector-search', l10n.t('Search'), 12);
  search.addEventListener('input', () => find());
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || matches.length === 0) return;
    event.preventDefault();
    choose(matches[0]!, false);
    plot.goTo(matches[0]!);
  });
  const message = element('p', { class: 'quiet', role: 'status' });
  const found = element('p', { class: 'quiet', role: 'status' });
  const legend = createLegend();
  const near = element('div', { class: 'projector-near' });

  const plot = createScatter({
    label: l10n.t('Projector'),
    help: l10n.t(
      'Arrow keys move through the points, Enter opens the place of a point and lists what is nearest to it, Escape leaves. The points are also in the table below.',
    ),
    height,
    write: { x: format.value, y: format.value },
    rowsAt: (point) => rowsOf(point),
    onChosen: (point) => choose(point, true),
  });
  const figure = createFigure(context, {
    id: 'projector',
    title: l10n.t('Projector'),
    picture: plot,
    sentence: element(
      'div',
      { class: 'projector-head' },
      element(
        'div',
        { class: 'projector-controls' },
        what.root,
        part.root,
        colors.root,
        axes.root,
        search,
      ),
      message,
      found,
      legend.root,
    ),
    fileName: () => `${run?.facts.name ?? ''} ${points?.of ?? ''}`,
    csv: () => (points ? csvOf(points) : ''),
    table: () => tableOf(),
    help: l10n.t(
      'A point is a token, or a step, with as many values as there are units. The axes are the directions in which the points differ most (principal components); an axis says how much of the whole variance lies along it. Points that lie together here may still be apart in the other directions: what is nearest to a point is reckoned in all of them, by the cosine of the angle. The axes are not turned when the training goes on, so that one sees the points move.',
    ),
  });
  const root = element('div', { class: 'projector' }, figure.root, near);

  function classAt(of: Projection, point: number): string {
    const place = of.classes[point]!;
    return Number.isNaN(place) ? '' : className(of, place);
  }

  function rowsOf(point: number): readonly ReadoutRow[] {
    if (!points) return [];
    const told = nearTo(points, point).slice(0, 4);
    const kind = classAt(points, point);
    const loss = points.loss[point]!;
    const line = points.lines[point]!;
    return [
      { name: l10n.t('token'), value: points.names[point]! },
      ...(kind === '' ? [] : [{ name: classWord(points), value: kind }]),
      ...(Number.isNaN(loss) ? [] : [{ name: l10n.t('loss'), value: format.loss(loss) }]),
      ...(Number.isNaN(line) ? [] : [{ name: l10n.t('line'), value: format.count(line) }]),
      ...(told.length === 0
        ? []
        : [
            {
              name: l10n.t('nearest'),
              value: told.map((each) => points!.names[each.point]).join(' · '),
            },
          ]),
    ];
  }

  const classWord = ({ classesOf }: Projection) =>
    classesOf === 'data' ? l10n.t('class') : l10n.t('kind of character');

  /** Lists what is nearest to a point; opens its place in the text. */
  function choose(point: number, opens: boolean) {
    chosen = point;
    tellNear();
    draw();
    if (!opens || !points || !run) return;
    const [start, end, line] = [points.starts[point]!, points.ends[point]!, points.lines[point]!];
    if (!Number.isNaN(line)) host.openLine(run.id, line);
    else if (!Number.isNaN(start)) host.openPlace(run.id, start, end);
  }

  function tellNear() {
    near.hidden = !points || chosen === undefined;
    if (!points || chosen === undefined) return;
    const all = nearTo(points, chosen);
    near.replaceChildren(
      element('h3', { text: l10n.t('Nearest to {0}', points.names[chosen]!) }),
      element(
        'ol',
        {},
        ...all.map(({ point, cosine }) => {
          const button = element('button', { type: 'button' });
          button.append(element('b', { text: points!.names[point]! }), ` ${format.value(cosine)}`);
          button.addEventListener('click', () => {
            choose(point, false);
            plot.goTo(point);
          });
          return element('li', {}, button);
        }),
      ),
      element('p', {
        class: 'quiet',
        text: l10n.t('By the cosine of the angle between the vectors, 1 in the same direction.'),
      }),
    );
  }

  function find() {
    matches = points ? pointsNamed(points, search.value) : [];
    const isEmpty = search.value.trim() === '';
    setText(
      found,
      isEmpty ? '' : l10n.t('{0} found; Enter goes to the first.', format.count(matches.length)),
    );
    found.hidden = isEmpty;
    draw();
  }

  function pair(): readonly [number, number] {
    const [x = 0, y = 1] = axes.value.split(' ').map(Number);
    return [x, y];
  }

  function axisName(axis: number): string {
    const share = points?.shares[axis] ?? NaN;
    return Number.isNaN(share)
      ? l10n.t('axis {0}', axis + 1)
      : l10n.t('axis {0}: {1} of the variance', axis + 1, format.percent(share));
  }

  function draw() {
    if (!points) return;
    const [first, second] = pair();
    const [x, y] = [along(points, first), along(points, second)];
    coloring = coloringBy(colors.value, points);
    legend.show(coloring, points, colors.value, format);
    const marked = new Set([...matches.slice(0, 100), ...(chosen === undefined ? [] : [chosen])]);
    const { names } = points;
    const isLabelled = names.length <= mostLabelled;
    plot.setData(
      {
        ...{ x, y, marked, guide: 'none', isometric: true, color: coloring.colorOf },
        ranges: { x: rangeOf(x), y: rangeOf(y) },
        names: { x: axisName(first), y: axisName(second) },
        label: (point) => (isLabelled || marked.has(point) ? names[point] : undefined),
      },
      true,
    );
    figure.update();
  }

  function take(told: ProjectionMessage) {
    const before = shown;
    shown = told;
    setText(message, told.message);
    message.hidden = told.message === '';
    const { result } = told;
    if (!result || !run) {
      // What was shown before is of something else.
      if (told.message !== '') figureIsShown(false);
      return;
    }
    figureIsShown(true);
    const areOthers = before?.result?.names.join('\0') !== result.names.join('\0');
    if (areOthers) chosen = undefined;
    points = turned(result, points);
    offer();
    const count = format.count(result.names.length);
    const shownOf =
      result.total > result.names.length
        ? l10n.t('{0} of {1} points', count, format.count(result.total))
        : l10n.t('{0} points', count);
    const width = l10n.t('{0} values each', format.count(result.width));
    const step = l10n.t('step {0}', format.count(result.step));
    figure.setUnit([nameIn(run.facts.network)(result.of), shownOf, width, step].join(' · '));
    find();
    tellNear();
    // The matrix that was chosen before may only be known now.
    ask();
  }

  function figureIsShown(isShown: boolean) {
    plot.root.hidden = !isShown;
    legend.root.hidden = !isShown;
    if (!isShown) near.hidden = true;
  }

  function offer() {
    if (!run) return;
    const choices = offered(run, points?.matrices ?? []);
    const first = keyOf({ kind: 'states', variable: firstVariable(run), part: 'test' });
    const wanted = kept('what');
    // A matrix is known once the model has told what it has.
    const isKnown = choices.some(([key]) => key === wanted);
    what.setOptions(choices, isKnown ? String(wanted) : first);
    const isExamples = run.facts.task !== null && what.value.startsWith('states');
    part.root.hidden = !isExamples;
    const names: Record<ExamplePart, string> = {
      test: l10n.t('Test part'),
      validation: l10n.t('Validation part'),
      train: l10n.t('Training part'),
    };
    const partNames = Object.entries(names) as [ExamplePart, string][];
    part.setOptions(partNames, partNames.find(([each]) => each === kept('part'))?.[0] ?? 'test');
    if (!points) return;
    const offeredColors = colorsOf(points);
    const color = offeredColors.find(([each]) => each === kept('colors')) ?? offeredColors[0]!;
    colors.setOptions(offeredColors, color[0]);
    const most = Math.min(4, axesOf(points));
    const pairs = Array.from({ length: most }, (_, i) =>
      Array.from({ length: most - i - 1 }, (__, j): [string, string] => [
        `${String(i)} ${String(i + j + 1)}`,
        l10n.t('{0} and {1}', i + 1, i + j + 2),
      ]),
    ).flat();
    const wantedPair = pairs.find(([each]) => each === kept('axes')) ?? pairs[0];
    axes.setOptions(pairs, wantedPair?.[0] ?? '0 0');
    axes.root.hidden = pairs.length < 2;
  }

  function questionOf(): ProjectedPoints {
    const [kind, name = ''] = what.value.split(' ');
    return kind === 'vectors'
      ? { kind, matrix: name }
      : { kind: 'states', variable: name, part: part.value };
  }

  /** Asks where there is another question, or another model; of a training that goes on at each evaluation. */
  function ask() {
    if (!run) return;
    offer();
    const { id, status, evaluations } = run;
    const question = questionOf();
    const { traveled, canSample, canPredict, phase } = status;
    const moment = isLive(phase) ? evaluations.length : phase;
    const key = JSON.stringify([id, question, traveled, canSample, canPredict, moment]);
    if (key === asked) return;
    asked = key;
    if (!points) {
      setText(message, l10n.t('Reading…'));
      message.hidden = false;
    }
    host.project(id, question);
  }

  function csvOf(of: Projection): string {
    const count = axesOf(of);
    return csv(
      [
        ...['point', 'token', 'class', 'loss', 'line'],
        ...Array.from({ length: count }, (_, i) => `axis${String(i + 1)}`),
      ],
      of.names.map((name, point) => [
        ...[point + 1, name, classAt(of, point)],
        ...[of.loss[point]!, of.lines[point]!].map((value) => (Number.isNaN(value) ? null : value)),
        ...of.coordinates.subarray(point * count, (point + 1) * count),
      ]),
    );
  }

  function tableOf() {
    const [first, second] = pair();
    const of = points;
    const header = [
      ...[l10n.t('token'), of ? classWord(of) : '', l10n.t('loss')],
      ...[axisName(first), axisName(second)],
    ];
    if (!of) return { header, rows: [] };
    const [x, y] = [along(of, first), along(of, second)];
    return {
      header,
      rows: of.names.map((name, point) => [
        ...[name, classAt(of, point)],
        Number.isNaN(of.loss[point]!) ? '–' : format.loss(of.loss[point]!),
        ...[format.value(x[point]!), format.value(y[point]!)],
      ]),
    };
  }

  figureIsShown(false);
  near.hidden = true;
  return {
    root,
    update(now) {
      run = now;
      ask();
      if (now.projection && now.projection !== shown) take(now.projection);
    },
    updateTheme: plot.updateTheme,
    destroy: plot.destroy,
  };
}
