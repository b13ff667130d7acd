import {
  Disposable,
  env,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  window,
  type TreeDataProvider,
} from 'vscode';
import { formatFor, type Format } from '../../protocol/format';
import { spoken } from '../accessible';
import type { RunLine } from '../runs/line';
import type { DamagedRun } from '../runs/list';
import { isLive } from '../runs/run';
import type { Runs, RunsChange } from '../runs/runs';
import type { RunTarget } from '../runs/target';
import { throttle } from '../throttle';
import { translated } from '../translate';
import { age } from './age';
import { inFocus } from './in-focus';
import { phaseIcon, phaseText } from './looks';
import { runTooltip } from './tooltip';

/** The line of the run that is trained changes at most this often, milliseconds. */
const liveInterval = 1000;
/** Runs of other windows are looked at this often, milliseconds. */
const pollInterval = 3000;
/** Ages are told again this often, milliseconds. */
const ageInterval = 60_000;

/** The Runs view: every run of this workspace, the newest first, and last what cannot be read. */
export interface RunsView {
  /** The runs that a key in it is about. */
  inFocus(): Promise<readonly RunTarget[]>;
  dispose(): void;
}

/** @param failed is told what goes wrong when the runs are read */
export function registerRunsView(runs: Runs, failed: (error: unknown) => void): RunsView {
  const changes = new EventEmitter<RunTarget | undefined>();
  /** Elements by their folders: VS Code knows them by identity. */
  const elements = new Map<string, RunTarget>();
  let format: Format | undefined;

  function elementOf(run: string): RunTarget {
    const known = elements.get(run) ?? { run };
    elements.set(run, known);
    return known;
  }

  function lineFor({ run }: RunTarget): RunLine | undefined {
    return runs.lines.find(({ folder }) => folder === run);
  }

  const provider: TreeDataProvider<RunTarget> = {
    onDidChangeTreeData: changes.event,
    async getChildren(element) {
      if (element) return [];
      await loaded();
      const { list } = runs;
      return [...list.runs, ...list.damaged].map(({ run }) => elementOf(run));
    },
    getParent: () => undefined,
    getTreeItem(element) {
      format ??= formatFor(env.language);
      const line = lineFor(element);
      const isCompared =
        runs.compared.length > 0 &&
        [runs.current, ...runs.compared].some((run) => run?.folder === element.run);
      if (line) return runItem(element, line, isCompared, format);
      const damaged = runs.list.damaged.find(({ run }) => run === element.run);
      return damagedItem(element, damaged);
    },
    resolveTreeItem(item, element) {
      const line = lineFor(element);
      if (line && format) item.tooltip = runTooltip(line, format, Date.now());
      return item;
    },
  };

  const view = window.createTreeView('rnnLab.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: false,
  });

  /** The first look reads all runs, which starts the engine: not before somebody looks. */
  let loading: Promise<void> | undefined;
  function loaded(): Promise<void> {
    loading ??= runs.list.load().catch(failed);
    return loading;
  }

  const updateAll = throttle(() => changes.fire(undefined), 100);
  const updateLive = throttle(() => {
    if (view.visible && runs.trained) changes.fire(elementOf(runs.trained.folder));
  }, liveInterval);

  function follow({ kind }: RunsChange) {
    if (kind === 'rows' || kind === 'background') updateLive();
    else if (kind !== 'observation' && kind !== 'sampled') updateAll();
  }

  async function poll() {
    if (!view.visible) return;
    const elsewhere = runs.lines
      .filter(({ phase }) => phase === 'elsewhere')
      .map(({ folder }) => folder);
    await runs.list.refresh(elsewhere).catch(failed);
  }

  /** Another window may have begun or deleted some. */
  function lookAgain() {
    if (view.visible && loading) void runs.list.load().catch(failed);
  }

  const polling = setInterval(() => void poll(), pollInterval).unref();
  const aging = setInterval(() => {
    if (view.visible) updateAll();
  }, ageInterval).unref();
  const following = Disposable.from(
    runs.onDidChange(follow),
    view.onDidChangeVisibility(lookAgain),
    window.onDidChangeWindowState(({ focused }) => {
      if (focused) lookAgain();
    }),
  );

  return {
    inFocus: () => inFocus(view),
    dispose() {
      clearInterval(polling);
      clearInterval(aging);
      updateAll.dispose();
      updateLive.dispose();
      Disposable.from(following, view, changes).dispose();
    },
  };
}

function runItem(element: RunTarget, line: RunLine, isCompared: boolean, format: Format): TreeItem {
  const { name, phase, summary } = line;
  const item = new TreeItem(name);
  item.id = element.run;
  item.iconPath = phaseIcon(phase);
  item.description = description(line, isCompared, format);
  item.contextValue = contextOf(line);
  item.command = { command: 'rnnLab.openRun', title: l10n.t('Open run'), arguments: [element] };
  const loss = lossOf(line);
  item.accessibilityInformation = spoken([
    name,
    phaseText(phase),
    line.step > 0 ? l10n.t('step {0}', format.count(line.step)) : '',
    loss === undefined ? '' : l10n.t('loss {0} nats per token', format.loss(loss)),
    isCompared ? l10n.t('compared') : '',
    age(summary.changed, Date.now(), env.language, 'long'),
  ]);
  return item;
}

/** `1.432 · 5 min. ago`; of a run that is trained `1.432 · step 1,234`. */
function description(line: RunLine, isCompared: boolean, format: Format): string {
  const { step, summary } = line;
  const loss = lossOf(line);
  const live = isLive(line);
  return [
    ...(isCompared ? ['⇄'] : []),
    ...(loss === undefined ? [] : [format.loss(loss)]),
    ...(live && step > 0 ? [l10n.t('step {0}', format.count(step))] : []),
    ...(live ? [] : [age(summary.changed, Date.now(), env.language)]),
  ].join(' · ');
}

/** What a run is worth: its best validation loss, else that of its training. */
function lossOf({ best, loss }: RunLine): number | undefined {
  return best ?? loss;
}

/** What the `when` clauses of the menus ask for, as words: `run live paused canSample`. */
function contextOf(line: RunLine): string {
  const { phase, canSample, canContinue } = line;
  return [
    'run',
    ...(isLive(line) ? ['live'] : []),
    ...(phase === 'paused' ? ['paused'] : []),
    ...(phase === 'elsewhere' ? ['elsewhere'] : ['own']),
    ...(canSample ? ['canSample'] : []),
    ...(canContinue ? ['canContinue'] : []),
  ].join(' ');
}

function damagedItem(element: RunTarget, damaged: DamagedRun | undefined): TreeItem {
  const name = element.run.split(/[\\/]/).at(-1) ?? element.run;
  const item = new TreeItem(name);
  const message = damaged ? translated(damaged.message) : '';
  item.id = element.run;
  item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  item.description = l10n.t('cannot be read');
  item.tooltip = new MarkdownString().appendText(message);
  item.contextValue = 'damaged own';
  item.accessibilityInformation = spoken([name, l10n.t('cannot be read'), message]);
  return item;
}
