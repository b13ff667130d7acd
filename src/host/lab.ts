import type { Memento, StatusBarItem, Uri } from 'vscode';
import type { Setting } from './configuration';
import type { RowAnswers } from './completion/answers';
import type { Counter } from './completion/figures';
import type { Engine } from './engine';
import type { RunChoice } from './follow/choice';
import type { Reader } from './follow/reader';
import type { Unit } from './lenses/neuron';
import type { Lenses } from './lenses/lenses';
import type { Notebooks } from './notebooks/notebooks';
import type { Notifier } from './notify';
import type { Panel } from './panel/panel';
import type { Runs } from './runs/runs';
import type { RunTarget } from './runs/target';
import type { Trials } from './trials/trials';
import type { RunsView } from './views/runs';

/** The extension's commands, without the `rnnLab.` before them. */
export type CommandName =
  | 'train'
  | 'trainFiles'
  | 'trainFolder'
  | 'trainTogether'
  | 'trainCell'
  | 'tryCell'
  | 'trainOnSelection'
  | 'trainWithOptions'
  | 'stop'
  | 'pause'
  | 'resume'
  | 'continue'
  | 'sample'
  | 'sampleWithOptions'
  | 'sampleAtCursor'
  | 'compareTemperatures'
  | 'predict'
  | 'changeTable'
  | 'newCell'
  | 'useCell'
  | 'checkGradients'
  | 'debugCell'
  | 'debugText'
  | 'debugRow'
  | 'debugFailedStep'
  | 'openSample'
  | 'openCourse'
  | 'openWalkthrough'
  | 'export'
  | 'trainElsewhere'
  | 'import'
  | 'openRun'
  | 'continueLonger'
  | 'setLearningRate'
  | 'renameRun'
  | 'deleteRun'
  | 'undoDelete'
  | 'compare'
  | 'clearComparison'
  | 'revealRun'
  | 'copyRunPath'
  | 'refreshRuns'
  | 'sortRuns'
  | 'chooseColumns'
  | 'groupRuns'
  | 'filterRuns'
  | 'clearFilter'
  | 'saveRuns'
  | 'tagRuns'
  | 'editNote'
  | 'forgetRun'
  | 'trainQueued'
  | 'unqueue'
  | 'queueUp'
  | 'queueDown'
  | 'surpriseLens'
  | 'neuronLens'
  | 'scoreLens'
  | 'nearestWords'
  | 'findUnits'
  | 'showPanel'
  | 'showLog'
  | 'openText'
  | 'useRun'
  | 'useSettings'
  | 'completionFigures'
  | 'newNotebook'
  | 'makeNotebook'
  | 'nameBlock'
  | 'notebookCost'
  | 'restartNotebook';

/** What commands work with. */
export interface Lab {
  readonly engine: Engine;
  readonly runs: Runs;
  /** Models that follow documents as they are typed. */
  readonly reader: Reader;
  /** Which of them follows which document. */
  readonly choice: RunChoice;
  /** Of rows that are typed in files of examples. */
  readonly answers: RowAnswers;
  /** What completion has suggested. */
  readonly counter: Counter;
  /** What shades texts. */
  readonly lenses: Lenses;
  /** Cells that are tried. */
  readonly trials: Trials;
  readonly notebooks: Notebooks;
  readonly notifier: Notifier;
  readonly panel: Panel;
  readonly runsView: RunsView;
  /** The extension's own folder. */
  readonly extension: Uri;
  /** A folder of the extension's own that all workspaces share; it may not be there yet. */
  readonly storage: Uri;
  /** All settings of the manifest. */
  readonly settings: readonly Setting[];
  /** Keeps answers for this workspace. */
  readonly memento: Memento;
  readonly statusItems: ReadonlySet<Readonly<StatusBarItem>>;
  /** What `activate` took, milliseconds. */
  readonly activationTime: number;
  /** Runs a command as the palette would; resolves when it is done. Errors are told to the user. */
  run(command: CommandName, target?: Uri | Unit | RunTarget): Promise<void>;
  /** Ends the training with a checkpoint, then the engine. */
  dispose(): Promise<void>;
}
