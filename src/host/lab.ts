import type { Uri } from 'vscode';
import type { Engine } from './engine';
import type { Notifier } from './notify';
import type { Panel } from './panel/panel';
import type { Runs } from './runs/runs';

/** The extension's commands, without the `rnnLab.` before them. */
export type CommandName =
  | 'train'
  | 'stop'
  | 'pause'
  | 'resume'
  | 'continue'
  | 'sample'
  | 'export'
  | 'clearComparison'
  | 'showPanel'
  | 'showLog'
  | 'openText';

/** What commands work with. */
export interface Lab {
  readonly engine: Engine;
  readonly runs: Runs;
  readonly notifier: Notifier;
  readonly panel: Panel;
  /** The keys of all settings: `model.hidden`. */
  readonly settingKeys: readonly string[];
  /** What `activate` took, milliseconds. */
  readonly activationTime: number;
  /** Runs a command as the palette would; resolves when it is done. Errors are told to the user. */
  run(command: CommandName, target?: Uri): Promise<void>;
  /** Ends the training with a checkpoint, then the engine. */
  dispose(): Promise<void>;
}
