import fs from 'node:fs';
import path from 'node:path';
import peggy from 'peggy';

/**
 * An esbuild plugin: `import { parse } from './grammar.peggy'` compiles the grammar to a parser.
 *
 * @returns {import('esbuild').Plugin}
 */
export function peggyPlugin() {
  return {
    name: 'peggy',
    setup(build) {
      build.onLoad({ filter: /\.peggy$/ }, ({ path: file }) => {
        const text = fs.readFileSync(file, 'utf8');
        try {
          const contents = peggy.generate(text, {
            output: 'source',
            format: 'es',
            grammarSource: file,
          });
          return { contents, loader: 'js', resolveDir: path.dirname(file), watchFiles: [file] };
        } catch (error) {
          return { errors: [describe(error, file, text)], watchFiles: [file] };
        }
      });
    },
  };
}

/**
 * @param {any} error peggy's, with a `location` where the grammar has a mistake
 * @param {string} file
 * @param {string} text
 * @returns {import('esbuild').PartialMessage}
 */
function describe(error, file, text) {
  const start = error?.location?.start;
  return {
    text: String(error?.message ?? error),
    location: start
      ? {
          file,
          line: start.line,
          column: start.column - 1,
          lineText: text.split('\n')[start.line - 1] ?? '',
        }
      : null,
  };
}
