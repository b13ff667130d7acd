// Builds everything: host, worker, command line, webview and tests.
//   node esbuild.mjs [--watch] [--production] [--into=FOLDER] [--only=extension,unit] [--match=PATTERN …]
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { findFiles, root } from './scripts/build/files.mjs';
import { kernelsPlugin } from './scripts/build/kernels.mjs';
import { noticesFor } from './scripts/build/notices.mjs';
import { peggyPlugin } from './scripts/build/peggy.mjs';
import {
  packages,
  plainControls,
  quietHdf5,
  scopedStyles,
  sharedKernels,
  sharedPackages,
} from './scripts/build/plugins.mjs';

const require = createRequire(import.meta.url);

const { values: options } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    production: { type: 'boolean', default: false },
    into: { type: 'string', default: '.' },
    only: { type: 'string' },
    match: { type: 'string', multiple: true, default: [''] },
  },
});

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: options.production ? false : 'linked',
  minify: options.production,
  // What others have written is named, licence and all, in one file: THIRD-PARTY-NOTICES.txt.
  legalComments: 'none',
  metafile: options.production,
  logLevel: 'silent',
  loader: { '.rnn': 'text', '.py': 'text', '.sh': 'text', '.wasm': 'binary' },
  define: { 'process.env.NODE_ENV': options.production ? '"production"' : '"development"' },
};

/** @type {esbuild.BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/** @param {string} name */
function dist(name) {
  return path.join(options.into, 'dist', name);
}

/** Packages that a test loads from node_modules: too large to bundle, to be shared, or no modules yet. */
const testExternals = [
  ...['vscode', '@vscode/l10n', 'mocha', 'playwright-core', 'esbuild', 'typescript'],
  ...['commander', 'yaml', '@vscode/debugadapter', '@vscode/debugadapter-testsupport'],
];

/** @type {Record<string, esbuild.BuildOptions>} */
const targets = {
  extension: {
    ...node,
    entryPoints: ['src/host/extension.ts'],
    outfile: dist('extension.js'),
    external: ['vscode'],
    plugins: [sharedPackages],
  },
  // The engine, with what it starts.
  worker: {
    ...node,
    entryPoints: {
      engine: 'src/worker/process.ts',
      worker: 'src/worker/node.ts',
      thread: 'src/worker/thread.ts',
      kernels: 'src/core/kernels/builds.ts',
      ...Object.fromEntries(packages.map((name) => [name, require.resolve(name)])),
    },
    outdir: dist(''),
    plugins: [sharedKernels, sharedPackages],
  },
  cli: {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: dist('cli.js'),
    banner: { js: '#!/usr/bin/env node' },
    plugins: [sharedPackages],
  },
  webview: {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: ['webview/main.ts'],
    outdir: dist('webview'),
  },
  // The pictures of lab notebooks, which VS Code loads as a module when one is shown.
  renderer: {
    ...common,
    platform: 'browser',
    format: 'esm',
    target: 'chrome128',
    entryPoints: ['webview/notebook/renderer.ts'],
    outfile: dist('webview/notebook.js'),
    plugins: [plainControls, scopedStyles({ minify: options.production })],
  },
  unit: {
    ...modules('test/unit', '.test.ts'),
    // Where the products lie: the command line looks for the worker beside itself.
    define: { ...common.define, __dirname: JSON.stringify(path.join(root, 'dist')) },
  },
  host: tests('test/host', '.ts'),
  panel: {
    ...modules('test/panel', '.test.ts'),
    // The host's code runs in an editor of the tests' own.
    alias: { vscode: './test/panel/support/editor.ts' },
    external: testExternals.filter((name) => name !== 'vscode'),
  },
  ui: modules('test/ui', '.ts'),
  bench: tests('test/bench', '.ts'),
  verify: { ...tests('test/verify', '.ts'), entryPoints: ['test/verify/main.ts'] },
  benchPage: {
    ...common,
    minify: false,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: ['test/bench/page/panel.ts'],
    outdir: 'out/bench-page',
  },
};

/**
 * Test files keep their place: test/unit/a/b.test.ts becomes out/test/unit/a/b.test.js.
 *
 * @param {string} folder
 * @param {string} suffix
 * @returns {esbuild.BuildOptions}
 */
function tests(folder, suffix) {
  return {
    ...node,
    minify: false,
    sourcemap: 'linked',
    entryPoints: testEntries(folder, suffix),
    outbase: '.',
    outdir: 'out',
    external: testExternals,
  };
}

/**
 * Tests that Node runs are modules, and what several of them import is compiled and loaded once, for all of them.
 *
 * @param {string} folder
 * @param {string} suffix
 * @returns {esbuild.BuildOptions}
 */
