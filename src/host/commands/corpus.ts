/** Files that are learnt as one text. */
import * as path from 'node:path';
import { l10n, Uri } from 'vscode';
import { globOf } from '../../core/data/globs';
import { UserError } from '../notify';
import type { KeptDocument } from '../runs/folder';

/**
 * Files and folders as one text: their common folder, of which they alone are read.
 *
 * @throws UserError where one is not on this computer, or they are on several disks
 */
export function corpusOf(uris: readonly Uri[]): KeptDocument {
  const other = uris.find(({ scheme }) => scheme !== 'file');
  if (other) {
    throw new UserError(
      l10n.t(
        '{0} is not on this computer. Save it here, and train on that.',
        path.posix.basename(other.path),
      ),
    );
  }
  const paths = uris.map(({ fsPath }) => fsPath);
  const folder = paths.map((file) => path.dirname(file)).reduce(commonFolder);
  const include = paths.map((file) =>
    globOf(path.relative(folder, file).split(path.sep).join('/')),
  );
  return {
    uri: Uri.file(folder).toString(),
    name: l10n.t('{0} ({1} files)', path.basename(folder), include.length),
    path: folder,
    overrides: { format: 'text', include },
  };
}

/** The nearest folder that both are in. */
function commonFolder(a: string, b: string): string {
  let folder = a;
  while (path.relative(folder, b).startsWith('..')) folder = path.dirname(folder);
  if (path.isAbsolute(path.relative(folder, b))) {
    throw new UserError(
      l10n.t('The files are on several disks. Put them into one folder, and train on that.'),
    );
  }
  return folder;
}
