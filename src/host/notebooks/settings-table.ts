/** The settings of lab notebooks: the editor's alone. `npm run manifest` reads them here. */
import type { Setting } from '../../core/settings/setting';

export const notebooksTable = {
  outputs: {
    type: 'enum',
    default: 'file',
    values: ['file', 'beside'],
    description: 'Where a lab notebook keeps what its experiments and samples came to.',
  },
} as const satisfies Record<string, Setting>;

export const notebooksNotes = {
  'notebooks.outputs': 'The runs themselves are always in the folder `FILE.runs` beside it.',
};

export const notebooksValueNotes = {
  'notebooks.outputs': {
    file: 'In the file, as a block below each experiment, as `rnn-lab notebook --out` writes it.',
    beside:
      'Only beside it: tables and curves are read from the runs when the notebook is opened, and the file stays free of results.',
  },
};
