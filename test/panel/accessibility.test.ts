import assert from 'node:assert/strict';
import { accessibilityViolations } from './support/axe';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { openTab, tabs } from './support/view';

const text = 'It is a far, far better thing that I do, than I have ever done.\n'.repeat(200);

describe('no rule of accessibility is broken', () => {
  const panel = usePanel();

  /** All rules in one theme; what a theme can change, in all of them. */
  async function check(): Promise<void> {
    const found = await accessibilityViolations(panel.page);
    for (const kind of themeKinds) {
      await panel.theme(kind);
      const violations = await accessibilityViolations(panel.page, ['color-contrast']);
      found.push(...violations.map((violation) => `${kind}: ${violation}`));
    }
    assert.equal(found.join('\n'), '');
  }

  it('on the page that says how to begin', async () => {
    await panel.page.locator('.welcome').waitFor();
    await check();
  });

  it('and one that were broken would be found', async () => {
    const { page } = panel;
    await page.evaluate(() => {
      const pale = document.createElement('p');
      pale.textContent = 'pale';
      pale.style.cssText = 'color: #777; background: #888';
      document.body.append(document.createElement('img'), pale);
    });
    const violations = await accessibilityViolations(page);
    await page.evaluate(() => {
      for (const broken of document.querySelectorAll('body > img, body > p')) broken.remove();
    });
    assert.match(violations.join('\n'), /^image-alt: /m);
    assert.match(violations.join('\n'), /^color-contrast: /m);
  });

  it('while the engine prepares', async () => {
    const { page, host } = panel;
    const begun = host.train('cities.txt', text);
    await host.until(() => host.runs.preparing !== undefined);
    const release = panel.hold();
    await page.locator('[aria-busy="true"]', { hasText: 'cities.txt' }).waitFor();
    await check();
    release();
    await begun;
  });

  it('while a model trains', async () => {
    await panel.page.locator('.plot canvas').first().waitFor();
    await check();
    await panel.host.runs.stop();
    await panel.page.locator('.phase[data-phase="stopped"]').waitFor();
  });

  for (const tab of tabs) {
    it(`behind the tab ${tab}`, async () => {
      panel.edit('cities.txt', text).goTo(3, 9);
      await openTab(panel.page, tab);
      await panel.answered();
      await check();
      // With its tables and its help, too.
      const setOpen = async (open: boolean) => {
        await panel.page.locator(`#view-${tab} details`).evaluateAll((all, wanted) => {
          for (const details of all as HTMLDetailsElement[]) details.open = wanted;
        }, open);
        await panel.settled();
      };
      await setOpen(true);
      assert.equal((await accessibilityViolations(panel.page)).join('\n'), '');
      await setOpen(false);
    });
  }
});