function modules(folder, suffix) {
  return {
    ...tests(folder, suffix),
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    chunkNames: `${folder}/shared/[name]-[hash]`,
  };
}

/**
 * @param {string} folder
 * @param {string} suffix
 * @returns {string[]} the sources, relative to the root, with slashes on every system
 */
function testEntries(folder, suffix) {
  return findFiles(path.join(root, folder), suffix)
    .map((file) => path.relative(root, file).replaceAll('\\', '/'))
    .filter(
      (file) => !file.endsWith('.d.ts') && options.match.some((match) => file.includes(match)),
    );
}

/**
 * Leaves imports of scripts/ as they are: they know their own place in the tree.
 *
 * @type {esbuild.Plugin}
 */
const scriptsPlugin = {
  name: 'scripts',
  setup(build) {
    build.onResolve({ filter: /^\..*\/scripts\/.*\.mjs$/ }, ({ path: name, resolveDir }) => ({
      path: pathToFileURL(path.resolve(resolveDir, name)).href,
      external: true,
    }));
  },
};

/** Targets whose build is under way; at the start of a watch, all of them. */
const busy = new Set();

/**
 * Prints a build's messages and its time; while watching, when the first target begins and the last
 * one ends, which is what .vscode/tasks.json waits for.
 *
 * @param {string} name
 * @returns {esbuild.Plugin}
 */
function reportPlugin(name) {
  return {
    name: 'report',
    setup(build) {
      let started = 0;
      build.onStart(() => {
        started = performance.now();
        begin(name);
      });
      build.onEnd(async (result) => {
        for (const kind of /** @type {const} */ (['error', 'warning'])) {
          const messages = result[`${kind}s`];
          const color = process.stderr.isTTY;
          process.stderr.write((await esbuild.formatMessages(messages, { kind, color })).join(''));
        }
        if (result.errors.length === 0) {
          console.log(`${name} built in ${Math.round(performance.now() - started)} ms`);
        }
        end(name);
      });
    },
  };
}

/** @param {string} name */
function begin(name) {
  if (options.watch && busy.size === 0) {
    console.log('[watch] build started');
  }
  busy.add(name);
}

/** @param {string} name */
function end(name) {
  busy.delete(name);
  if (options.watch && busy.size === 0) {
    console.log('[watch] build finished');
  }
}

/** @returns {string[]} the names of the targets that were asked for */
function chosenTargets() {
  const names = options.only?.split(',') ?? Object.keys(targets);
  const unknown = names.filter((name) => !(name in targets));
  if (unknown.length > 0) {
    throw new Error(
      `No target is called ${unknown.join(', ')}. Use one of: ${Object.keys(targets).join(', ')}.`,
    );
  }
  return names;
}

/** @param {string} name */
function configuration(name) {
  const { plugins = [], ...target } = /** @type {esbuild.BuildOptions} */ (targets[name]);
  return {
    ...target,
    plugins: [
      ...plugins,
      quietHdf5,
      kernelsPlugin(),
      peggyPlugin(),
      scriptsPlugin,
      reportPlugin(name),
    ],
  };
}

/**
 * Puts a file in its place at once: who starts the engine while something is built has all of the old file or of the new.
 *
 * @param {esbuild.OutputFile} output
 */
function replace({ path: file, contents }) {
  if (fs.existsSync(file) && fs.readFileSync(file).equals(contents)) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  // `#!`
  const isProgram = contents[0] === 35 && contents[1] === 33;
  fs.writeFileSync(temporary, contents, { mode: isProgram ? 0o755 : 0o644 });
  fs.renameSync(temporary, file);
}

async function main() {
  const names = chosenTargets();
  if (options.production) {
    // What a development build has left there, source maps above all, is not for shipping.
    fs.rmSync(path.join(root, dist('')), { recursive: true, force: true });
  }
  if (options.watch) {
    names.forEach(begin);
    const contexts = await Promise.all(names.map((name) => esbuild.context(configuration(name))));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const builds = await Promise.allSettled(
    names.map(async (name) => {
      const result = await esbuild.build({ ...configuration(name), write: false });
      result.outputFiles.forEach(replace);
      return result;
    }),
  );
  if (builds.some((build) => build.status === 'rejected')) {
    process.exitCode = 1;
    return;
  }
  if (options.production) {
    const inputs = builds.flatMap((build) =>
      build.status === 'fulfilled' ? Object.keys(build.value.metafile?.inputs ?? {}) : [],
    );
    fs.writeFileSync(path.join(root, dist('THIRD-PARTY-NOTICES.txt')), noticesFor(inputs));
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
