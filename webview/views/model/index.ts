import { element } from '../../dom';
import type { Run } from '../../state';
import type { View, ViewContext } from '../view';
import { createEquations } from './equations';
import { createFacts } from './facts';
import './model.css';
import { createParameters } from './parameters';
import { createUnrolled } from './unrolled';

/** What is trained: the cell's equations, the network over the text, its parameters and sizes. */
export function createModel(context: ViewContext): View {
  const { strings, format } = context;
  const root = element('section', { class: 'model', 'aria-label': strings.modelTab });
  let unrolled: View | undefined;
  let shown: Run['facts'] | undefined;

  function make(facts: Run['facts']) {
    unrolled?.destroy?.();
    shown = facts;
    unrolled = createUnrolled(context, facts);
    root.replaceChildren(
      createEquations(facts, strings, format),
      unrolled.root,
      createParameters(context, facts),
      createFacts(facts, strings, format),
    );
  }

  return {
    root,
    update(run) {
      if (run.facts !== shown) make(run.facts);
      unrolled?.update(run);
    },
    updateTheme() {
      unrolled?.updateTheme?.();
    },
    destroy() {
      unrolled?.destroy?.();
    },
  };
}
