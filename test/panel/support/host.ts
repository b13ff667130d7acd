// The extension host's side of the panel: the extension's own code, in the editor of `editor.ts`, with a real engine.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Uri, type LogOutputChannel, type Memento } from 'vscode';
import { createEngine } from '../../../src/host/engine';
import { createEngineProcess } from '../../../src/host/engine-process';
import { createRunChoice } from '../../../src/host/follow/choice';
import { createReader } from '../../../src/host/follow/reader';
import type { Lenses } from '../../../src/host/lenses/lenses';
import type { Unit } from '../../../src/host/lenses/neuron';
import { registerPanel } from '../../../src/host/panel/panel';
import type { DocumentPlace } from '../../../src/host/panel/projector';
import type { SaveRequest } from '../../../src/host/panel/save';
import { canPredict, canSample, type Run } from '../../../src/host/runs/run';
import { createRuns, type Runs } from '../../../src/host/runs/runs';
import { EventEmitter } from './editor';
import type { SettingValues } from '../../../src/protocol/engine';
import type { PanelCommand } from '../../../src/protocol/panel';

/** A model that trains in no time, to the same bits each time. */
export const smallModel: SettingValues = {
  'model.hidden': 32,
  'training.batch': 8,
  'training.sequence': 16,
  'training.threads': 1,
  'training.seed': 1,
  'training.kernels': 'strict',
};

/** What the page asked its host for, which the editor would do. */
export interface Asked {
  readonly commands: PanelCommand[];
  readonly units: Unit[];
  /** Lines of the file that was learnt. */
  readonly lines: number[];
  readonly places: DocumentPlace[];
}

export interface Host {
  readonly runs: Runs;
  readonly asked: Asked;
  /** What went wrong, in the page or here. */
  readonly errors: string[];
  /** Opens the panel. */
  show(): void;
  close(): void;
  /** Trains a new run on a text until there is a model to look into. */
  train(name: string, text: string, settings?: SettingValues): Promise<void>;
  /** As `train`, and on until it has made so many steps. */
  trainToEnd(name: string, text: string, steps: number, settings?: SettingValues): Promise<void>;
  /** The next picture that is to be saved, or its data. */
  nextSave(): Promise<SaveRequest>;
  /** Waits until something is so of the runs. */
  until(isSo: () => boolean): Promise<void>;
  /** The folder of the run on show. */
  folder(): string;
  dispose(): Promise<void>;
}

export function createHost(): Host {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-panel-'));
  const errors: string[] = [];
  const fail = (...what: unknown[]) => errors.push(what.map(String).join(' '));
  const log = {
    ...{ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: fail },
  } as unknown as LogOutputChannel;
  const lines = createEngineProcess(path.resolve('dist/engine.js'), log);
  const engine = createEngine(() => lines.open('trainer'), log);
  const readingEngine = createEngine(() => lines.open('reader'), log);
  const runs = createRuns(engine, parent, { failed: fail, warned: ignore, recovered: fail });
  const reader = createReader(readingEngine, runs, log);
  const memory = { get: () => undefined, update: () => Promise.resolve() } as unknown as Memento;
  const choice = createRunChoice(runs, memory, () => Promise.resolve(true));
  const asked: Asked = { commands: [], units: [], lines: [], places: [] };
  const saves = new EventEmitter<SaveRequest>();
  const panel = registerPanel({
    engine,
    reader,
    choice,
    // No text is shaded here.
    lenses: { isOn: () => false, onDidChange: () => ({ dispose: ignore }) } as unknown as Lenses,
    runs,
    extension: Uri.file(process.cwd()),
    log,
    run(command) {
      asked.commands.push(command);
      if (command === 'pause' || command === 'resume') runs[command]();
      if (command === 'stop') void runs.stop();
    },
    colourByUnit: (unit) => asked.units.push(unit),
    retrain: (settings) => void runs.retrain(runs.current!, settings).catch(fail),
    openLine: (_, line) => asked.lines.push(line),
    openPlace: (place) => asked.places.push(place),
    failed: fail,
    save: (request) => saves.fire(request),
    restore: ignore,
  });

  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (isSo()) {
        resolve();
        return;
      }
      const following = runs.onDidChange(() => {
        if (!isSo()) return;
        following.dispose();
        resolve();
      });
    });
  }

  async function train(name: string, text: string, settings: SettingValues = {}): Promise<void> {
    const document = { uri: Uri.file(`/${name}`).toString(), name, text };
    await runs.train({ document, settings: { ...smallModel, ...settings }, cell: undefined });
    const hasModel = (run: Run) => canSample(run) || canPredict(run);
    await until(() => runs.current !== undefined && hasModel(runs.current));
  }

  return {
    runs,
    asked,
    errors,
    show: () => panel.show(),
    close: () => panel.close(),
    train,
    async trainToEnd(name, text, steps, settings) {
      await train(name, text, { ...settings, 'training.steps': steps });
      await until(() => !runs.busy);
    },
    until,
    nextSave: () => new Promise((resolve) => saves.event(resolve)),
    folder: () => runs.current!.folder,
    async dispose() {
      await runs.stop();
      panel.dispose();
      choice.dispose();
      reader.dispose();
      runs.dispose();
      await engine.close();
      fs.rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function ignore(): void {
  // Of no interest to a test.
}
