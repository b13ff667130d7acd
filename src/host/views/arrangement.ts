import { EventEmitter, type Event, type Memento } from 'vscode';
import { groupNames, type GroupName } from './groups';
import { columnNames, type ColumnName, type Order } from './order';

/** How the Runs view shows runs. */
export interface Arrangement {
  /** What its lines tell, in this order. */
  readonly columns: readonly ColumnName[];
  readonly order: Order;
  /** What they are grouped by, from the outside in; empty: they are not. */
  readonly groups: readonly GroupName[];
  /** Words that a run must have to be shown; empty: all are. */
  readonly filter: string;
  /** All but the filter is kept for this workspace. */
  set(change: Partial<Pick<Arrangement, 'columns' | 'order' | 'groups' | 'filter'>>): void;
  readonly onDidChange: Event<void>;
  dispose(): void;
}

const memory = { columns: 'runs.columns', order: 'runs.order', groups: 'runs.groups' };

export function createArrangement(memento: Memento): Arrangement {
  const changes = new EventEmitter<void>();
  const isKnown = (name: ColumnName) => columnNames.includes(name);
  const keptOrder = memento.get<Order>(memory.order);
  let columns = memento.get<ColumnName[]>(memory.columns, ['loss', 'age', 'tags']).filter(isKnown);
  let order = keptOrder && isKnown(keptOrder.by) ? keptOrder : usualOrder;
  const isGroup = (name: GroupName) => groupNames.includes(name);
  let groups = memento.get<GroupName[]>(memory.groups, ['notebook', 'experiment']).filter(isGroup);
  let filter = '';
  return {
    get columns() {
      return columns;
    },
    get order() {
      return order;
    },
    get groups() {
      return groups;
    },
    get filter() {
      return filter;
    },
    set(change) {
      columns = [...(change.columns ?? columns)];
      order = change.order ?? order;
      groups = [...(change.groups ?? groups)];
      filter = (change.filter ?? filter).trim();
      if (change.columns) void memento.update(memory.columns, columns);
      if (change.order) void memento.update(memory.order, order);
      if (change.groups) void memento.update(memory.groups, groups);
      changes.fire();
    },
    onDidChange: changes.event,
    dispose: () => changes.dispose(),
  };
}

/** The newest first. */
export const usualOrder: Order = { by: 'age', isReversed: false };
