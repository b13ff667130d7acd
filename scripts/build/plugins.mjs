// What bundles share, leave out or have otherwise than it is written.
import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './files.mjs';

/**
 * The kernels' binaries are in one file for all that load them.
 *
 * @type {esbuild.Plugin}
 */
export const sharedKernels = {
  name: 'shared-kernels',
  setup(build) {
    build.onResolve({ filter: /^\.\/builds$/ }, ({ importer }) =>
      /[\\/]core[\\/]kernels[\\/]loader\.ts$/.test(importer)
        ? { path: './kernels.js', external: true, sideEffects: false }
        : undefined,
    );
  },
};

/** Packages that several bundles need are in a file of their own each, made beside the engine, of CommonJS as they are. */
export const packages = ['markdown-it', 'papaparse', 'picomatch', 'yaml'];

/** @type {esbuild.Plugin} */
export const sharedPackages = {
  name: 'shared-packages',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${packages.join('|')})$`) }, ({ path: name, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${name}.js`, external: true },
    );
  },
};

/**
 * A notebook's pictures need no more than buttons: the panel's toolkit is larger than all of them.
 *
 * @type {esbuild.Plugin}
 */
export const plainControls = {
  name: 'plain-controls',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/controls$/ }, () => ({
      path: path.join(root, 'webview/notebook/controls.ts'),
    }));
  },
};

/**
 * Style sheets are put into the page that a notebook's outputs share, and hold within our own alone.
 *
 * @param {{ minify: boolean }} options
 * @returns {esbuild.Plugin}
 */
export const scopedStyles = ({ minify }) => ({
  name: 'scoped-styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const sheet = `.rnn-lab {\n${fs.readFileSync(file, 'utf8')}\n}`;
      const { code } = await esbuild.transform(sheet, {
        ...{ loader: 'css', minify, target: 'chrome128' },
      });
      const contents = `const style = document.createElement('style');
        style.textContent = ${JSON.stringify(code)};
        document.head.append(style);`;
      return { contents, loader: 'js', watchFiles: [file] };
    });
  },
});

/**
 * What reads HDF5 tells the console of what it does not know; whether a file can be used is ours to say.
 *
 * @type {esbuild.Plugin}
 */
export const quietHdf5 = {
  name: 'quiet-hdf5',
  setup(build) {
    build.onLoad({ filter: /[\\/]jsfive[\\/]dist[\\/].*js$/ }, async ({ path: file }) => {
      const text = await fs.promises.readFile(file, 'utf8');
      return { contents: text.replace(/\bconsole\.(?:warn|log)\(/g, 'void ('), loader: 'js' };
    });
  },
};
