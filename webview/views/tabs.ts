import * as l10n from '@vscode/l10n';
import { element } from '../dom';
import type { Run } from '../state';
import '../styles/tabs.css';
import type { View, ViewContext } from './view';

/** A view behind a tab; it is made when it is first shown. */
export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly create: (context: ViewContext) => View;
}

/** The views of a run behind tabs: only the one in front is brought up to date. */
export function createTabs(context: ViewContext, tabs: readonly Tab[]): View {
  const { host } = context;
  const root = element('vscode-panels' as 'div', { class: 'tabs', 'aria-label': l10n.t('Views') });
  const made = new Map<string, View>();
  const places = new Map<string, HTMLElement>();
  let shown: Run | undefined;
  for (const { id, title } of tabs) {
    root.append(element('vscode-panel-tab' as 'div', { id: `tab-${id}`, text: title }));
  }
  for (const { id } of tabs) {
    const place = element('vscode-panel-view' as 'div', { id: `view-${id}` });
    places.set(id, place);
    root.append(place);
  }
  const remembered = tabs.find(({ id }) => id === host.memory.get('tab'));
  let active = remembered ?? tabs[0]!;
  root.setAttribute('activeid', `tab-${active.id}`);

  function front(): View {
    const known = made.get(active.id);
    if (known) return known;
    const view = active.create(context);
    made.set(active.id, view);
    places.get(active.id)!.append(view.root);
    return view;
  }

  root.addEventListener('change', (event) => {
    // Lists and sliders of the views tell their changes, too.
    if (event.target !== root) return;
    // The attribute still names the tab before: it follows in the next frame.
    const { detail } = event as CustomEvent<HTMLElement>;
    const chosen = tabs.find(({ id }) => detail.id === `tab-${id}`);
    if (!chosen || chosen === active) return;
    made.get(active.id)?.leave?.();
    active = chosen;
    host.memory.set('tab', chosen.id);
    if (shown) front().update(shown);
  });

  return {
    root,
    update(run) {
      shown = run;
      front().update(run);
    },
    updateTheme() {
      for (const view of made.values()) view.updateTheme?.();
    },
    destroy() {
      for (const view of made.values()) view.destroy?.();
    },
  };
}
