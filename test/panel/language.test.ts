import assert from 'node:assert/strict';
import { englishIn, isEnglish } from './support/english';
import { usePanel } from './support/panel';
import { openTab, tabs } from './support/view';

const text = '白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n'.repeat(100);

describe('the panel in the display language zh-cn', () => {
  const panel = usePanel({ language: 'zh-cn' });

  it('is Chinese on the page that says how to begin', async () => {
    const { page } = panel;
    await page.locator('.welcome').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-cn');
    assert.deepEqual(await englishIn(page), []);
  });

  it('would be found out where it is not', () => {
    assert.ok(isEnglish('Training loss'));
    assert.ok(isEnglish('训练 at every step'));
    assert.ok(!isEnglish('训练损失 1.234 nats'));
  });

  it('is Chinese in what warns', async () => {
    const { page, host } = panel;
    await host.trainToEnd('短.txt', '白日依山尽，黄河入海流', 5);
    await page.locator('.warnings li').nth(1).waitFor();
    assert.deepEqual(await page.locator('.warnings li').allTextContents(), [
      '文本太短，无法留出其中的 10 %；全部 11 个词元都用于训练。',
      '文本有 11 个词元可供训练，不足以支持批次 8 和序列长度 16：改用批次 1 和序列长度 10。',
    ]);
    assert.deepEqual(await englishIn(page), []);
  });

  for (const tab of tabs) {
    it(`is Chinese behind the tab ${tab}`, async () => {
      const { page, host } = panel;
      if (host.runs.current?.facts.name !== '诗.txt') {
        await host.trainToEnd('诗.txt', text, 40, { 'inspection.observeEvery': 0.05 });
      }
      panel.edit('诗.txt', text).goTo(2, 5);
      await openTab(page, tab);
      await panel.answered();
      await page.locator(`#view-${tab} details`).evaluateAll((all) => {
        for (const details of all as HTMLDetailsElement[]) details.open = true;
      });
      await panel.settled();
      assert.deepEqual(await englishIn(page), []);
      await panel.screenshot(`zh-cn-${tab}`);
    });
  }
});
