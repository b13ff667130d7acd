import * as l10n from '@vscode/l10n';
import { createButton } from '../../controls';
import { element, icon, setText } from '../../dom';
import { icons } from '../../icons';
import { severityLooks } from '../gradients/findings';
import type { ViewContext } from '../view';
import type { CourseTelling } from './course';
import type { Remedy } from './remedies';

/** How the training goes: a line of words, with a button for each thing to try. */
export interface CourseLine {
  readonly root: HTMLElement;
  /** @param telling undefined: it is too early to tell */
  update(telling: CourseTelling | undefined): void;
}

export function createCourseLine(host: ViewContext['host']): CourseLine {
  const mark = element('span', { class: 'severity', role: 'img' });
  const claim = element('span', { class: 'claim' });
  const advice = element('span', { class: 'advice' });
  const buttons = element('span', { class: 'remedies' });
  const words = element('p', {}, claim, ' ', advice, ' ', buttons);
  const label = l10n.t('How the training goes');
  const root = element(
    'section',
    { class: 'course', 'aria-label': label, hidden: '' },
    mark,
    words,
  );
  let shown = '';

  function apply(remedy: Remedy) {
    switch (remedy.does) {
      case 'setLearningRate':
        host.setLearningRate(remedy.rate);
        break;
      case 'retrain':
        host.retrain(remedy.settings);
        break;
      default:
        host.run(remedy.does);
    }
  }

  /** The newest of each kind, as the rate that is to be halved goes on changing while its button stays. */
  let remedies: readonly Remedy[] = [];

  function createRemedy({ label: text }: Remedy, place: number): HTMLButtonElement {
    return createButton({ text, onClick: () => apply(remedies[place]!) });
  }

  return {
    root,
    update(telling) {
      root.hidden = telling === undefined;
      if (!telling) return;
      const { course, claim: said, advice: meaning } = telling;
      setText(claim, said);
      setText(advice, meaning);
      if (root.dataset['severity'] !== course.severity) {
        root.dataset['severity'] = course.severity;
        const look = severityLooks[course.severity];
        mark.replaceChildren(icon(icons[look.icon]));
        mark.setAttribute('aria-label', look.label());
      }
      root.dataset['course'] = course.kind;
      remedies = telling.remedies;
      // A button that stays keeps the focus.
      const now = remedies.map((remedy) => remedy.label).join('\n');
      if (now === shown) return;
      shown = now;
      buttons.replaceChildren(...remedies.map(createRemedy));
    },
  };
}
