import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Format } from '../../protocol/format';
import { spoken } from '../accessible';
import type { Group, GroupName } from './groups';
import { lossOf } from './order';

const icons: Record<GroupName, string> = {
  notebook: 'notebook',
  experiment: 'beaker',
  text: 'file',
};

/** The line of a group: how many runs it has, and the best loss where all have learnt the same text. */
export function groupItem(group: Group, format: Format, isFiltered: boolean): TreeItem {
  const { by, id, name, where, lines, groups } = group;
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  // Of a filter one wants to see what it has found; VS Code keeps what a line was by its id.
  const item = new TreeItem(name, isFiltered ? Expanded : Collapsed);
  item.id = isFiltered ? `found ${id}` : id;
  item.iconPath = new ThemeIcon(icons[by]);
  const count = lines.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', lines.length);
  const best = bestOf(group);
  const told = best === undefined ? '' : l10n.t('best {0}', format.loss(best));
  const notebook = by === 'experiment' && !id.startsWith('notebook') ? where : '';
  item.description = [notebook, count, told].filter((text) => text !== '').join(' · ');
  item.tooltip = by === 'notebook' ? `${where}/${name}` : name;
  item.contextValue = 'group own';
  item.accessibilityInformation = spoken([
    name,
    count,
    told,
    groups.length > 0 ? l10n.t('{0} groups', groups.length) : '',
  ]);
  return item;
}

/** Nats per token of one text say nothing beside those of another. */
function bestOf({ lines }: Group): number | undefined {
  const texts = new Set(lines.map(({ summary: { source, name } }) => source ?? name));
  const losses = lines.flatMap((line) => {
    const loss = line.summary.task === null ? lossOf(line) : undefined;
    return loss === undefined ? [] : [loss];
  });
  return texts.size === 1 && losses.length > 0 ? Math.min(...losses) : undefined;
}
