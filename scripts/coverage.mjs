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
      const bundled = kind === 'entry-point' || /\.(rnn|wasm|css)$/.test(name);
      return bundled ? undefined : { path: name, external: true };
    });
  },
};

async function buildSeparately() {
  const sources = ['src', 'test/unit']
    .flatMap((folder) => [...findFiles(folder, '.ts'), ...findFiles(folder, '.peggy')])
    .filter((file) => !file.endsWith('.d.ts') && !file.includes(path.join('kernels', 'assembly')))
    .map((file) => file.replaceAll('\\', '/'));
  const { metafile } = await esbuild.build({
    metafile: true,
    absWorkingDir: root,
    // A grammar keeps its ending, and so stays apart from a module of the same name.
    entryPoints: sources.map((file) => ({ in: file, out: file.replace(/\.ts$/, '') })),
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
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    // A module of types alone has no line that could run.
    if (file.endsWith('.js') && Object.values(inputs).every((input) => input.bytesInOutput === 0)) {
      fs.rmSync(file);
    }
  }
}

function redirectProducts() {
  for (const [product, module] of Object.entries(PRODUCTS)) {
    const target = path.relative(path.dirname(product), path.join(FOLDER, module));
    fs.mkdirSync(path.dirname(product), { recursive: true });
    fs.writeFileSync(product, `require(${JSON.stringify(`./${target.replaceAll('\\', '/')}`)});\n`);
  }
}

process.chdir(root);
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
  await build(['worker', 'thread', 'cli']);
}
