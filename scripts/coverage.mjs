// npm run coverage: which lines of src the unit tests reach. Writes coverage/index.html.
//
// Bundles would do to run the tests, but c8 is right only about files with a source each. So every
// source becomes a file of its own under out/coverage, and the products in dist lead there.
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { findFiles, root } from './build/files.mjs';
import { kernelsPlugin } from './build/kernels.mjs';
import { peggyPlugin } from './build/peggy.mjs';
import { build, runNode } from './run.mjs';

const FOLDER = 'out/coverage';

/** The one kernel source that is TypeScript too: the layout that both sides of the memory share. */
const SHARED_KERNEL_SOURCE = 'src/core/kernels/assembly/layout.ts';

/** The products that tests start, and the modules they are made of. */
const PRODUCTS = {
  'dist/cli.js': 'src/cli/main.js',
  'dist/worker.js': 'src/worker/node.js',
  'dist/thread.js': 'src/worker/thread.js',
  // The command line looks for the worker beside itself.
  [`${FOLDER}/src/cli/worker.js`]: 'src/worker/node.js',
};

/**
 * Keeps imports between sources; what is no TypeScript becomes a part of the file that imports it.
 *
 * @type {import('esbuild').Plugin}
 */
const separatePlugin = {
  name: 'separate',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path: name, kind }) => {
      const bundled = kind === 'entry-point' || /\.(rnn|wasm|css|json)$/.test(name);
      return bundled ? undefined : { path: name, external: true };
    });
  },
};

/**
 * A module of types alone has no line that could run.
 *
 * @param {string} file
 */
function hasCode(file) {
  const text = fs.readFileSync(file, 'utf8');
  return file.endsWith('.peggy') || esbuild.transformSync(text, { loader: 'ts' }).code !== '';
}

async function buildSeparately() {
  const sources = ['src', 'webview', 'test/unit']
    .flatMap((folder) => [...findFiles(folder, '.ts'), ...findFiles(folder, '.peggy')])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.d.ts') && !file.includes('kernels/assembly/'))
    .filter(hasCode);
  await esbuild.build({
    absWorkingDir: root,
    // A grammar keeps its ending, and so stays apart from a module of the same name.
    entryPoints: [...sources, SHARED_KERNEL_SOURCE].map((file) => ({
      in: file,
      out: file.replace(/\.ts$/, ''),
    })),
    outdir: FOLDER,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'linked',
    loader: { '.rnn': 'text' },
    plugins: [kernelsPlugin(), separatePlugin, peggyPlugin()],
  });
}

function redirectProducts() {
  for (const [product, module] of Object.entries(PRODUCTS)) {
    const target = path.relative(path.dirname(product), path.join(FOLDER, module));
    fs.mkdirSync(path.dirname(product), { recursive: true });
    fs.writeFileSync(product, `require(${JSON.stringify(`./${target.replaceAll('\\', '/')}`)});\n`);
  }
}

process.chdir(root);
fs.rmSync(FOLDER, { recursive: true, force: true });
await buildSeparately();
redirectProducts();
try {
  process.exitCode = await runNode([
    'node_modules/c8/bin/c8.js',
    'node_modules/mocha/bin/mocha.js',
    '--timeout=240000',
    '--reporter=dot',
    '--exit',
    ...findFiles(`${FOLDER}/test/unit`, '.test.js'),
  ]);
} finally {
  await build(['worker', 'cli']);
}
