import {
  commands,
  Disposable,
  env,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  window,
  type Memento,
  type TreeDataProvider,
} from 'vscode';
import type { RunSummary } from '../../protocol/engine';
import { formatFor, type Format } from '../../protocol/format';
import { spoken } from '../accessible';
import { nameOf, type RunLine } from '../runs/line';
import type { DamagedRun } from '../runs/list';
import { isLive, vanishedText } from '../runs/run';
import type { Runs, RunsChange } from '../runs/runs';
import type { Homes } from '../runs/homes';
import type { GroupTarget, QueuedTarget, RunTarget } from '../runs/target';
import { throttle } from '../throttle';
import { translated } from '../translate';
import { age } from './age';
import { createArrangement, usualOrder, type Arrangement } from './arrangement';
import { columns, told } from './columns';
import { groupItem } from './group-item';
import { grouped, type Group, type Level } from './groups';
import { inFocus } from './in-focus';
import { phaseIcon, phaseOf, phaseText } from './looks';
import { inOrder, isFound, lossOf } from './order';
import { leadingText } from './scores';
import { queuedItem, queuedTooltip } from './queued';
import { runTooltip } from './tooltip';
import { watchRuns } from './watch';

/** The line of the run that is trained changes at most this often, milliseconds. */
const liveInterval = 1000;
/** Whether a process that trains in another window is still alive is asked this often, milliseconds. */
const pollInterval = 3000;
/** Ages are told again this often, milliseconds. */
const ageInterval = 60_000;

/** The Runs view: every run of this workspace, and last those whose folders cannot be read, or are gone. */
export interface RunsView {
  readonly arrangement: Arrangement;
  /** The runs that a key in it is about. */
  inFocus(): Promise<readonly Element[]>;
  dispose(): void;
}

/**
 * @param folder of the workspace's own runs
 * @param homes folders of runs beside notebooks
 * @param failed is told what goes wrong when the runs are read
 */
