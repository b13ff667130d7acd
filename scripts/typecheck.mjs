// npm run typecheck: the types of every folder, again only of what has changed. `npm run lint` checks them too, from scratch.
import path from 'node:path';
import { findFiles, root } from './build/files.mjs';
import { runNode } from './run.mjs';

/** Every folder with a tsconfig.json of its own, and the root: one run, as they share files. */
const folders = [
  '.',
  ...['scripts', 'src', 'test', 'webview'].flatMap((folder) =>
    findFiles(path.join(root, folder), 'tsconfig.json').map((file) =>
      path.relative(root, path.dirname(file)).replaceAll('\\', '/'),
    ),
  ),
];

process.exitCode = await runNode(['node_modules/typescript-native/bin/tsc', '--build', ...folders]);
