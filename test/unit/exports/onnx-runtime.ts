/** What runs exported ONNX models, installed from npm when it is first used. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What we use of it. */
export interface OnnxRuntime {
  readonly Tensor: new (
    type: string,
    data: Float32Array | BigInt64Array,
    dims: readonly number[],
  ) => object;
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxSession>;
  };
}

export interface OnnxSession {
  readonly inputMetadata: readonly {
    readonly name: string;
    readonly shape: readonly (number | string)[];
  }[];
  run(
    feeds: Readonly<Record<string, object>>,
  ): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
}

const wanted = {
  name: 'onnxruntime',
  packages: ['onnxruntime-node@1.30.0'],
  told: 'ONNX Runtime from npm (once, 290 MB)',
};

export async function onnxRuntime(): Promise<OnnxRuntime> {
  const cache = (await import(pathToFileURL(path.resolve('scripts/cache.mjs')).href)) as {
    ensureCached(what: object, log: (message: string) => void): Promise<string>;
  };
  const folder = await cache.ensureCached(wanted, console.log);
  return createRequire(path.join(folder, 'package.json'))('onnxruntime-node') as OnnxRuntime;
}
