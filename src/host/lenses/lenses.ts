import { commands, window, type Disposable } from 'vscode';
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
  dispose(): void;
}

export function createLenses(reader: Reader, runs: Runs, failed: (error: unknown) => void): Lenses {
  const run = () => (runs.current && canSample(runs.current) ? runs.current.folder : undefined);
  const uniform = () => runs.current?.facts.baselines.uniform ?? 1;
  const surprise = createSurpriseLens({ reader, run, uniform, failed });
  const neuron = createNeuronLens({ reader, run, failed });

  /** For the toggles in the editor's title. */
  function tell() {
    const document = textEditorInFront()?.document;
    void commands.executeCommand('setContext', 'rnnLab.surpriseLens', surprise.isOn(document));
    void commands.executeCommand('setContext', 'rnnLab.neuronLens', neuron.isOn(document));
  }

  const subscriptions: Disposable[] = [
    surprise.onDidChange(tell),
    neuron.onDidChange(tell),
    window.onDidChangeActiveTextEditor(tell),
    // Another run is on show, whose model looks from now on.
    runs.onDidChange(({ kind }) => {
      if (kind !== 'current') return;
      surprise.update();
      neuron.update();
    }),
  ];
  return {
    surprise,
    neuron,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      surprise.dispose();
      neuron.dispose();
    },
  };
}