export function registerRunsView(
  runs: Runs,
  folder: string,
  homes: Homes,
  memento: Memento,
  failed: (error: unknown) => void,
): RunsView {
  const arrangement = createArrangement(memento);
  const changes = new EventEmitter<Element | undefined>();
  /** Elements by their folders: VS Code knows them by identity. */
  const elements = new Map<string, RunTarget>();
  const waiting = new Map<string, QueuedTarget>();
  /** Groups by what they are known by, as they were shown last. */
  let groups = new Map<string, { readonly element: GroupTarget; readonly group: Group }>();
  let format: Format | undefined;

  function elementOf(run: string): RunTarget {
    const known = elements.get(run) ?? { run };
    elements.set(run, known);
    return known;
  }

  function waitingOf(queued: string): QueuedTarget {
    const known = waiting.get(queued) ?? { queued };
    waiting.set(queued, known);
    return known;
  }

  function lineFor(run: string): RunLine | undefined {
    return runs.lines.find(({ folder }) => folder === run);
  }

  function elementsOf(level: Level): Element[] {
    const inside = level.groups.map((group) => groups.get(group.id)!.element);
    return [...inside, ...level.runs.map((line) => elementOf(line.folder))];
  }

  /** VS Code knows an element by identity, so one that is there still is used again. */
  function keepGroups(level: Level) {
    const kept: typeof groups = new Map();
    const visit = (group: Group) => {
      const element = groups.get(group.id)?.element ?? { group: group.id, runs: [] };
      Object.assign(element, { runs: group.lines.map((line) => line.folder) });
      kept.set(group.id, { element, group });
      group.groups.forEach(visit);
    };
    level.groups.forEach(visit);
    groups = kept;
  }

  /** The queue, then what the filter leaves, in its order; what is no run any more is not looked through. */
  function shown(): Element[] {
    const { lines, list, queue } = runs;
    const { filter, order, groups: by } = arrangement;
    const found = lines.filter((line) => isFound(line, wordsOf(line), filter));
    const others = filter === '' ? [...list.damaged, ...list.vanished] : [];
    tellArrangement(found.length, lines.length);
    const level = grouped(inOrder(found, order), by);
    keepGroups(level);
    return [
      ...queue.items.map((item) => waitingOf(item.folder)),
      ...elementsOf(level),
      ...others.map(({ run }) => elementOf(run)),
    ];
  }

  function tellArrangement(found: number, all: number) {
    const { filter, order } = arrangement;
    const message = filter === '' ? '' : l10n.t('{0} of {1} runs match “{2}”.', found, all, filter);
    const label = columns[order.by].label();
    const isUsual = order.by === usualOrder.by && !order.isReversed;
    const description = isUsual ? '' : `${order.isReversed ? '↑' : '↓'} ${label}`;
    // Each is a message to the window.
    if (view.message !== message) view.message = message;
    if (view.description !== description) view.description = description;
  }

  const provider: TreeDataProvider<Element> = {
    onDidChangeTreeData: changes.event,
    async getChildren(element) {
      if (element) {
        const known = 'group' in element ? groups.get(element.group) : undefined;
        return known === undefined ? [] : elementsOf(known.group);
      }
      await loaded();
      return shown();
    },
    getParent: () => undefined,
    getTreeItem(element) {
      format ??= formatFor(env.language);
      if ('queued' in element) return queuedItem(element, runs.queue.items);
      if ('group' in element) {
        const known = groups.get(element.group);
        return known === undefined
          ? new TreeItem('')
          : groupItem(known.group, format, arrangement.filter !== '');
      }
      const line = lineFor(element.run);
      const isCompared =
        runs.compared.length > 0 &&
        [runs.current, ...runs.compared].some((run) => run?.folder === element.run);
      if (line) return runItem(element, line, { isCompared, format, arrangement });
      const isOf = ({ run }: RunTarget) => run === element.run;
      const vanished = runs.list.vanished.find(isOf);
      return vanished
        ? vanishedItem(element, vanished)
        : damagedItem(element, runs.list.damaged.find(isOf));
    },
    async resolveTreeItem(item, element) {
      if ('queued' in element) {
        const queued = runs.queue.items.find(({ folder }) => folder === element.queued);
        if (queued) item.tooltip = await queuedTooltip(queued);
        return item;
      }
      if ('group' in element) return item;
      const line = lineFor(element.run);
      if (line && format) item.tooltip = runTooltip(line, format, Date.now());
      return item;
    },
  };

  const view = window.createTreeView('rnnLab.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });

  /** The first look reads all runs, which starts the engine: not before somebody looks. */
  let loading: Promise<void> | undefined;
  const watching = new Map<string, ReturnType<typeof watchRuns>>();
  function watchHomes() {
    const all = [folder, ...homes.folders];
    for (const [home, watcher] of watching) {
      if (all.includes(home)) continue;
      watcher.dispose();
      watching.delete(home);
    }
    for (const home of all.filter((each) => !watching.has(each))) {
      const watcher = watchRuns(home, (changed) => {
        void runs.list.refresh(changed).catch(failed);
        void runs.queue.load();
      });
      watching.set(home, watcher);
    }
  }

  function loaded(): Promise<void> {
    loading ??= load();
    return loading;
  }

  async function load() {
    await homes.look();
    watchHomes();
    await runs.list.load().catch(failed);
  }

  /** Notebooks that were opened, or have begun their first run. */
  function followHomes() {
    if (loading === undefined) return;
    watchHomes();
    runs.foldersChanged();
    void runs.list.load().catch(failed);
  }

  const updateAll = throttle(() => changes.fire(undefined), 100);
  const updateLive = throttle(() => {
    if (!view.visible || !runs.trained) return;
    // Its place may be another one now.
    const isStill = arrangement.order.by === usualOrder.by && arrangement.filter === '';
    changes.fire(isStill ? elementOf(runs.trained.folder) : undefined);
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

  const polling = setInterval(() => void poll(), pollInterval).unref();
  const aging = setInterval(() => {
    if (view.visible) updateAll();
  }, ageInterval).unref();
  const following = Disposable.from(
    runs.onDidChange(follow),
    homes.onDidChange(followHomes),
    arrangement.onDidChange(() => {
      void commands.executeCommand('setContext', 'rnnLab.runsFiltered', arrangement.filter !== '');
      updateAll();
    }),
  );

  return {
    arrangement,
    inFocus: () => inFocus(view),
    dispose() {
      clearInterval(polling);
      clearInterval(aging);
      updateAll.dispose();
      updateLive.dispose();
      watching.forEach((watcher) => watcher.dispose());
      Disposable.from(following, view, arrangement, changes).dispose();
    },
  };
}

type Element = RunTarget | QueuedTarget | GroupTarget;

/** Within the group of its experiment a run need not say its name once more. */
function nameWithin({ name, summary: { experiment } }: RunLine, { groups }: Arrangement): string {
  const lead = `${experiment ?? ''}: `;
  return groups.includes('experiment') && experiment !== null && name.startsWith(lead)
    ? name.slice(lead.length)
    : name;
}

/** What a run is found by beside its names and settings. */
function wordsOf({ phase, summary: { task } }: RunLine): string {
  return [phaseText(phase), ...(task === null ? [] : [translated(task.line)])].join('\n');
}

/** How a run is shown. */
interface Look {
  readonly isCompared: boolean;
  readonly format: Format;
  readonly arrangement: Arrangement;
}

function runItem(element: RunTarget, line: RunLine, look: Look): TreeItem {
  const { isCompared, format, arrangement } = look;
  const { phase, summary } = line;
  const name = nameWithin(line, arrangement);
  const item = new TreeItem(name);
  item.id = element.run;
  item.iconPath = phaseIcon(phase);
  const texts = told(line, arrangement.columns, format);
  item.description = [...(isCompared ? ['⇄'] : []), ...texts].join(' · ');
  item.contextValue = contextOf(line);
  item.command = { command: 'rnnLab.openRun', title: l10n.t('Open run'), arguments: [element] };
  const loss = lossOf(line);
  item.accessibilityInformation = spoken([
    name,
    phaseOf(line),
    line.step > 0 ? l10n.t('step {0}', format.count(line.step)) : '',
    loss === undefined || summary.task !== null
      ? leadingText(line.scores, format)
      : l10n.t('loss {0} nats per token', format.loss(loss)),
    isCompared ? l10n.t('compared') : '',
    age(summary.changed, Date.now(), env.language, 'long'),
    ...summary.tags,
  ]);
  return item;
}

/** What the `when` clauses of the menus ask for, as words: `run live paused canSample`. */
function contextOf(line: RunLine): string {
  const { phase, canSample, canPredict, canContinue, canDebugStep } = line;
  return [
    'run',
    ...(isLive(line) ? ['live'] : []),
    ...(phase === 'paused' ? ['paused'] : []),
    ...(phase === 'elsewhere' ? ['elsewhere'] : ['own']),
    ...(canSample ? ['canSample'] : []),
    ...(canPredict ? ['canPredict'] : []),
    ...(canContinue ? ['canContinue'] : []),
    ...(canDebugStep ? ['canDebugStep'] : []),
  ].join(' ');
}

/** Of a run whose folder somebody has moved or removed. */
function vanishedItem(element: RunTarget, summary: RunSummary): TreeItem {
  const name = nameOf(summary);
  const item = new TreeItem(name);
  const message = vanishedText(element.run);
  item.id = element.run;
  item.iconPath = phaseIcon('vanished');
  item.description = phaseText('vanished');
  item.tooltip = new MarkdownString().appendText(message);
  item.contextValue = 'vanished';
  item.accessibilityInformation = spoken([name, phaseText('vanished'), message]);
  return item;
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
