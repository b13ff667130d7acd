// The automatic checker of accessibility, inside the panel's page.
import fs from 'node:fs';
import path from 'node:path';
import type axe from 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** What WCAG 2.1 asks at the levels A and AA, and what axe-core's authors hold to be good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/**
 * @param rules those that are asked for alone; default: all
 * @returns what breaks a rule of accessibility in the page as it is now: a line for each rule and
 * element, with the reason
 */
export async function accessibilityViolations(
  page: Page,
  rules?: readonly string[],
): Promise<string[]> {
  // Evaluated from outside, it needs no exception from the page's content security policy.
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(fs.readFileSync(path.resolve('node_modules/axe-core/axe.min.js'), 'utf8'));
  }
  const { violations } = await page.evaluate<AxeResults, RunOptions>(
    (asked) => (window as unknown as { axe: typeof axe }).axe.run(document, asked),
    { runOnly: [...(rules ?? tags)], resultTypes: ['violations'] },
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => {
      const reason = (failureSummary ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
      return `${id}: ${target.flat().join(' ')}: ${reason}\n    ${html.slice(0, 160)}`;
    }),
  );
}
