// What a person sees in the panel's page, and does there.
import type { Locator, Page } from 'playwright-core';

/** The panel's tabs, in their order. */
export const tabs = [
  'loss',
  'hidden',
  'cursor',
  'gradients',
  'projector',
  'samples',
  'model',
  'worksheet',
] as const;

/** Of a model of examples one more. */
export type TabName = (typeof tabs)[number] | 'results';

/** Brings a tab to the front with the mouse and waits until its view has something to show. */
export async function openTab(page: Page, tab: TabName): Promise<void> {
  await page.locator(`#tab-${tab}`).click();
  await page.waitForFunction(
    (id) => document.getElementById(id)!.childElementCount > 0,
    `view-${tab}`,
  );
}

/** A figure of the panel by its name: `1.234`. */
export async function figure(page: Page, name: string): Promise<string> {
  const place = page.locator('.figure').filter({ has: page.getByText(name, { exact: true }) });
  return (await place.locator('.value').textContent()) ?? '';
}

/** Waits for a number of steps. */
export async function stepAtLeast(page: Page, least: number): Promise<void> {
  const value = page.locator('.figure', { has: page.getByText('Step', { exact: true }) });
  const shown = await value.locator('.value').elementHandle();
  await page.waitForFunction(
    ([element, wanted]) => Number(element.textContent.replaceAll(',', '')) >= wanted,
    [shown, least] as const,
  );
}

/** A number as it is shown, `12,345`, as a number. */
export function numberOf(shown: string | undefined): number {
  return Number((shown ?? '').replaceAll(',', ''));
}

/** Chooses from a list with the mouse. */
export async function choose(page: Page, list: string, option: string): Promise<void> {
  await page.locator(`#${list}`).click();
  await page.locator(`#${list} [role="option"]`).getByText(option, { exact: true }).click();
}

/** What a picture says at its cursor. */
export async function spoken(picture: Locator): Promise<string> {
  return (await picture.getAttribute('aria-valuetext')) ?? '';
}

/** The texts of a table's rows. */
export function rowsOf(table: Locator): Promise<string[][]> {
  return table
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
}

/** Opens a table below a picture and reads it. */
export async function openTable(details: Locator): Promise<string[][]> {
  await details.locator('summary').press('Enter');
  await details.locator('tbody tr').first().waitFor();
  return rowsOf(details);
}
