/** What the page takes of the core as values: it imports nothing else of it. */
export { tokenizers } from '../core/data/kinds';
export { firstWhere, median } from '../core/numerics';
export { inLayer, readQualified, topOutput } from '../core/qualified';
