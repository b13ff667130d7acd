import * as l10n from '@vscode/l10n';
import type { CursorMessage, CursorModel } from '../../../src/protocol/panel';
import { createButton, createCheck } from '../../controls';
import { element, setText } from '../../dom';
import type { Run } from '../../state';
import type { Writing } from '../gradients/contents';
import { nameIn } from '../names';
import type { View, ViewContext } from '../view';
import { createBackCharts } from './back';
import './cursor.css';
import { farthestMemory } from './curves';
import { createCursorMap } from './map';

/** From this share on a text is told to be strange to a model. */
const mostlyUnread = 0.5;

/** What the model has read before the cursor of the editor in front, and how far back that matters. */
export function createCursor(context: ViewContext): View {
  const { format, host } = context;
  let run: Run | undefined;
  let shown: CursorMessage | undefined;
  let model: string | undefined;
  let facts: CursorModel['facts'] | undefined;
  let writing: Writing | undefined;
  /** What was asked for last. */
  let asked = '';

  const place = element('strong');
  const message = element('p', {
    class: 'quiet',
    role: 'status',
    text: l10n.t('Reading the text before the cursor…'),
  });
  const told = element('p', { class: 'cursor-told' });
  const memory = element('p', { class: 'cursor-told' });
  const pin = createCheck('cursor-pin', l10n.t('Stay here'), false, (checked) => {
    host.pinCursor(checked);
  });
  pin.root.title = l10n.t('Stay at this position in the text while the cursor moves');
  const modelName = element('span', { class: 'cursor-model' });
  const choose = createButton({
    text: l10n.t('Use another run…'),
    onClick: () => host.run('useRun'),
  });
  choose.title = l10n.t('Choose which run’s model looks at this text, and completes it');
  const strange = element('p', {
    class: 'cursor-strange',
    role: 'status',
    text: l10n.t('Most characters here are unknown to this model and left out.'),
  });
  strange.hidden = true;
  const map = createCursorMap(context, ask);
  const back = createBackCharts(context, () => facts?.name ?? '');
  const charts = element('div', { class: 'cursor-charts' }, ...back.roots);
  const pictures = element('div', { class: 'cursor-pictures waiting' }, map.root, charts);
  const root = element(
    'section',
    { class: 'cursor', 'aria-label': l10n.t('At the cursor') },
    element(
      'div',
      { class: 'cursor-head' },
      element('div', { class: 'cursor-group' }, place, pin.root),
      element('div', { class: 'cursor-group' }, modelName, choose),
    ),
    strange,
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

  function tellModel({ model: looking, unread }: CursorMessage) {
    const texts = {
      chosen: l10n.t('Model: {0}, which you chose for this document', looking?.label ?? ''),
      own: l10n.t('Model: {0}, trained on this text', looking?.label ?? ''),
      shown: l10n.t('Model: {0}, trained on another text', looking?.label ?? ''),
    };
    setText(modelName, looking ? texts[looking.reason] : '');
    choose.hidden = looking === null;
    strange.hidden = unread <= mostlyUnread;
  }

  function show(now: CursorMessage) {
    const { place: at, result } = now;
    tellModel(now);
    pin.set(now.pinned);
    setText(
      place,
      // Written as the editor writes them.
      at ? l10n.t('{0}, line {1}, column {2}', at.name, String(at.line), String(at.column)) : '',
    );
    const text =
      at || now.message !== ''
        ? now.message
        : l10n.t(
            'Put the cursor in a text: any text, not only the one that the model was trained on.',
          );
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
    if (!target) return l10n.t('Nothing before the cursor to predict from.');
    const isNext = target.at === tokens.length - 1;
    return isNext
      ? l10n.t(
          'Next comes {0}: E = {1} nats (p = {2}), rank {3} of the model’s predictions.',
          target.name,
          format.loss(target.loss),
          format.percent(Math.exp(-target.loss)),
          format.count(target.rank),
        )
      : l10n.t(
          'The last token is {0}: E = {1} nats (p = {2}), rank {3} of the model’s predictions.',
          target.name,
          format.loss(target.loss),
          format.percent(Math.exp(-target.loss)),
          format.count(target.rank),
        );
  }

  function memoryText({ states, saliency }: Parameters<typeof back.update>[0]): string {
    const reach = farthestMemory(states);
    const all = format.count(saliency.norms.length);
    if (reach === null) return l10n.t('Effective memory: all {0} tokens of the window.', all);
    return reach === 1
      ? l10n.t(
          'Effective memory: 1 token. Less than 1% of the largest contribution comes from further back.',
        )
      : l10n.t(
          'Effective memory: {0} tokens. Less than 1% of the largest contribution comes from further back.',
          format.count(reach),
        );
  }

  return {
    root,
    update(now) {
      run = now;
      const { cursor } = now;
      const looking = cursor?.model ?? { run: now.id, facts: now.facts };
      if (model !== looking.run) {
        model = looking.run;
        facts = looking.facts;
        writing = { format, name: nameIn(facts.network) };
      }
      map.update(looking, cursor ?? nothing(now.id));
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
  return {
    ...{ type: 'cursor', id, model: null, unread: 0, place: null, pinned: false },
    ...{ result: null, message: '' },
  };
}
