import assert from 'node:assert/strict';
import { usePanel } from './support/panel';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);

describe('a training whose numbers went wrong', () => {
  const panel = usePanel();

  before(() =>
    panel.host.trainToEnd('times.txt', text, 500, {
      'training.optimizer': 'sgd',
      'training.learningRate': 1000,
      'training.clip': 0,
      'training.weightDecay': 10,
      'training.schedule': 'constant',
    }),
  );

  it('says so, and leads to the step in the debugger, by keyboard', async () => {
    const { page, host } = panel;
    const message = page.locator('.header .message');
    await message.waitFor();
    assert.match((await message.textContent()) ?? '', /not a finite number at step \d+/);
    await message.getByRole('button', { name: 'Debug the step that failed' }).focus();
    await page.keyboard.press('Enter');
    await panel.settled();
    assert.equal(host.asked.commands.at(-1), 'debugFailedStep');
    assert.equal(host.errors.splice(0).length, 1);
  });
});
