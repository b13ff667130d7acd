import type { TextDocument } from 'vscode';
import { EquationError } from '../../core/equations/errors';
import { occurrencesOf, type Occurrence } from '../../core/equations/occurrences';
import { diagnoseCell, type Diagnosis } from '../../core/equations/parse';
import { inferShapes, type CellShapes } from '../../core/equations/shapes';
import type { Cell } from '../../core/equations/syntax';
import type { ConfiguredSizes } from './sizes';

/** A `.rnn` document as the language's rules see it. */
export interface Reading {
  readonly diagnosis: Diagnosis;
  /** Where the text has an error, none. */
  readonly occurrences: readonly Occurrence[];
}

const readings = new WeakMap<
  TextDocument,
  { readonly source: string; readonly reading: Reading }
>();

/** Reads a document, once for each text that it has: an untitled one gets its first text without another version. */
export function read(document: TextDocument): Reading {
  const known = readings.get(document);
  const source = document.getText();
  if (known?.source === source) return known.reading;
  const diagnosis = diagnoseCell(source, 'cell');
  const { cell } = diagnosis;
  const reading = { diagnosis, occurrences: cell ? occurrencesOf(cell) : [] };
  readings.set(document, { source, reading });
  return reading;
}

/** Shapes for each kind of layer; or the first error that two widths make. */
export type Shapes =
  | { readonly layers: readonly CellShapes[]; readonly error: undefined }
  /** `layer`: 0 the first, 1 those above. */
  | { readonly layers: undefined; readonly error: EquationError; readonly layer: number };

export function shapesOf(cell: Cell, { inputs }: ConfiguredSizes): Shapes {
  const layers: CellShapes[] = [];
  for (const [layer, sizes] of inputs.entries()) {
    try {
      layers.push(inferShapes(cell, sizes));
    } catch (error) {
      if (error instanceof EquationError) return { layers: undefined, error, layer };
      throw error;
    }
  }
  return { layers, error: undefined };
}
