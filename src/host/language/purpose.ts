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
    'peephole-lstm': l10n.t(
      'Gates that see the cell state itself: for precise timing and counting.',
    ),
    'layernorm-lstm': l10n.t(
      'An lstm whose sums are normalised: trains more steadily, at more time for a step.',
    ),
    'min-gru': l10n.t(
      'A gate that does not look at the state: few parameters, most of its work outside the loop.',
    ),
    'min-lstm': l10n.t('As min-gru with two gates that share what they let through.'),
    irnn: l10n.t(
      'Rectified units that start by remembering everything: a plain network with a long memory.',
    ),
    jordan: l10n.t('What is fed back is the prediction, not a hidden state: a piece of history.'),
    ugrnn: l10n.t('One gate between the old state and a new one: the smallest gated cell.'),
    indrnn: l10n.t(
      'Each unit sees its own state only: its gradient through time is a product of numbers.',
    ),
    'long-lag': l10n.t('The state of 8 steps ago is at hand: a short way for the gradient.'),
  };
  return purposes[name] ?? '';
}
