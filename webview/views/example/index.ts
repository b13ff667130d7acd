import * as l10n from '@vscode/l10n';
import type { ExampleMessage, ExampleShading } from '../../../src/protocol/panel';
import { createChoice } from '../../controls';
import { element, setText } from '../../dom';
import type { Run } from '../../state';
import type { View, ViewContext } from '../view';
import { createDependence } from './dependence';
import './example.css';
import { createGradient } from './gradient';
import { createMap } from './map';
import { partName, type Inside, type Result } from './part';
import { createPicture } from './picture';
import { createScore } from './score';
import { createStates } from './states';
import { tokensOf } from './tokens';

const automatic = 'auto';
const shadings: readonly ExampleShading[] = ['dependence', 'score', 'attention', 'nothing'];

/** What a model of examples makes of the row at the cursor: token by token, and inside. */
export function createExample(context: ViewContext): View {
  const { format, host } = context;
  let run: Run | undefined;
  let shown: ExampleMessage | undefined;
  let watching = '';
  const place = element('strong');
  const input = element('div', { class: 'example-input' });
  const answer = element('p', { class: 'example-answer', role: 'status' });
  const message = element('p', { class: 'quiet', role: 'status', text: invitation() });
  const shadingNames = (): Record<ExampleShading, string> => ({
    dependence: l10n.t('what the answer depends on'),
    score: l10n.t('score after each token'),
    attention: l10n.t('attention'),
    nothing: l10n.t('nothing'),
  });
  const shading = createChoice<ExampleShading>(
    'example-shading',
    l10n.t('Shade the text by'),
    (by) => {
      host.memory.set('example.shading', by);
      watch();
      if (shown) show(shown);
    },
  );
  const part = createChoice<string>('example-part', l10n.t('Part of the answer'), choosePart);
  const score = createScore(context);
  const map = createMap(context);
  const take = (chosen: number) => {
    offerParts(shown?.result?.inside ?? undefined, String(chosen));
    choosePart();
  };
  const picture = createPicture(context, take);
  const dependence = createDependence(context, take);
  const states = createStates(context, watch, () => run?.id);
  const gradient = createGradient(context);
  const figures = [picture, score, map, dependence, states, gradient];
  const debugging = element('button', {
    class: 'link',
    type: 'button',
    text: l10n.t('Debug this example'),
  });
  debugging.addEventListener('click', () => {
    host.run('debugRow');
  });
  const controls = element(
    'div',
    { class: 'example-controls', role: 'group', 'aria-label': l10n.t('The example at the cursor') },
    part.root,
    shading.root,
    debugging,
  );
  const body = element(
    'div',
    { class: 'example-body', hidden: '' },
    input,
    answer,
    controls,
    ...figures.map(({ root }) => root),
  );
  const label = { 'aria-label': l10n.t('At the cursor') };
  const root = element('section', { class: 'example', ...label }, place, message, body);

  /** The part that is chosen; else the cursor's, or the first. */
  function partOf({ part: here }: ExampleMessage): number {
    return part.value === automatic || part.value === '' ? (here ?? 0) : Number(part.value);
  }

  /** @param wanted what is to be chosen, if it is there */
  function offerParts(inside: Inside | undefined, wanted: string) {
    const count = inside?.parts.length ?? 0;
    const names = Array.from(
      { length: count },
      (_, i) => [String(i), partName(inside!, i)] as const,
    );
    const isThere = names.some(([value]) => value === wanted);
    part.setOptions([[automatic, l10n.t('at the cursor')], ...names], isThere ? wanted : automatic);
    part.root.hidden = count < 2;
  }

  function offerShadings({ picture, inside }: Result) {
    const all = shadingNames();
    const isThere: Record<ExampleShading, boolean> = {
      dependence: inside?.spans != null,
      score: picture?.of === 'prefixes',
      attention: picture?.of === 'attention',
      nothing: true,
    };
    const offered = shadings.filter((by) => isThere[by]);
    const kept = host.memory.get('example.shading');
    shading.setOptions(
      offered.map((by) => [by, all[by]]),
      offered.find((by) => by === kept) ?? offered[0]!,
    );
    shading.root.hidden = inside?.spans == null;
  }

  function show(told: ExampleMessage) {
    const { place: at, result } = told;
    setText(place, at ? l10n.t('{0}, line {1}', at.name, format.count(at.line)) : '');
    setText(message, at ? told.message : invitation());
    message.hidden = at !== null && told.message === '';
    body.hidden = !at || !result;
    if (!at || !result) return;
    offerShadings(result);
    offerParts(result.inside ?? undefined, part.value);
    const chosen = drawTokens(told, result, at.input);
    setText(answer, answerText(result));
    const name = run?.facts.name ?? '';
    for (const figure of figures) figure.update(result, chosen, name);
  }

  /** @returns the part of the answer that they are shaded by */
  function drawTokens(told: ExampleMessage, result: Result, whole: string): number {
    const chosen = Math.min(partOf(told), (result.inside?.parts.length ?? 1) - 1);
    const tokens = tokensOf(result, shading.value, chosen) ?? element('p', { text: whole });
    input.replaceChildren(tokens);
    return chosen;
  }

  /** Another part: its shades are known, its gradient is asked for. */
  function choosePart() {
    if (shown?.place && shown.result) drawTokens(shown, shown.result, shown.place.input);
    watch();
  }

  function answerText({ answer: told, probability, inside }: Result): string {
    const sure = Number.isNaN(probability) ? '' : ` (${format.percent(probability)})`;
    const { of, parts = [], answers = [], domain } = inside ?? {};
    // Of tags the true ones stand below the tokens.
    const isWrong =
      of === 'truth' && domain !== 't' && parts.some((each, i) => each !== answers[i]);
    const isSequence = domain === 'u';
    const differs = isSequence ? parts.slice(0, -1).join('\0') !== answers.join('\0') : isWrong;
    const truth = isSequence ? parts.slice(0, -1).join(' ') : (parts[0] ?? '');
    const suffix =
      of === 'truth' && domain !== 't' && differs ? ` · ${l10n.t('true: {0}', truth)}` : '';
    return `→ ${told}${sure}${suffix}`;
  }

  function watch() {
    if (!run) return;
    const question = {
      variables: states.variable === '' ? [] : [states.variable],
      part: part.value === automatic || part.value === '' ? null : Number(part.value),
      shading: (shading.value as ExampleShading | '') || keptShading(),
    };
    const asked = JSON.stringify([run.id, question]);
    if (asked === watching) return;
    watching = asked;
    host.watchExample(run.id, question);
  }

  function keptShading(): ExampleShading {
    const kept = host.memory.get('example.shading');
    return shadings.find((by) => by === kept) ?? 'dependence';
  }

  function leave() {
    const question = { variables: [], part: null, shading: 'nothing' } as const;
    if (watching !== '') host.watchExample(null, question);
    watching = '';
  }

  return {
    root,
    update(now) {
      run = now;
      states.offer(now.facts.network);
      watch();
      if (!now.example || now.example === shown) return;
      shown = now.example;
      show(shown);
    },
    leave,
    updateTheme() {
      for (const figure of figures) figure.updateTheme();
    },
    destroy() {
      leave();
      for (const figure of figures) figure.destroy();
    },
  };
}

function invitation(): string {
  return l10n.t('Put the cursor into a row of the data, or a line of any text.');
}
