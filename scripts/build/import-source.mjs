import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './files.mjs';

/**
 * What a module exports that is written in TypeScript, for a script that uses the product's own code.
 *
 * @param {string} contents its imports are relative to src
 * @returns {Promise<any>}
 */
export async function importSource(contents) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: path.join(root, 'src') },
    bundle: true,
    format: 'esm',
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}
