/** The settings of inline completion: the editor's alone, no run knows them. `npm run manifest` reads them here. */
import type { Setting } from '../../core/settings/setting';

export const completionTable = {
  mode: {
    type: 'enum',
    default: 'automatic',
    values: ['automatic', 'onRequest', 'off'],
    description: 'When the model suggests how a text goes on, as ghost text at the cursor.',
  },
  confidence: {
    type: 'number',
    default: 0.5,
    minimum: 0.01,
    maximum: 1,
    description:
      'A suggestion ends before the token with which its probability falls below this: the higher, the shorter, the more seldom and the surer.',
  },
  stopAt: {
    type: 'enum',
    default: 'line',
    values: ['word', 'line', 'lines'],
    description: 'Where a suggestion ends at the latest.',
  },
  alternatives: {
    type: 'integer',
    default: 3,
    minimum: 1,
    maximum: 10,
    description: 'How many suggestions there are to choose from where one asks for them.',
  },
} as const satisfies Record<string, Setting>;

export const completionNotes = {
  'completion.mode':
    'Only in texts that a run has learnt, and in those that *RNN Lab: Use a run for this document…* gives one.',
  'completion.confidence':
    'At 0.5 about three in five suggestions are right to their end. `rnn-lab evaluate RUN FILE --keystrokes` measures it for any model and text.',
  'completion.alternatives':
    'They begin with the likeliest next tokens, however improbable; the commands *Show Next Inline Suggestion* and *Show Previous Inline Suggestion* go through them.',
};

export const completionValueNotes = {
  'completion.mode': {
    automatic: 'As one types.',
    onRequest: 'With the command *Trigger Inline Suggestion*.',
    off: 'Never.',
  },
  'completion.stopAt': {
    word: 'After the first word.',
    line: 'At the end of the line.',
    lines: 'Where the model gets unsure, be it several lines further on.',
  },
};
