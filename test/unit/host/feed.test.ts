import assert from 'node:assert/strict';
import { createFeed, type Feed } from '../../../src/host/panel/feed';
import { evaluationsOf, metricsColumns, toColumns } from '../../../src/protocol/history';
import type { ToPanel } from '../../../src/protocol/panel';

const id = '/runs/1';

/** A page that draws when it is told to, in a time of its own. */
function setUp() {
  const posted: ToPanel[] = [];
  let time = 0;
  let waiting: { readonly action: () => void; readonly at: number } | undefined;
  const feed: Feed = createFeed({
    post: (message) => posted.push(message),
    restart: () => {
      const nothing = { run: null, preparing: null, compared: [] };
      feed.send({ type: 'hydrate', locale: 'en', texts: {}, ...nothing });
    },
    now: () => time,
    later(action, milliseconds) {
      waiting = { action, at: time + milliseconds };
      return () => (waiting = undefined);
    },
  });
  return {
    feed,
    posted,
    pass(milliseconds: number) {
      time += milliseconds;
      if (waiting === undefined || waiting.at > time) return;
      const { action } = waiting;
      waiting = undefined;
      action();
    },
    addRow(step: number, of = id) {
      const one = { ...Object.fromEntries(metricsColumns.map((name) => [name, 1])), step };
      const metrics = toColumns(metricsColumns, one as Parameters<typeof toColumns>[1]);
      feed.add(of, { kind: 'rows', metrics, evaluations: evaluationsOf([]) });
    },
    /** Steps of the rows in each message that was posted. */
    steps: () =>
      posted.map((message) =>
        message.type === 'append' ? [...message.metrics.step] : message.type,
      ),
  };
}

const compared: ToPanel = { type: 'compared', compared: [] };

describe('the feed of the panel', () => {
  it('sends one message at a time, and all that came meanwhile in the next', () => {
    const { feed, addRow, pass, steps } = setUp();
    for (let step = 1; step <= 4; step++) addRow(step);
    assert.deepEqual(steps(), [[1]]);
    pass(20);
    feed.drawn();
    pass(50);
    assert.deepEqual(steps(), [[1], [2, 3, 4]]);
    pass(20);
    feed.drawn();
    pass(50);
    assert.deepEqual(steps(), [[1], [2, 3, 4]]);
    addRow(5);
    assert.deepEqual(steps(), [[1], [2, 3, 4], [5]]);
  });

  it('leaves a slow page as much time as its drawing took', () => {
    const { feed, addRow, pass, steps } = setUp();
    addRow(1);
    addRow(2);
    pass(400);
    feed.drawn();
    pass(399);
    assert.deepEqual(steps(), [[1]]);
    pass(1);
    assert.deepEqual(steps(), [[1], [2]]);
  });

  it('sends other messages at once, after what was there before them', () => {
    const { feed, addRow, steps } = setUp();
    addRow(1);
    addRow(2);
    feed.send(compared);
    addRow(3);
    assert.deepEqual(steps(), [[1], [2], 'compared']);
  });

  it('sends the whole state where the page has fallen too far behind', () => {
    const { feed, addRow, pass, posted, steps } = setUp();
    for (let step = 1; step <= 2000; step++) addRow(step);
    feed.send(compared);
    assert.deepEqual(steps(), [[1], 'compared']);
    feed.drawn();
    pass(50);
    assert.deepEqual(posted.at(-1)!.type, 'hydrate');
    addRow(2001);
    assert.equal(posted.length, 3);
    feed.drawn();
    pass(50);
    assert.deepEqual(steps().at(-1), [2001]);
  });

  it('forgets what was of another run', () => {
    const { feed, addRow, pass, posted } = setUp();
    addRow(1);
    addRow(2);
    addRow(7, '/runs/2');
    feed.drawn();
    pass(50);
    const last = posted.at(-1)!;
    assert.ok(last.type === 'append' && last.id === '/runs/2');
    assert.deepEqual([...last.metrics.step], [7]);
  });
});
