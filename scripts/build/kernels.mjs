// Compiles what is AssemblyScript: the kernels, once for every runtime, once with relaxed SIMD and once for
// vectors of 256 bits, the scanner of words, and what learns word vectors.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { findFiles, root } from './files.mjs';

/** Flags that all modules share. */
const FLAGS = ['-O3', '--runtime', 'stub', '--noAssert', '--maximumMemory', '65536'];
const SHARED = ['--importMemory', '--sharedMemory', '--initialMemory', '1'];

/**
 * The modules and their sources. Of the builds of the kernels the engine takes the best at run time
 * (src/core/kernels/loader.ts).
 */
const MODULES = {
  'kernels-strict': {
    sources: 'src/core/kernels/assembly',
    flags: SHARED,
    features: ['simd', 'threads', 'bulk-memory'],
    constants: { RELAXED: 0, WIDE: 0 },
  },
  'kernels-relaxed': {
    sources: 'src/core/kernels/assembly',
    flags: SHARED,
    features: ['simd', 'threads', 'bulk-memory', 'relaxed-simd'],
    constants: { RELAXED: 1, WIDE: 0 },
  },
  'kernels-wide': {
    sources: 'src/core/kernels/assembly',
    flags: SHARED,
    features: ['simd', 'threads', 'bulk-memory', 'relaxed-simd'],
    constants: { RELAXED: 1, WIDE: 1 },
  },
  'skip-gram': {
    sources: 'src/core/vectors/assembly',
    flags: ['--initialMemory', '1'],
    features: ['simd', 'bulk-memory'],
    constants: {},
  },
  'word-scanner': {
    sources: 'src/core/data/assembly',
    flags: ['--initialMemory', '32'],
    features: ['simd', 'bulk-memory'],
    constants: {},
  },
};

const COMPILER = path.join(root, 'node_modules/assemblyscript/package.json');

/** @typedef {keyof typeof MODULES} Module */

/**
 * @param {Module} module
 * @returns {string[]} the absolute paths of all its sources, sorted
 */
function sourcesOf(module) {
  return findFiles(path.join(root, MODULES[module].sources), '.ts');
}

/**
 * @param {Module} module
 * @returns {string} where the compiled module lies
 */
function modulePath(module) {
  return path.join(root, 'build', `${module}.wasm`);
}

/**
 * Compiles a module unless the one on disk was made from these very sources, flags and compiler.
 *
 * @param {Module} module
 * @returns {Promise<{ bytes: Buffer, compiled: boolean }>}
 * @throws {Error} with the compiler's own messages where a source has an error
 */
async function compileModule(module) {
  const output = modulePath(module);
  const stamp = `${output}.sha256`;
  const wanted = fingerprint(module);
  if (fs.existsSync(output) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) {
    return { bytes: fs.readFileSync(output), compiled: false };
  }
  const bytes = await runCompiler(module);
  fs.mkdirSync(path.dirname(output), { recursive: true });
  writeAtomically(output, bytes);
  writeAtomically(stamp, wanted);
  return { bytes, compiled: true };
}

/** @param {Module} module */
function compilerArguments(module) {
  const { flags, features, constants } = MODULES[module];
  return [
    ...FLAGS,
    ...flags,
    ...features.flatMap((feature) => ['--enable', feature]),
    ...Object.entries(constants).flatMap(([name, value]) => ['--use', `${name}=${value}`]),
  ];
}

/** @param {Module} module */
function fingerprint(module) {
  const hash = createHash('sha256');
  hash.update(JSON.parse(fs.readFileSync(COMPILER, 'utf8')).version);
  hash.update(compilerArguments(module).join(' '));
  for (const source of sourcesOf(module)) {
    hash.update(path.relative(root, source).replaceAll('\\', '/'));
    hash.update(fs.readFileSync(source));
  }
  return hash.digest('hex');
}

/** @param {Module} module */
async function runCompiler(module) {
  // The compiler takes 100 ms to load: only when there is something to compile.
  const { default: asc } = await import('assemblyscript/asc');
  /** @type {Buffer | undefined} */
  let bytes;
  const { error, stderr } = await asc.main(
    [
      `${MODULES[module].sources}/index.ts`,
      '--outFile',
      `${module}.wasm`,
      '--baseDir',
      root,
      ...compilerArguments(module),
    ],
    {
      readFile(name, baseDir) {
        const file = path.resolve(baseDir, name);
        return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
      },
      writeFile(_name, contents) {
        bytes = Buffer.from(contents);
      },
      listFiles: () => [],
    },
  );
  if (error || !bytes) {
    throw new Error(
      `${module} does not compile.\n${stderr.toString() || String(error)}`.trim(),
    );
  }
  return bytes;
}

/**
 * @param {string} file
 * @param {string | Buffer} contents
 */
function writeAtomically(file, contents) {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, contents);
  fs.renameSync(temporary, file);
}

/**
 * An esbuild plugin: `import bytes from '…/build/kernels-strict.wasm'` compiles the module when it is
 * out of date, and watches its sources.
 *
 * @returns {import('esbuild').Plugin}
 */
export function kernelsPlugin() {
  return {
    name: 'kernels',
    setup(build) {
      build.onResolve({ filter: /[\\/]build[\\/][\w-]+\.wasm$/ }, ({ path: name }) => ({
        path: modulePath(moduleOf(name)),
        namespace: 'kernels',
      }));
      build.onLoad({ filter: /.*/, namespace: 'kernels' }, async ({ path: name }) => {
        const module = moduleOf(name);
        const watch = {
          watchFiles: sourcesOf(module),
          watchDirs: [path.join(root, MODULES[module].sources)],
        };
        try {
          const { bytes } = await compileOnce(module);
          return { contents: bytes, loader: 'binary', ...watch };
        } catch (error) {
          return { errors: [{ text: error instanceof Error ? error.message : String(error) }], ...watch };
        }
      });
    },
  };
}

/**
 * @param {string} name
 * @returns {Module}
 * @throws {Error} where no module is called so
 */
function moduleOf(name) {
  const module = path.basename(name, '.wasm');
  if (!(module in MODULES)) throw new Error(`There is no AssemblyScript module ${module}.`);
  return /** @type {Module} */ (module);
}

/** @type {Map<string, Promise<{ bytes: Buffer, compiled: boolean }>>} */
const underWay = new Map();

/**
 * Many bundles ask for the same module at the same time: compile it for all of them at once.
 *
 * @param {Module} module
 */
function compileOnce(module) {
  const key = fingerprint(module);
  let promise = underWay.get(key);
  if (!promise) {
    promise = compileModule(module).finally(() => underWay.delete(key));
    underWay.set(key, promise);
  }
  return promise;
}
