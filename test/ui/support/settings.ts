import fs from 'node:fs';
import path from 'node:path';

/**
 * Sets a setting of a VS Code that runs, by its file.
 *
 * @param data the folder of the VS Code's state
 */
export async function setSetting(data: string, key: string, value: unknown): Promise<void> {
  const file = path.join(data, 'data/Machine/settings.json');
  const settings = await readWhole(file);
  const written = `${file}.new`;
  fs.writeFileSync(written, JSON.stringify({ ...settings, [key]: value }));
  fs.renameSync(written, file);
}

/** VS Code writes the file too: what it has not written to its end is read again. */
async function readWhole(file: string): Promise<Record<string, unknown>> {
  for (let tries = 0; ; tries++) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof SyntaxError) || tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
