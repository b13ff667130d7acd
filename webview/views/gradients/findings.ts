import * as l10n from '@vscode/l10n';
import { element, icon, setText } from '../../dom';
import { icons } from '../../icons';
import type { ViewContext } from '../view';
import type { Finding, Severity } from './diagnosis';
import { tell } from './sentences';
import type { Run } from '../../state';

type Topic = Finding['topic'];

/** The diagnosis: a line a finding, what it means beside it, each leading to the picture that shows it. */
export interface Findings {
  readonly root: HTMLElement;
  update(findings: readonly Finding[], facts: Run['facts']): void;
}

const topics: readonly Topic[] = ['reach', 'clipping', 'saturation', 'updates', 'gradients'];

/** Of each severity; the diagnosis of the losses has the same. */
export const severityLooks = {
  good: { icon: 'check', label: () => l10n.t('All is well') },
  notice: { icon: 'info', label: () => l10n.t('Worth knowing') },
  warning: { icon: 'warning', label: () => l10n.t('Learning suffers') },
} as const satisfies Record<Severity, { icon: keyof typeof icons; label: () => string }>;

/** @param show brings the picture that shows a finding into sight */
export function createFindings(
  { format }: ViewContext,
  show: (finding: Finding) => void,
): Findings {
  let current: readonly Finding[] = [];
  const lines = topics.map((topic) => {
    const mark = element('span', { class: 'severity', role: 'img' });
    const claim = element('button', {
      class: 'link',
      type: 'button',
      title: l10n.t('Go to the chart that shows it'),
    });
    claim.addEventListener('click', () => {
      const finding = current.find((other) => other.topic === topic);
      if (finding) show(finding);
    });
    const advice = element('span', { class: 'advice' });
    const line = element(
      'li',
      { 'data-topic': topic, hidden: '' },
      mark,
      element('p', {}, claim, ' ', advice),
    );
    return { topic, line, mark, claim, advice };
  });
  const root = element(
    'ul',
    { class: 'findings', 'aria-label': l10n.t('Diagnosis') },
    ...lines.map(({ line }) => line),
  );
  return {
    root,
    update(findings, facts) {
      current = findings;
      for (const { topic, line, mark, claim, advice } of lines) {
        const finding = findings.find((other) => other.topic === topic);
        line.hidden = finding === undefined;
        if (!finding) continue;
        const telling = tell(finding, facts, format);
        setText(claim, telling.claim);
        setText(advice, telling.advice);
        if (line.dataset['severity'] === finding.severity) continue;
        line.dataset['severity'] = finding.severity;
        const look = severityLooks[finding.severity];
        mark.replaceChildren(icon(icons[look.icon]));
        mark.title = look.label();
        mark.setAttribute('aria-label', mark.title);
      }
    },
  };
}
