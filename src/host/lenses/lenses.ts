import { commands, EventEmitter, window, type Event, type TextDocument } from 'vscode';
import { textEditorInFront } from '../documents';
import type { Reader } from '../follow/reader';
import { canSample } from '../runs/run';
import type { Runs } from '../runs/runs';
import type { Lens } from './lens';
import { createNeuronLens, type NeuronLens } from './neuron';
import { createSurpriseLens } from './surprise';

/** What shades texts by what the model on show makes of them. */
export interface Lenses {
  readonly surprise: Lens;
  readonly neuron: NeuronLens;
  /** Whether one of them shades a document. */
  isOn(document: TextDocument | undefined): boolean;
  /** One was turned on or off. */
  readonly onDidChange: Event<void>;
  dispose(): void;
}

export function createLenses(reader: Reader, runs: Runs, failed: (error: unknown) => void): Lenses {
  const run = () => (runs.current && canSample(runs.current) ? runs.current : undefined);
  const surprise = createSurpriseLens({ reader, run, failed });
  const neuron = createNeuronLens({ reader, run, failed });

  /** What of the runs the shades depend on; new weights of one training are told by the reader. */
  const lookedWith = () => `${run()?.folder} ${run()?.traveled}`;
  let model = lookedWith();
  const changes = new EventEmitter<void>();

  /** For the toggles in the editor's title. */
  function tell() {
    const document = textEditorInFront()?.document;
    void commands.executeCommand('setContext', 'rnnLab.surpriseLens', surprise.isOn(document));
    void commands.executeCommand('setContext', 'rnnLab.neuronLens', neuron.isOn(document));
  }

  const subscriptions = [
    changes,
    surprise.onDidChange(() => changes.fire()),
    neuron.onDidChange(() => changes.fire()),
    changes.event(tell),
    window.onDidChangeActiveTextEditor(tell),
    runs.onDidChange(() => {
      const now = lookedWith();
      if (now === model) return;
      model = now;
      surprise.update();
      neuron.update();
    }),
  ];
  return {
    surprise,
    neuron,
    isOn: (document) => surprise.isOn(document) || neuron.isOn(document),
    onDidChange: changes.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      surprise.dispose();
      neuron.dispose();
    },
  };
}
