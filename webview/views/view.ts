import type { Host } from '../host';
import type { Run, State } from '../state';

/** A part of the panel that shows a run. It is made once and brought up to date; it never asks for data. */
export interface View {
  readonly root: HTMLElement;
  /** Shows the run as it is now. Called at most once a frame, and never while the view is hidden. */
  update(run: Run): void;
  /** Another view has come in front of it: nothing needs to be found out for it until the next `update`. */
  leave?(): void;
  /** The theme has changed: read colours again. */
  updateTheme?(): void;
  destroy?(): void;
}

/** What a view is made with; `compared` changes while it lives, so it is to be read at each update. */
export interface ViewContext extends Pick<State, 'format' | 'compared'> {
  readonly host: Pick<
    Host,
    | 'run'
    | 'setLearningRate'
    | 'retrain'
    | 'inspect'
    | 'evaluate'
    | 'askWorksheet'
    | 'project'
    | 'openPlace'
    | 'openLine'
    | 'watchCursor'
    | 'watchExample'
    | 'travel'
    | 'pinCursor'
    | 'selectToken'
    | 'colourByUnit'
    | 'save'
    | 'report'
    | 'memory'
  >;
}
