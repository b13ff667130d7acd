import {
  decodeToPanel,
  type ExamplePart,
  type ExampleQuestion,
  type FromPanel,
  type InspectWindow,
  type PanelCommand,
  type ProjectedPoints,
  type RetrainSettings,
  type SavedFormat,
  type SheetQuestion,
  type ToPanel,
} from '../src/protocol/panel';

/** What VS Code gives every webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The line to the extension host. */
export interface Host {
  ready(): void;
  /** What came last is on the screen. */
  drawn(): void;
  run(command: PanelCommand): void;
  /** Of the training under way, from its next step on; null: as the schedule says. */
  setLearningRate(learningRate: number | null): void;
  /** Trains a new run as the one on show was, but for these settings. */
  retrain(settings: RetrainSettings): void;
  /**
   * Asks what the model makes of a window of the run's text; the answer is in `Run.inspection`. A question
   * that is asked while one is open waits for its answer, and only the last such question is asked.
   */
  inspect(id: string, window: InspectWindow): void;
  /** Asks how the model answers a part of its examples; the answer is in `Run.results`. */
  evaluate(id: string, part: ExamplePart): void;
  /** Asks for every number of two passes; the newest answer is in `Run.worksheet`. */
  askWorksheet(id: string, question: SheetQuestion): void;
  /** Asks where points lie; the newest answer is in `Run.projection`. */
  project(id: string, points: ProjectedPoints): void;
  /** Shows a place of the text whose states were projected last, in UTF-16 units. */
  openPlace(id: string, start: number, end: number): void;
  /** Shows a line of the file that was learnt, from 1. */
  openLine(id: string, line: number): void;
  /** From now on the row at the cursor is told in `Run.example`; null: no longer. */
  watchExample(id: string | null, question: ExampleQuestion): void;
  /** From now on the cursor is told in `Run.cursor`, with the values of a variable; null: no longer. */
  watchCursor(id: string, variable: string | null): void;
  /** Looks at the model as it was at a kept step; null: as it is now. */
  travel(step: number | null): void;
  /** Stays at this place of the text, or follows the cursor again. */
  pinCursor(pinned: boolean): void;
  /** Selects a token in the document that was looked at last. */
  selectToken(start: number, end: number): void;
  /** Colours the text in front by a unit of a variable, `layer1.h`, from 0. */
  colourByUnit(run: string, variable: string, unit: number): void;
  /** Lets the user save a picture or its data. */
  save(name: string, format: SavedFormat, content: Uint8Array<ArrayBuffer>): void;
  report(error: unknown): void;
  /** Leaves with the editor what it gives back when the window is reloaded. */
  remember(run: string | undefined): void;
  readonly memory: Memory;
}

/** What views keep of themselves over reloads: the chosen tab, a log axis. */
export interface Memory {
  get(key: string): unknown;
  set(key: string, value: string | number | boolean): void;
}

/** @param onMessage gets every message of the host, decoded */
export function connectHost(onMessage: (message: ToPanel) => void): Host {
  const api = acquireVsCodeApi();
  const post = (message: FromPanel) => {
    api.postMessage(message);
  };
  const report = (error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    post({ type: 'error', message });
  };
  let kept = readMemory(api.getState());
  const keep = (change: Readonly<Record<string, unknown>>) => {
    kept = { ...kept, ...change };
    api.setState(kept);
  };
  let lastRequest = 0;
  /** The question that is open, and the one that waits for its end. */
  let open: number | undefined;
  let waiting: (() => void) | undefined;
  const answered = (request: number) => {
    if (request !== open) return;
    open = undefined;
    const next = waiting;
    waiting = undefined;
    next?.();
  };
  window.addEventListener('message', ({ data }) => {
    try {
      const message = decodeToPanel(data);
      if (message.type === 'inspection') answered(message.request);
      onMessage(message);
    } catch (error) {
      report(error);
    }
  });
  window.addEventListener('error', ({ error, message }) => {
    report(error ?? message);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => {
    report(reason);
  });
  return {
    ready() {
      post({ type: 'ready' });
    },
    drawn() {
      post({ type: 'drawn' });
    },
    run(command) {
      post({ type: 'command', command });
    },
    setLearningRate(learningRate) {
      post({ type: 'setLearningRate', learningRate });
    },
    retrain(settings) {
      post({ type: 'retrain', settings });
    },
    inspect(id, window) {
      const ask = () => {
        open = ++lastRequest;
        post({ type: 'inspect', id, request: open, ...window });
      };
      if (open === undefined) ask();
      else waiting = ask;
    },
    evaluate(id, part) {
      post({ type: 'evaluate', id, part });
    },
    askWorksheet(id, question) {
      post({ type: 'worksheet', id, ...question });
    },
    project(id, points) {
      post({ type: 'project', id, points });
    },
    openPlace(id, start, end) {
      post({ type: 'openPlace', id, start, end });
    },
    watchExample(id, question) {
      post({ type: 'watchExample', id, question });
    },
    openLine(id, line) {
      post({ type: 'openLine', id, line });
    },
    watchCursor(id, variable) {
      post({ type: 'watchCursor', id, variable });
    },
    travel(step) {
      post({ type: 'travel', step });
    },
    pinCursor(pinned) {
      post({ type: 'pinCursor', pinned });
    },
    selectToken(start, end) {
      post({ type: 'selectToken', start, end });
    },
    colourByUnit(run, variable, unit) {
      post({ type: 'colourByUnit', run, variable, unit });
    },
    save(name, format, content) {
      post({ type: 'save', name, format, content });
    },
    report,
    remember(run) {
      keep({ run });
    },
    memory: {
      get: (key) => kept[`view.${key}`],
      set(key, value) {
        keep({ [`view.${key}`]: value });
      },
    },
  };
}

function readMemory(state: unknown): Readonly<Record<string, unknown>> {
  return typeof state === 'object' && state !== null ? { ...state } : {};
}
