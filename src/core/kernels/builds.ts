/** The kernels, built once for every runtime, once with relaxed SIMD and once for vectors of 256 bits. */
export { default as relaxedBytes } from '../../../build/kernels-relaxed.wasm';
export { default as strictBytes } from '../../../build/kernels-strict.wasm';
export { default as wideBytes } from '../../../build/kernels-wide.wasm';
