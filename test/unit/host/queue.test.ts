import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createQueue } from '../../../src/host/runs/queue';

describe('the queue of trainings', () => {
  let parent: string;
  let changes = 0;
  const open = () => createQueue(parent, () => changes++);

  beforeEach(() => {
    parent = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-queue-'));
    changes = 0;
  });
  afterEach(() => fs.rmSync(parent, { recursive: true }));

  /** The folder of a run that has not begun, or of one that has. */
  function folder(name: string, isRun = false): string {
    const made = path.join(parent, name);
    fs.mkdirSync(made);
    fs.writeFileSync(path.join(made, 'document.json'), '{}');
    if (isRun) fs.writeFileSync(path.join(made, 'run.json'), '{}');
    return made;
  }

  const order = (name: string) => ({
    name,
    settings: { 'training.steps': 5, 'model.cell': 'gru' },
    cell: { name: 'my.rnn', source: 's[t] = tanh(U x[t])' },
    continues: false,
  });
  const namesOf = ({ items }: ReturnType<typeof open>) => items.map(({ name }) => name).join(' ');

  it('keeps what is to be trained and in which order, also for who opens it later', async () => {
    const queue = open();
    for (const name of ['a', 'b', 'c']) await queue.add(folder(name), order(name));
    assert.equal(namesOf(queue), 'a b c');
    const [, b, c] = queue.items;
    await queue.move(c!.folder, -1);
    await queue.move(c!.folder, -1);
    // Already at the front.
    await queue.move(c!.folder, -1);
    assert.equal(namesOf(queue), 'c a b');
    await queue.move(b!.folder, 1);
    assert.equal(namesOf(queue), 'c a b');
    const later = open();
    await later.load();
    assert.equal(namesOf(later), 'c a b');
    const [first] = later.items;
    const kept = { ...order('c'), folder: path.join(parent, 'c'), place: first?.place };
    assert.deepEqual(first, kept);
  });

  it('takes out the folder of a run that never began, and leaves one that has', async () => {
    const queue = open();
    const [fresh, begun] = [folder('fresh'), folder('begun', true)];
    for (const each of [fresh, begun]) await queue.add(each, order(path.basename(each)));
    await queue.remove(fresh);
    await queue.remove(begun);
    assert.equal(namesOf(queue), '');
    assert.deepEqual(
      [fs.existsSync(fresh), fs.readdirSync(begun).toSorted()],
      [false, ['document.json', 'run.json']],
    );
  });

  it('gives each training to one window only', async () => {
    const [one, other] = [open(), open()];
    const run = folder('a');
    await one.add(run, order('a'));
    await other.load();
    const taken = await Promise.all([one.take(run), other.take(run)]);
    assert.deepEqual(taken.toSorted(), [false, true]);
    assert.deepEqual([namesOf(one), namesOf(other)], ['', '']);
    assert.ok(fs.existsSync(run));
  });

  it('leaves out what cannot be read, and tells of nothing that is as it was', async () => {
    const queue = open();
    await queue.add(folder('a'), order('a'));
    fs.writeFileSync(path.join(folder('damaged'), 'queued.json'), '{"name":1}');
    assert.equal(changes, 1);
    await queue.load();
    assert.equal(namesOf(queue), 'a');
    assert.equal(changes, 1);
  });
});
