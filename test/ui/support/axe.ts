// The automatic checker of accessibility, inside a webview's frame.
import fs from 'node:fs';
import path from 'node:path';
import type axe from 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame } from 'playwright-core';
import { root } from './vscode';

/** What WCAG 2.1 asks at the levels A and AA, and what axe-core's authors hold to be good practice. */
const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
  resultTypes: ['violations'],
};

/**
 * @returns what breaks a rule of accessibility in the frame as it is now: a line for each rule and
 * element, with the reason
 */
export async function accessibilityViolations(frame: Frame): Promise<string[]> {
  // Evaluated from outside, it needs no exception from the page's content security policy.
  if (!(await frame.evaluate(() => 'axe' in window))) {
    await frame.evaluate(
      fs.readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'),
    );
  }
  const { violations } = await frame.evaluate<AxeResults, RunOptions>(
    (asked) => (window as unknown as { axe: typeof axe }).axe.run(document, asked),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => {
      const reason = (failureSummary ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
      return `${id}: ${target.flat().join(' ')}: ${reason}\n    ${html.slice(0, 160)}`;
    }),
  );
}
