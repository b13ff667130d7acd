import * as l10n from '@vscode/l10n';
import { createTabList } from '../controls';
import type { Run } from '../state';
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
  const made = new Map<string, View>();
  let shown: Run | undefined;
  let active = tabs.find(({ id }) => id === host.memory.get('tab')) ?? tabs[0]!;
  const list = createTabList(l10n.t('Views'), tabs, active.id, (id) => {
    if (id === active.id) return;
    made.get(active.id)?.leave?.();
    active = tabs.find((tab) => tab.id === id)!;
    host.memory.set('tab', id);
    if (shown) front().update(shown);
  });

  function front(): View {
    const known = made.get(active.id);
    if (known) return known;
    const view = active.create(context);
    made.set(active.id, view);
    list.place(active.id).append(view.root);
    return view;
  }

  return {
    root: list.root,
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
