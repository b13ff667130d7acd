import assert from 'node:assert/strict';
import type { RunLine } from '../../../src/host/runs/line';
import { targetRuns } from '../../../src/host/runs/target';
import { grouped, type Level } from '../../../src/host/views/groups';
import { isFound } from '../../../src/host/views/order';

function line(folder: string, experiment: string | null, name: string): RunLine {
  const summary = { name, source: `/t/${name}`, experiment, cell: 'gru', tags: [], note: '' };
  return { folder, name: folder, summary: { ...summary, settings: {} } } as unknown as RunLine;
}

const lines = [
  line('/w/b.rnnlab.md.runs/1', 'sizes', 'fox.txt'),
  line('/store/runs/own', null, 'fox.txt'),
  line('/w/a.rnnlab.md.runs/2', 'sizes', 'cat.txt'),
  line('/w/b.rnnlab.md.runs/3', 'cells', 'fox.txt'),
  line('/w/b.rnnlab.md.runs/4', 'sizes', 'cat.txt'),
  // Begun by a version that did not keep the experiment.
  line('/w/b.rnnlab.md.runs/5', null, 'fox.txt'),
];

/** `a (b (1 2)) 3` */
function told({ groups, runs }: Level): string {
  return [
    ...groups.map((group) => `${group.name} (${told(group)})`),
    ...runs.map(({ folder }) => folder.split('/').at(-1)),
  ].join(' ');
}

describe('groups of runs', () => {
  it('are nested as they are chosen, each where the first of its runs stands', () => {
    assert.equal(told(grouped(lines, [])), '1 own 2 3 4 5');
    assert.equal(told(grouped(lines, ['notebook'])), 'b.rnnlab.md (1 3 4 5) a.rnnlab.md (2) own');
    assert.equal(
      told(grouped(lines, ['notebook', 'experiment'])),
      'b.rnnlab.md (sizes (1 4) cells (3) 5) a.rnnlab.md (sizes (2)) own',
    );
    assert.equal(told(grouped(lines, ['text'])), 'fox.txt (1 own 3 5) cat.txt (2 4)');
    // What is in no notebook is grouped by its text all the same.
    assert.equal(
      told(grouped(lines.slice(0, 3), ['notebook', 'text'])),
      'b.rnnlab.md (fox.txt (1)) a.rnnlab.md (cat.txt (2)) fox.txt (own)',
    );
  });

  it('of one name in two notebooks are two, and are known by the same as runs come and go', () => {
    const ids = (some: readonly RunLine[]) =>
      grouped(some, ['experiment']).groups.map(({ id }) => id);
    assert.equal(new Set(ids(lines)).size, 3);
    assert.deepEqual(ids(lines.slice(2)).toSorted(), ids(lines).toSorted());
    assert.deepEqual(
      grouped(lines, ['experiment']).groups.map(({ name, where }) => [name, where]),
      [
        ['sizes', 'b.rnnlab.md'],
        ['sizes', 'a.rnnlab.md'],
        ['cells', 'b.rnnlab.md'],
      ],
    );
  });

  it('stand for all their runs in menus, each once', () => {
    const group = { group: 'sizes', runs: ['/1', '/4'] };
    assert.deepEqual(targetRuns(group), ['/1', '/4']);
    assert.deepEqual(targetRuns(group, [group, { run: '/4' }, { run: '/7' }]), ['/1', '/4', '/7']);
  });

  it('are found by the names of notebooks and experiments', () => {
    const found = (wanted: string) => lines.filter((each) => isFound(each, '', wanted)).length;
    assert.equal(found('b.rnnlab.md'), 4);
    assert.equal(found('sizes a.rnnlab'), 1);
  });
});
