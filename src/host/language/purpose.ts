import { l10n } from 'vscode';

/** What a cell that comes with RNN Lab is good at, a sentence. */
export function purposeOf(name: string): string {
  const purposes: Readonly<Record<string, string>> = {
    vanilla: l10n.t(
      'The simplest recurrence: fast, and its gradients vanish or explode in plain sight.',
    ),
    'vanilla-nobias': l10n.t('As vanilla without a bias, as in most lecture notes.'),
    gru: l10n.t('Two gates: remembers nearly as far as an lstm, with a quarter fewer parameters.'),
    lstm: l10n.t(
      'Three gates and a state of its own to remember by: the best choice for long texts.',
    ),
  };
  return purposes[name] ?? '';
}
