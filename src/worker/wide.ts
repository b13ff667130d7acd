import { execFile } from 'node:child_process';
import { once } from 'node:events';
import v8 from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import { takeWideKernels, wideKernels } from '../core/kernels/loader';

/** What the probe writes where the wide kernels may be used. */
export const verdict = 'wide';

/** V8 from this version on makes vectors of 256 bits of whole loops; 12.4 (Node 22) does not yet. */
const leastV8 = [13, 6] as const;

/** V8's flags for code that is compiled all at once, by the optimising compiler, and what they are otherwise. */
export const optimising = [
  ['--no-liftoff', '--liftoff'],
  // Without the first compiler's feedback there is nothing to inline by.
  ['--no-wasm-inlining', '--wasm-inlining'],
  ['--no-wasm-lazy-compilation', '--wasm-lazy-compilation'],
] as const;

/** V8's flag that makes one vector of 256 bits of two of 128. */
const widening = ['--experimental-wasm-revectorize', '--no-experimental-wasm-revectorize'] as const;

/** Compiles the wide kernels. The flags are for all threads of the process, so no other should compile meanwhile. */
export function compileWideKernels(): WebAssembly.Module {
  return withFlags([widening, ...optimising], () => new WebAssembly.Module(wideKernels));
}

/** Runs something that compiles by the optimising compiler alone. */
export function withFlags<T>(
  flags: readonly (readonly [on: string, off: string])[],
  compile: () => T,
): T {
  for (const [on] of flags) v8.setFlagsFromString(on);
  try {
    return compile();
  } finally {
    for (const [, off] of flags) v8.setFlagsFromString(off);
  }
}

/**
 * The wide kernels, if this machine and this V8 are good for them. As they ask for an experiment of V8's, a
 * process of its own tries them first: whatever goes wrong there, this one goes on with the other kernels.
 *
 * @param probe a script that writes the verdict of `wide-probe.ts`
 */
export async function chooseWideKernels(probe: string): Promise<WebAssembly.Module | undefined> {
  if (!mayBeWide() || (await outputOf(probe)) !== verdict) return undefined;
  return compileWideKernels();
}

/** As `chooseWideKernels`, for this thread alone. @returns whether they were taken */
export async function useWideKernels(probe: string): Promise<boolean> {
  return takeOffered(await chooseWideKernels(probe));
}

/** Takes the kernels that the process has chosen for all its threads, asked for at a port. */
export async function useOfferedKernels(port: MessagePort): Promise<boolean> {
  const answer = once(port, 'message') as Promise<[WebAssembly.Module | null]>;
  port.postMessage(null);
  const [module] = await answer;
  port.close();
  return takeOffered(module ?? undefined);
}

function takeOffered(module: WebAssembly.Module | undefined): boolean {
  if (module !== undefined) takeWideKernels(module);
  return module !== undefined;
}

/** Whether this runtime knows how to make wide vectors, if only the processor has them. */
export function mayBeWide(): boolean {
  const [major = 0, minor = 0] = process.versions.v8.split('.').map(Number);
  const isNewEnough = major > leastV8[0] || (major === leastV8[0] && minor >= leastV8[1]);
  // Node for macOS is built without.
  return process.arch === 'x64' && process.platform !== 'darwin' && isNewEnough;
}

/** What a script writes; nothing if it fails, or takes too long. */
function outputOf(script: string): Promise<string> {
  // In Electron the executable is Node only if it is told to be.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script],
      { env, timeout: 5000, windowsHide: true },
      (error, out) => {
        resolve(error === null ? out.trim() : '');
      },
    );
  });
}
