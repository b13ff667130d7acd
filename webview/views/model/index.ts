import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import type { Run } from '../../state';
import type { View, ViewContext } from '../view';
import { createEquations } from './equations';
import { createFacts } from './facts';
import './model.css';
import { createParameters } from './parameters';
import { createUnrolled } from './unrolled';
import { createUnrolledExample } from './unrolledExample';

/** What is trained: the cell's equations, the network over the text, its parameters and sizes. */
export function createModel(context: ViewContext): View {
  const { format } = context;
  const root = element('section', { class: 'model', 'aria-label': l10n.t('Model') });
  let unrolled: View | undefined;
  let shown: Run['facts'] | undefined;

  function make(facts: Run['facts']) {
    unrolled?.destroy?.();
    shown = facts;
    unrolled =
      facts.task === null ? createUnrolled(context, facts) : createUnrolledExample(context, facts);
    root.replaceChildren(
      createEquations(facts, format),
      debugButton(context, facts.task === null ? 'debugText' : 'debugRow'),
      unrolled.root,
      createParameters(context, facts),
      createFacts(facts, format),
    );
  }

  return {
    root,
    update(run) {
      if (run.facts !== shown) make(run.facts);
      unrolled?.update(run);
    },
    leave() {
      unrolled?.leave?.();
    },
    updateTheme() {
      unrolled?.updateTheme?.();
    },
    destroy() {
      unrolled?.destroy?.();
    },
  };
}

/** Opens the debugger with the weights of the run. */
function debugButton({ host }: ViewContext, command: 'debugText' | 'debugRow'): HTMLElement {
  const text = command === 'debugText' ? l10n.t('Debug this cell') : l10n.t('Debug this example');
  const button = element('button', { class: 'link', type: 'button', text });
  button.addEventListener('click', () => {
    host.run(command);
  });
  return element('p', {}, button);
}
