import { env, l10n, StatusBarAlignment, window, type TextDocument, type TextEditor } from 'vscode';
import { formatFor } from '../../protocol/format';
import { createStatusItem } from '../accessible';
import { textEditorInFront } from '../documents';
import type { Reader } from '../follow/reader';
import { coloured, legendPriority, modelLine, ramp, scale } from './legend';
import { createLens, type Lens } from './lens';
import type { LensModels } from './model';
import type { Reading } from './shading';
import { colours, createShades } from './shades';
import { unitShades } from './shading';

/** One entry of one variable of the equations. */
export interface Unit {
  /** Qualified: `layer1.h`. */
  readonly variable: string;
  /** From 0. */
  readonly unit: number;
  /** The folder of the run that it is a unit of; default: the one whose model looks at the text. */
  readonly run?: string;
}

/** One that a person has chosen. */
export interface ChosenUnit extends Unit {
  /** Of its variable, as the panel has it: `h`, `h, layer 2`. */
  readonly label: string;
}

export interface NeuronLens extends Lens {
  /** The unit that colours the text. */
  readonly unit: ChosenUnit | undefined;
  /** Colours a document by a unit. */
  choose(document: TextDocument, unit: ChosenUnit): void;
}

export interface NeuronOptions {
  readonly reader: Reader;
  readonly models: LensModels;
  readonly failed: (error: unknown) => void;
}

/** Colours text by the value of one unit after each token: red above zero, blue below. */
export function createNeuronLens({ reader, models, failed }: NeuronOptions): NeuronLens {
  const above = createShades(colours.above);
  const below = createShades(colours.below);
  const format = formatFor(env.language);
  let unit: ChosenUnit | undefined;
  /** The greatest absolute value seen of the unit: activations are bounded, other variables are not. */
  let limit = 1;
  const lens = createLens({
    reader,
    modelFor: (document) =>
      unit?.run === undefined
        ? models.modelFor(document)
        : Promise.resolve(models.modelOf(unit.run, 'unit')),
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
      tell();
    },
    clear(editor: TextEditor) {
      above.clear(editor);
      below.clear(editor);
    },
  });
  const name = l10n.t('Neuron lens');
  const legend = createStatusItem('rnnLab.neuron', name, StatusBarAlignment.Right, legendPriority);

  function tell() {
    const document = textEditorInFront()?.document;
    if (!unit || !document || !lens.isOn(document)) {
      legend.hide();
      return;
    }
    const [least, most] = [-limit, limit].map(format.value);
    const both = [...ramp(colours.below).reverse(), ...ramp(colours.above)];
    const model = modelLine(lens.outlook(document));
    legend.show({
      text: `$(symbol-color) ${unitName(unit)}`,
      tooltip: coloured(
        l10n.t('**Neuron lens**: each token is coloured by {0} after it was read.', unitName(unit)),
        scale(least!, both, most!),
        model,
        l10n.t('Click to turn the lens off.'),
      ),
      command: 'rnnLab.neuronLens',
      details: [l10n.t('{0} to {1}', least!, most!), model],
    });
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
export function unitName({ label, unit }: Pick<ChosenUnit, 'label' | 'unit'>): string {
  return l10n.t('{0}, unit {1}', label, unit + 1);
}
