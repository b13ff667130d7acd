// Compiles the AssemblyScript kernels twice: once for every runtime, once with relaxed SIMD.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { findFiles, root } from './files.mjs';

/** The two builds of the kernels; the engine takes the best that validates at run time. */
const FLAVOURS = {
  strict: { features: ['simd', 'threads', 'bulk-memory'], constants: { RELAXED: 0 } },
  relaxed: {
    features: ['simd', 'threads', 'bulk-memory', 'relaxed-simd'],
    constants: { RELAXED: 1 },
  },
};

/** Flags that both builds share. */
const FLAGS = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
];

const SOURCES = path.join(root, 'src/core/kernels/assembly');
const ENTRY = path.join(SOURCES, 'index.ts');
const COMPILER = path.join(root, 'node_modules/assemblyscript/package.json');

/** @typedef {keyof typeof FLAVOURS} Flavour */

/** @returns {string[]} the absolute paths of all kernel sources, sorted */
export function kernelSources() {
  return findFiles(SOURCES, '.ts');
}

/**
 * @param {Flavour} flavour
 * @returns {string} where the compiled module of that flavour lies
 */
export function kernelPath(flavour) {
  return path.join(root, 'build', `kernels-${flavour}.wasm`);
}

/**
 * Compiles one flavour unless the module on disk was made from these very sources, flags and
 * compiler.
 *
 * @param {Flavour} flavour
 * @returns {Promise<{ bytes: Buffer, compiled: boolean }>}
 * @throws {Error} with the compiler's own messages where a source has an error
 */
export async function compileKernels(flavour) {
  const output = kernelPath(flavour);
  const stamp = `${output}.sha256`;
  const wanted = fingerprint(flavour);
  if (fs.existsSync(output) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) {
    return { bytes: fs.readFileSync(output), compiled: false };
  }
  const bytes = await runCompiler(flavour);
  fs.mkdirSync(path.dirname(output), { recursive: true });
  writeAtomically(output, bytes);
  writeAtomically(stamp, wanted);
  return { bytes, compiled: true };
}

/** @param {Flavour} flavour */
function compilerArguments(flavour) {
  const { features, constants } = FLAVOURS[flavour];
  return [
    ...FLAGS,
    ...features.flatMap((feature) => ['--enable', feature]),
    ...Object.entries(constants).flatMap(([name, value]) => ['--use', `${name}=${value}`]),
  ];
}

/** @param {Flavour} flavour */
function fingerprint(flavour) {
  const hash = createHash('sha256');
  hash.update(JSON.parse(fs.readFileSync(COMPILER, 'utf8')).version);
  hash.update(compilerArguments(flavour).join(' '));
  for (const source of kernelSources()) {
    hash.update(path.relative(SOURCES, source).replaceAll('\\', '/'));
    hash.update(fs.readFileSync(source));
  }
  return hash.digest('hex');
}

/** @param {Flavour} flavour */
async function runCompiler(flavour) {
  // The compiler takes 100 ms to load: only when there is something to compile.
  const { default: asc } = await import('assemblyscript/asc');
  /** @type {Buffer | undefined} */
  let bytes;
  const { error, stderr } = await asc.main(
    [
      path.relative(root, ENTRY).replaceAll('\\', '/'),
      '--outFile',
      'kernels.wasm',
      '--baseDir',
      root,
      ...compilerArguments(flavour),
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
      `The ${flavour} kernels do not compile.\n${stderr.toString() || String(error)}`.trim(),
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
 * An esbuild plugin: `import bytes from '…/build/kernels-strict.wasm'` compiles the kernels when
 * they are out of date, and watches their sources.
 *
 * @returns {import('esbuild').Plugin}
 */
export function kernelsPlugin() {
  return {
    name: 'kernels',
    setup(build) {
      build.onResolve({ filter: /[\\/]kernels-(strict|relaxed)\.wasm$/ }, ({ path: name }) => ({
        path: kernelPath(flavourOf(name)),
        namespace: 'kernels',
      }));
      build.onLoad({ filter: /.*/, namespace: 'kernels' }, async ({ path: name }) => {
        const watch = { watchFiles: kernelSources(), watchDirs: [SOURCES] };
        try {
          const { bytes } = await compileOnce(flavourOf(name));
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
 * @returns {Flavour}
 */
function flavourOf(name) {
  return name.includes('relaxed') ? 'relaxed' : 'strict';
}

/** @type {Map<string, Promise<{ bytes: Buffer, compiled: boolean }>>} */
const underWay = new Map();

/**
 * Many bundles ask for the same module at the same time: compile it for all of them at once.
 *
 * @param {Flavour} flavour
 */
function compileOnce(flavour) {
  const key = fingerprint(flavour);
  let promise = underWay.get(key);
  if (!promise) {
    promise = compileKernels(flavour).finally(() => underWay.delete(key));
    underWay.set(key, promise);
  }
  return promise;
}
