import assert from 'node:assert/strict';
import { misplaced } from './support/layout';
import { usePanel } from './support/panel';
import { openTab, tabs } from './support/view';

const texts = {
  'Chinese and emoji, characters joined by some that cannot be seen': {
    text: '春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。👩‍💻 ok 😀😃\n'.repeat(120),
    settings: { 'model.cell': 'lstm', 'model.layers': 2 },
    language: 'zh-cn',
    widths: [350, 1100],
  },
  'long lines of words': {
    text: 'incomprehensibilities of internationalisation, notwithstanding, were it. '.repeat(300),
    settings: { 'model.cell': 'gru', 'data.tokenizer': 'word' },
    language: 'en',
    widths: [350, 570, 2100],
  },
};

for (const [name, { text, settings, language, widths }] of Object.entries(texts)) {
  describe(`every view of a text of ${name}`, () => {
    const panel = usePanel({ language });

    before(async () => {
      const observed = { 'inspection.observeEvery': 0.05, 'inspection.sampleEvery': 0.2 };
      await panel.host.trainToEnd('some.txt', text, 120, { ...settings, ...observed });
      panel.edit('other.txt', text).goTo(1, 24);
    });

    for (const width of widths) {
      it(`has room for all its texts at ${String(width)} pixels`, async () => {
        const { page } = panel;
        await page.setViewportSize({ width, height: 900 });
        for (const tab of tabs) {
          await openTab(page, tab);
          if (tab === 'cursor') {
            await page.locator('.cursor-pictures:not(.waiting)').waitFor({ timeout: 10_000 });
          }
          await panel.answered();
          for (const figure of await page.locator(`#view-${tab} .figure-frame:visible`).all()) {
            await figure.scrollIntoViewIfNeeded();
          }
          await panel.settled();
          assert.deepEqual(await misplaced(page, '.page'), [], tab);
          await panel.screenshot(`layout-${language}-${tab}-${String(width)}`);
        }
      });
    }
  });
}
