/** The settings that are the editor's alone, by their groups; those of runs are in src/core/settings. */
import {
  completionNotes,
  completionTable,
  completionValueNotes,
} from './completion/settings-table';
import { notebooksNotes, notebooksTable, notebooksValueNotes } from './notebooks/settings-table';
import { cellsNotes, cellsTable, cellsValueNotes } from './language/settings-table';

export const editorTable = {
  completion: completionTable,
  cells: cellsTable,
  notebooks: notebooksTable,
};
export const editorNotes = { ...completionNotes, ...cellsNotes, ...notebooksNotes };
export const editorValueNotes = {
  ...completionValueNotes,
  ...cellsValueNotes,
  ...notebooksValueNotes,
};
