/** The settings of `.rnn` files: the editor's alone, no run knows them. `npm run manifest` reads them here. */
import type { Setting } from '../../core/settings/setting';

export const cellsTable = {
  shapes: {
    type: 'enum',
    default: 'on',
    values: ['on', 'off'],
    description: 'Whether the shape of each left side stands behind it, as an inlay hint.',
  },
  tryOnSave: {
    type: 'enum',
    default: 'offer',
    values: ['offer', 'always', 'off'],
    description:
      'What happens when a cell is saved with other equations than before: a trial trains it and the version before for some seconds at a small size, on an open text, and compares their losses.',
  },
} as const satisfies Record<string, Setting>;

export const cellsNotes = {
  'cells.shapes': 'VS Code’s own `editor.inlayHints.enabled` turns all inlay hints on or off.',
  'cells.tryOnSave':
    'A trial keeps no run, and ends when a training begins. *RNN Lab: Try this cell* makes one at any time.',
};

export const cellsValueNotes = {
  'cells.shapes': {
    on: 'Shapes are shown, with the sizes of the settings as they are.',
    off: 'Shapes are shown in hovers alone.',
  },
  'cells.tryOnSave': {
    offer: 'Above the first equation stands *Try it*.',
    always: 'The trial begins by itself, unless a training is under way.',
    off: 'Nothing.',
  },
};
