import { commands, EventEmitter, window, type Event, type TextDocument } from 'vscode';
import { textEditorInFront } from '../documents';
import type { RunChoice } from '../follow/choice';
import type { Reader } from '../follow/reader';
import { oneAtATime } from '../one-at-a-time';
import { canSample } from '../runs/run';
import type { Runs } from '../runs/runs';
import type { Engine } from '../engine';
import { createRowLens, type RowLens } from './rows';
import type { Lens } from './lens';
import { lensModels } from './model';
import { createModelItem } from './model-item';
import { createNeuronLens, type NeuronLens } from './neuron';
import { createSurpriseLens } from './surprise';

/** What shades texts by what the model on show makes of them. */
export interface Lenses {
  readonly surprise: Lens;
  readonly neuron: NeuronLens;
  /** Of data files. */
  readonly rows: RowLens;
  /** Whether one of them shades a document. */
  isOn(document: TextDocument | undefined): boolean;
  /** One was turned on or off. */
  readonly onDidChange: Event<void>;
  dispose(): void;
}

export function createLenses(
  reader: Reader,
  runs: Runs,
  choice: Pick<RunChoice, 'modelOf' | 'mayLook' | 'answererOf' | 'onDidChange'>,
  engine: Pick<Engine, 'start'>,
  failed: (error: unknown) => void,
): Lenses {
  const models = lensModels(runs, choice);
  const surprise = createSurpriseLens({ reader, modelFor: models.modelFor, failed });
  const neuron = createNeuronLens({ reader, models, failed });
  const rows = createRowLens({ engine, runs, failed });
  const isOn = (document: TextDocument | undefined) =>
    surprise.isOn(document) || neuron.isOn(document) || rows.isOn(document);

  /** What of the run on show decides who looks, and with which weights; those of a training are told by the reader. */
  const state = () => {
    const { current, trained } = runs;
    const hasModel = [current, trained].map((run) => run !== undefined && canSample(run));
    return [current?.folder, current?.traveled, trained?.folder, ...hasModel].join(' ');
  };
  let known = state();
  const lookAgain = oneAtATime(async () => {
    for (const lens of [surprise, neuron]) if (await lens.isStale()) lens.update();
  });
  const changes = new EventEmitter<void>();

  /** For the toggles in the editor's title. */
  function tell() {
    const document = textEditorInFront()?.document;
    const by = rows.look(document)?.by.kind;
    const isSurprise = surprise.isOn(document) || by === 'loss';
    const isNeuron = neuron.isOn(document) || by === 'unit';
    void commands.executeCommand('setContext', 'rnnLab.surpriseLens', isSurprise);
    void commands.executeCommand('setContext', 'rnnLab.neuronLens', isNeuron);
  }

  const offer = oneAtATime(async () => {
    const document = textEditorInFront()?.document;
    // Where the runs cannot be read there is nothing to offer; who asks for them is told why.
    const mayLook =
      document !== undefined &&
      ((await choice.mayLook(document).catch(() => false)) ||
        (await choice.answererOf(document).catch(() => undefined)) !== undefined);
    await commands.executeCommand('setContext', 'rnnLab.canLook', mayLook);
  });
  offer();

  const subscriptions = [
    changes,
    surprise.onDidChange(() => changes.fire()),
    neuron.onDidChange(() => changes.fire()),
    rows.onDidChange(() => changes.fire()),
    changes.event(tell),
    window.onDidChangeActiveTextEditor(tell),
    window.onDidChangeActiveTextEditor(offer),
    choice.onDidChange(offer),
    runs.onDidChange(() => {
      const [before, now] = [known, state()];
      if (now === before) return;
      known = now;
      surprise.update();
      neuron.update();
    }),
    choice.onDidChange(lookAgain),
    createModelItem({ surprise, neuron, changed: changes.event }),
  ];
  return {
    surprise,
    neuron,
    rows,
    isOn,
    onDidChange: changes.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      surprise.dispose();
      neuron.dispose();
      rows.dispose();
    },
  };
}
