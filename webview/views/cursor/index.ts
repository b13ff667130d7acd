import type { CursorMessage } from '../../../src/protocol/panel';
import { fill } from '../../../src/protocol/strings';
import { createCheck } from '../../controls';
import { element, setText } from '../../dom';
import type { Run } from '../../state';
import type { Writing } from '../gradients/contents';
import { namesOf } from '../gradients/names';
import type { View, ViewContext } from '../view';
import { createBackCharts } from './back';
import './cursor.css';
import { farthestMemory } from './curves';
import { createCursorMap } from './map';

/** What the model has read before the cursor of the editor in front, and how far back that matters. */
export function createCursor(context: ViewContext): View {
  const { strings, format, host } = context;
  let run: Run | undefined;
  let shown: CursorMessage | undefined;
  let facts: Run['facts'] | undefined;
  let writing: Writing | undefined;
  /** What was asked for last. */
  let asked = '';

  const place = element('strong');
  const message = element('p', { class: 'quiet', role: 'status', text: strings.cursorWaiting });
  const told = element('p', { class: 'cursor-told' });
  const memory = element('p', { class: 'cursor-told' });
  const pin = createCheck('cursor-pin', strings.cursorPin, false, (checked) => {
    host.pinCursor(checked);
  });
  pin.root.title = strings.cursorPinHelp;
  const map = createCursorMap(context, ask);
  const back = createBackCharts(context, () => run?.facts.name ?? '');
  const charts = element('div', { class: 'cursor-charts' }, ...back.roots);
  const pictures = element('div', { class: 'cursor-pictures waiting' }, map.root, charts);
  const root = element(
    'section',
    { class: 'cursor', 'aria-label': strings.cursorTab },
    element('div', { class: 'cursor-head' }, place, pin.root),
    message,
    element('div', { class: 'cursor-tellings' }, told, memory),
    pictures,
  );

  function ask() {
    if (!run) return;
    const question = `${run.id} ${map.variable}`;
    if (question === asked) return;
    asked = question;
    host.watchCursor(run.id, map.variable);
  }

  function leave() {
    if (run && asked !== '') host.watchCursor(run.id, null);
    asked = '';
  }

  function show(now: CursorMessage) {
    const { place: at, result } = now;
    pin.set(now.pinned);
    setText(
      place,
      // Written as the editor writes them.
      at ? fill(strings.cursorPlace, at.name, String(at.line), String(at.column)) : '',
    );
    const text = at || now.message !== '' ? now.message : strings.cursorNoText;
    setText(message, text);
    message.hidden = text === '';
    if (!result || !writing) return;
    pictures.classList.toggle('waiting', result.tokens.length === 0);
    setText(told, targetText(result));
    setText(memory, result.gradients ? memoryText(result.gradients) : '');
    charts.hidden = result.gradients === null;
    if (result.gradients) back.update(result.gradients, writing);
  }

  function targetText({ target, tokens }: NonNullable<CursorMessage['result']>): string {
    if (!target) return strings.cursorNoTarget;
    const isNext = target.at === tokens.length - 1;
    return fill(
      isNext ? strings.cursorTarget : strings.cursorTargetLast,
      target.name,
      format.loss(target.loss),
      format.percent(Math.exp(-target.loss)),
      format.count(target.rank),
    );
  }

  function memoryText({ states, saliency }: Parameters<typeof back.update>[0]): string {
    const reach = farthestMemory(states);
    const all = format.count(saliency.norms.length);
    if (reach === null) return fill(strings.cursorMemoryWhole, all);
    return reach === 1 ? strings.cursorMemoryOne : fill(strings.cursorMemory, format.count(reach));
  }

  return {
    root,
    update(now) {
      run = now;
      if (facts !== now.facts) {
        facts = now.facts;
        writing = { strings, format, name: namesOf(now.facts.network, strings) };
      }
      const { cursor } = now;
      map.update(now, cursor ?? nothing(now.id));
      if (cursor && cursor !== shown) {
        shown = cursor;
        show(cursor);
      }
      ask();
    },
    leave,
    updateTheme() {
      map.updateTheme();
      back.updateTheme();
    },
    destroy() {
      leave();
      map.destroy();
      back.destroy();
    },
  };
}

function nothing(id: string): CursorMessage {
  return { type: 'cursor', id, place: null, pinned: false, result: null, message: '' };
}
