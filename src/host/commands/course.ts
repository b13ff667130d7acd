import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { env, l10n, Uri, window, workspace } from 'vscode';
import type { Lab } from '../lab';
import { exists } from '../runs/folder';
import { back, choose } from './ask';

interface Lesson {
  readonly file: string;
  /** `1. What is recurrent` */
  readonly title: string;
  /** How long it takes. */
  readonly detail: string;
}

/**
 * Open the course…: a lesson, as a copy that can be changed and run, beside copies of the samples that it learns from.
 *
 * @param name which one begins so, where a link of the walkthrough says it: `01`; else it is asked for
 */
export async function openCourse(lab: Pick<Lab, 'extension' | 'storage'>, name: unknown) {
  const shipped = Uri.joinPath(lab.extension, 'media').fsPath;
  const named = typeof name === 'string' ? name : undefined;
  const all = await lessonsIn(path.join(shipped, 'course'));
  const file =
    all.find((lesson) => named !== undefined && lesson.file.startsWith(named))?.file ??
    (await choose<string>({
      title: l10n.t('Open the course'),
      placeholder: l10n.t('Which lesson?'),
      choices: all.map(({ title, detail, file: value }) => ({ label: title, detail, value })),
      isActive: (value) => value === all[0]?.file,
      canGoBack: false,
    }));
  if (file === undefined || file === back) return;
  const copy = await copyOf(shipped, lab);
  const uri = Uri.file(path.join(copy, 'course', file));
  await window.showNotebookDocument(await workspace.openNotebookDocument(uri));
}

/** The lessons in the display language, in their order. */
async function lessonsIn(folder: string): Promise<readonly Lesson[]> {
  const isChinese = env.language.toLowerCase().startsWith('zh');
  const files = (await fs.readdir(folder))
    .filter((file) => /^\d\d-.*\.rnnlab\.md$/.test(file))
    .filter((file) => file.endsWith('.zh-cn.rnnlab.md') === isChinese)
    .toSorted();
  return await Promise.all(
    files.map(async (file) => {
      const text = await fs.readFile(path.join(folder, file), 'utf8');
      const [, title = file] = /^# (.+)$/m.exec(text) ?? [];
      const [, detail = ''] = /^_(.+)_$/m.exec(text) ?? [];
      return { file, title, detail };
    }),
  );
}

/**
 * The folder of the copies, as `media` has them; what is there stays as it was left. A version of RNN Lab has its own, as
 * its folder is named by it.
 */
async function copyOf(shipped: string, { extension, storage }: Pick<Lab, 'extension' | 'storage'>) {
  const whole = path.join(storage.fsPath, 'course', path.basename(extension.fsPath));
  if (await exists(whole)) return whole;
  const half = `${whole}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    for (const name of ['course', 'samples']) {
      await fs.cp(path.join(shipped, name), path.join(half, name), {
        recursive: true,
        // In a clone, whoever ran a lesson there has its runs beside it.
        filter: (file) => !file.endsWith('.runs'),
      });
    }
    await fs.rename(half, whole);
  } catch (error) {
    await fs.rm(half, { recursive: true, force: true });
    // Another window may have made it meanwhile.
    if (!(await exists(whole))) throw error;
  }
  return whole;
}
