// The settings of a VS Code that runs, by their file.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { until } from './wait';

type Settings = Readonly<Record<string, unknown>>;

/** @param data the folder of the VS Code's state */
export async function readSettings(data: string): Promise<Settings> {
  // VS Code writes the file too: what it has not written to its end is read again.
  for (let tries = 0; ; tries++) {
    try {
      return JSON.parse(fs.readFileSync(fileOf(data), 'utf8')) as Settings;
    } catch (error) {
      if (!(error instanceof SyntaxError) || tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

let changes = 0;

/**
 * Writes all settings, and waits until they hold: the window's title is one of them, and what is seen of it is known
 * to the extension host before the next command comes there.
 *
 * @param data the folder of the VS Code's state
 */
export async function writeSettings(page: Page, data: string, settings: Settings): Promise<void> {
  const title = `change ${++changes}`;
  const text = JSON.stringify({ ...settings, 'window.title': title });
  let polls = 0;
  await until('the settings hold', async () => {
    // A change that comes while VS Code still reads the one before is overlooked: then it is made again.
    if (polls++ % 60 === 0) {
      fs.writeFileSync(`${fileOf(data)}.new`, text);
      fs.renameSync(`${fileOf(data)}.new`, fileOf(data));
    }
    return (await page.title()).endsWith(title);
  });
}

/** As `writeSettings`, of one of them. */
export async function setSetting(
  page: Page,
  data: string,
  key: string,
  value: unknown,
): Promise<void> {
  await writeSettings(page, data, { ...(await readSettings(data)), [key]: value });
}

function fileOf(data: string): string {
  return path.join(data, 'data/Machine/settings.json');
}
