import { env, l10n, window, type TextDocument, type TextEditor } from 'vscode';
import { readQualified } from '../../core/qualified';
import { formatFor } from '../../protocol/format';
import { textEditorInFront } from '../documents';
import type { Reader } from '../follow/reader';
import type { Run } from '../runs/run';
import { coloured, createLegend, modelLine, ramp, scale } from './legend';
import { createLens, type Lens } from './lens';
import type { Reading } from './shading';
import { colours, createShades } from './shades';
import { unitShades } from './shading';

/** One entry of one variable of the equations. */
export interface Unit {
  /** Qualified: `layer1.h`. */
  readonly variable: string;
  /** From 0. */
  readonly unit: number;
}

export interface NeuronLens extends Lens {
  /** The unit that colours the text. */
  readonly unit: Unit | undefined;
  /** Colours a document by a unit. */
  choose(document: TextDocument, unit: Unit): void;
}

export interface NeuronOptions {
  readonly reader: Reader;
  readonly run: () => Run | undefined;
  readonly failed: (error: unknown) => void;
}

/** Colours text by the value of one unit after each token: red above zero, blue below. */
export function createNeuronLens({ reader, run, failed }: NeuronOptions): NeuronLens {
  const above = createShades(colours.above);
  const below = createShades(colours.below);
  const format = formatFor(env.language);
  let unit: Unit | undefined;
  /** The greatest absolute value seen of the unit: activations are bounded, other variables are not. */
  let limit = 1;
  let step = 0;
  const lens = createLens({
    reader,
    run,
    failed,
    asked: () => ({ variables: unit ? [{ name: unit.variable, unit: unit.unit }] : [] }),
    show(editor, readings) {
      limit = Math.max(limit, ...readings.map(greatest));
      above.show(
        editor,
        readings.flatMap((reading) => [...unitShades(reading, limit)]),
      );
      below.show(
        editor,
        readings.flatMap((reading) => [...unitShades(reading, -limit)]),
      );
      step = readings[0]?.step ?? step;
      tell();
    },
    clear(editor: TextEditor) {
      above.clear(editor);
      below.clear(editor);
    },
  });
  const legend = createLegend('neuron', l10n.t('Neuron lens'), 'rnnLab.neuronLens');

  function tell() {
    const document = textEditorInFront()?.document;
    if (!unit || !lens.isOn(document)) {
      legend.hide();
      return;
    }
    legend.text = `$(symbol-color) ${unitName(unit)}`;
    const [least, most] = [-limit, limit].map(format.value);
    const both = [...ramp(colours.below).reverse(), ...ramp(colours.above)];
    legend.tooltip = coloured(
      l10n.t('**Neuron lens**: each token is coloured by {0} after it was read.', unitName(unit)),
      scale(least!, both, most!),
      modelLine(run(), step),
      l10n.t('Click to turn the lens off.'),
    );
    legend.show();
  }

  const subscriptions = [
    lens.onDidChange(tell),
    window.onDidChangeActiveTextEditor(tell),
    above,
    below,
    legend,
  ];

  return {
    ...lens,
    get unit() {
      return unit;
    },
    update() {
      limit = 1;
      lens.update();
    },
    choose(document, chosen) {
      unit = chosen;
      limit = 1;
      lens.set(document, true);
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      lens.dispose();
    },
  };
}

/** The greatest absolute value of a unit in a text; of what has overflowed there is none. */
function greatest({ variables }: Reading): number {
  const values = variables[0]?.values ?? [];
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

/** `h, unit 17`, as the panel counts them. */
export function unitName({ variable, unit }: Unit): string {
  const { layer, symbol } = readQualified(variable);
  const name = layer === 1 ? symbol : variable;
  return l10n.t('{0}, unit {1}', name, unit + 1);
}
