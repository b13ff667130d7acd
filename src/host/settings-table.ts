/** The settings that are the editor's alone, by their groups; those of runs are in src/core/settings. */
import {
  completionNotes,
  completionTable,
  completionValueNotes,
} from './completion/settings-table';
import { cellsNotes, cellsTable, cellsValueNotes } from './language/settings-table';

export const editorTable = { completion: completionTable, cells: cellsTable };
export const editorNotes = { ...completionNotes, ...cellsNotes };
export const editorValueNotes = { ...completionValueNotes, ...cellsValueNotes };
