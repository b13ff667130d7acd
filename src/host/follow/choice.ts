/**
 * Which run's model follows which document: the one that the user chose for it, as long as it is there; else one that has learnt the
 * document: the one on show, then the one that is trained, then the newest that has a checkpoint.
 *
 * Lenses and the view at the cursor look with the same model as completion. Where there is none, they look with the run on show,
 * whatever it has learnt.
 *
 * A choice is kept with the workspace, by the document's address; the text that a run has learnt is told by what is kept beside the
 * run. Both hold for an untitled document until it is closed, since another one may have its name then.
 */
import {
  EventEmitter,
  workspace,
  type Event,
  type Memento,
  type TextDocument,
  type Uri,
} from 'vscode';
import * as v from 'valibot';
import { isDocumentScheme } from '../documents';
import { readDocument, type KeptDocument } from '../runs/folder';
import { canPredict, canSample } from '../runs/run';
import type { Runs } from '../runs/runs';

/** A run's folder; null: no run, be there one that has learnt the document or not. */
export type ChosenRun = string | null;

/** Whose model looks at a text, and why it is this one. */
export interface ModelInUse {
  /** The run's folder. */
  readonly folder: string;
  /** `chosen` by the user; trained on the text, its `own`; or only the one on show. */
  readonly reason: 'chosen' | 'own' | 'shown';
}

export interface RunChoice {
  /**
   * The folder of the run whose model follows a document; undefined: there is none, or the document is none of the
   * user's texts (an output, an input box).
   */
  runOf(document: TextDocument): Promise<string | undefined>;
  /** The folder of the newest run that has learnt a document as a table of examples; undefined: there is none. */
  answererOf(document: TextDocument): Promise<string | undefined>;
  /** Whose model lenses and the view at the cursor look with; undefined: there is none. */
  modelOf(document: TextDocument): Promise<ModelInUse | undefined>;
  /**
   * Whether lenses are worth offering for a document: there is a model of texts, and the document was not learnt as a table
   * alone. Before anything is known of the runs, whether there are any.
   */
  mayLook(document: TextDocument): Promise<boolean>;
  /** What the user chose; undefined: nothing. */
  chosen(document: Uri): ChosenRun | undefined;
  /** @param run undefined: as if nothing had ever been chosen */
  choose(document: Uri, run: ChosenRun | undefined): Promise<void>;
  /** Another run may follow some documents. */
  readonly onDidChange: Event<void>;
  dispose(): void;
}

/** What a run's model can do: go on with a text, or answer examples. */
type Ability = 'canSample' | 'canPredict';

/** Whether a document is one of the texts of a folder that was learnt. */
async function isWithin({ uri, overrides }: KeptDocument, address: string): Promise<boolean> {
  if (!address.startsWith(`${uri}/`)) return false;
  const { meantBy } = await import('../../core/data/globs');
  const meant = meantBy(overrides ?? {});
  const path = decodeURIComponent(address.slice(uri.length + 1));
  return meant.isNamed(path) || (meant.isIncluded(path) && !meant.isExcluded(path));
}

const memory = 'followedRuns';
const choices = v.record(v.string(), v.nullable(v.string()));

/** @param anyRun whether there is a run at all, found without the engine */
export function createRunChoice(
  runs: Runs,
  memento: Memento,
  anyRun: () => Promise<boolean>,
): RunChoice {
  /** Untitled documents of earlier sessions are others, whatever their names. */
  const started = Date.now();
  const changes = new EventEmitter<void>();
  /** The documents that runs have learnt, by the runs' folders. */
  const learnt = new Map<string, Promise<KeptDocument | undefined>>();
  /** The newest runs that have learnt documents, by their addresses: models that write, and that answer. */
  const newest = new Map<string, Promise<string | undefined>>();
  const newestAnswerers = new Map<string, Promise<string | undefined>>();
  /** Of untitled documents. */
  const untitled = new Map<string, ChosenRun>();
  /** When the last untitled document of an address was closed. */
  const closed = new Map<string, number>();
  let loading: Promise<void> | undefined;
  let trained: string | undefined;

  function all(): Readonly<Record<string, ChosenRun>> {
    const kept = v.safeParse(choices, memento.get(memory));
    return kept.success ? kept.output : {};
  }

  function chosen(uri: Uri): ChosenRun | undefined {
    const address = uri.toString();
    return uri.scheme === 'untitled' ? untitled.get(address) : all()[address];
  }

  async function hasLearnt(folder: string, { uri, isUntitled }: TextDocument): Promise<boolean> {
    let reading = learnt.get(folder);
    if (reading === undefined) {
      reading = readDocument(folder);
      learnt.set(folder, reading);
    }
    const address = uri.toString();
    const document = await reading;
    if (document && 'path' in document && (await isWithin(document, address))) return true;
    if (document?.uri !== address) return false;
    return !isUntitled || (document.kept ?? 0) >= (closed.get(address) ?? started);
  }

  /** Reads the list of runs, once there is anything to read. */
  async function load(): Promise<boolean> {
    if (loading === undefined && !(await anyRun())) return false;
    loading ??= runs.list.load();
    try {
      await loading;
      return true;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  }

  /** One that was deleted may come back. */
  async function exists(folder: string): Promise<boolean> {
    const isIt = (line: Runs['lines'][number]) =>
      line.folder === folder && line.summary.task === null;
    return (await load()) && runs.lines.some(isIt);
  }

  async function findNewest(document: TextDocument, does: Ability): Promise<string | undefined> {
    if (!(await load())) return undefined;
    for (const line of runs.lines) {
      if (line[does] && (await hasLearnt(line.folder, document))) return line.folder;
    }
    return undefined;
  }

  function newestOf(document: TextDocument, does: Ability): Promise<string | undefined> {
    const known = does === 'canSample' ? newest : newestAnswerers;
    const address = document.uri.toString();
    let found = known.get(address);
    if (found === undefined) {
      found = findNewest(document, does);
      known.set(address, found);
      found.catch(() => known.delete(address));
    }
    return found;
  }

  const following = runs.onDidChange(({ kind }) => {
    if (kind === 'rows' || kind === 'observation' || kind === 'sampled') return;
    const now = runs.trained?.folder;
    // A run that goes on may do so with another text.
    if (now !== undefined && now !== trained) learnt.delete(now);
    trained = now;
    if (kind === 'background' || kind === 'compared') return;
    newest.clear();
    newestAnswerers.clear();
    changes.fire();
  });
  const closing = workspace.onDidCloseTextDocument(({ uri, isUntitled, isClosed }) => {
    // One whose language changes is told as closed too.
    if (!isUntitled || !isClosed) return;
    const address = uri.toString();
    closed.set(address, Date.now());
    untitled.delete(address);
    newest.delete(address);
    newestAnswerers.delete(address);
    changes.fire();
  });

  /** The one that has learnt the document: in training, else the newest. */
  async function ownOf(document: TextDocument): Promise<string | undefined> {
    const run = runs.trained;
    if (run && canSample(run) && (await hasLearnt(run.folder, document))) return run.folder;
    return await newestOf(document, 'canSample');
  }

  async function modelOf(document: TextDocument): Promise<ModelInUse | undefined> {
    const { uri } = document;
    const wanted = chosen(uri);
    if (typeof wanted === 'string' && (await exists(wanted))) {
      return { folder: wanted, reason: 'chosen' };
    }
    const { current } = runs;
    const shown = current && canSample(current) ? current.folder : undefined;
    if (shown !== undefined && (await hasLearnt(shown, document))) {
      return { folder: shown, reason: 'own' };
    }
    // No run to complete it: no reason to look at it with none.
    const own = wanted === null ? undefined : await ownOf(document);
    if (own !== undefined) return { folder: own, reason: 'own' };
    return shown === undefined ? undefined : { folder: shown, reason: 'shown' };
  }

  return {
    async runOf(document) {
      const { uri } = document;
      if (!isDocumentScheme(uri.scheme) || chosen(uri) === null) return undefined;
      const model = await modelOf(document);
      return model?.reason === 'shown' ? undefined : model?.folder;
    },
    async answererOf(document) {
      const { uri } = document;
      if (!isDocumentScheme(uri.scheme) || chosen(uri) === null) return undefined;
      for (const run of [runs.current, runs.trained]) {
        if (run && canPredict(run) && (await hasLearnt(run.folder, document))) return run.folder;
      }
      return await newestOf(document, 'canPredict');
    },
    modelOf,
    async mayLook(document) {
      const { current, lines } = runs;
      if (current === undefined && lines.length === 0) return await anyRun();
      const isShown = current !== undefined && canSample(current);
      if (!isShown && !lines.some((line) => line.canSample)) return false;
      const isTable = (await newestOf(document, 'canPredict')) !== undefined;
      return !isTable || (await ownOf(document)) !== undefined;
    },
    chosen,
    async choose(uri, run) {
      const isUntitled = uri.scheme === 'untitled';
      const kept = isUntitled ? untitled : new Map(Object.entries(all()));
      if (run === undefined) kept.delete(uri.toString());
      else kept.set(uri.toString(), run);
      if (!isUntitled) await memento.update(memory, Object.fromEntries(kept));
      changes.fire();
    },
    onDidChange: changes.event,
    dispose() {
      following.dispose();
      closing.dispose();
      changes.dispose();
    },
  };
}
