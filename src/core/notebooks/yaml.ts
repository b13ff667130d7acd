/** The YAML of a block, with the place of everything in it. */
import type { Document, Node, ParsedNode } from 'yaml';
import { joined, sentence, verbatim, type Sentence } from '../sentence';
import type { Block } from './markdown';
import type { Problem } from './problems';

/** A block's map, its keys in their order, and what was wrong so far. */
export interface YamlBlock {
  readonly entries: readonly YamlEntry[];
  /** Tells of something wrong, at a stretch of the block's body. */
  problem(range: Range, message: Sentence, hint?: Sentence): void;
  readonly problems: readonly Problem[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: YamlValue;
}

/** From and to, in the block's body. */
export type Range = readonly [from: number, to: number];

export type YamlValue =
  | {
      readonly kind: 'scalar';
      readonly value: string | number | boolean | null;
      readonly range: Range;
    }
  | { readonly kind: 'list'; readonly items: readonly YamlValue[]; readonly range: Range }
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly range: Range };

/** Reads a block whose body is a map. */
export async function readYaml(block: Block): Promise<YamlBlock> {
  const yaml = await import('yaml');
  const problems: Problem[] = [];
  const problem = ([from, to]: Range, message: Sentence, hint?: Sentence): void => {
    problems.push({ ...placeIn(block, from, to), message: joined(message, hint) });
  };
  if (!block.isClosed) {
    problems.push({
      ...{ line: block.line, column: 1, length: 3 },
      message: sentence`The block has no end. Close it with the same fence on a line of its own.`,
    });
  }
  const document: Document.Parsed = yaml.parseDocument(block.body, { prettyErrors: false });
  for (const { message, pos } of document.errors) {
    problem([pos[0], pos[1]], sentence`This is no YAML: ${verbatim(message.replace(/\.?$/, '.'))}`);
  }
  const valueOf = (node: Node | null | undefined, fallback: Range): YamlValue => {
    const own = yaml.isAlias(node) ? node.resolve(document) : node;
    const range = rangeOf(node as ParsedNode | undefined, fallback);
    if (yaml.isSeq(own)) {
      return { kind: 'list', items: own.items.map((item) => valueOf(item as Node, range)), range };
    }
    if (yaml.isMap(own)) {
      return { kind: 'map', entries: own.items.map((pair) => entryOf(pair, range)), range };
    }
    const value: unknown = yaml.isScalar(own) ? own.value : null;
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
    return { kind: 'scalar', value: isPlain ? (value as string | number | boolean) : null, range };
  };
  const entryOf = (pair: { key: unknown; value: unknown }, within: Range): YamlEntry => {
    const key = pair.key as Node;
    const keyRange = rangeOf(key as ParsedNode, within);
    return {
      key: yaml.isScalar(key) ? String(key.value) : '',
      keyRange,
      value: valueOf(pair.value as Node | null, keyRange),
    };
  };
  const { contents } = document;
  if (yaml.isMap(contents)) {
    const { entries } = valueOf(contents, [0, 0]) as Extract<YamlValue, { kind: 'map' }>;
    return { entries, problem, problems };
  }
  if (document.errors.length === 0 && block.isClosed) {
    problem([0, 1], sentence`The block must be lines of a name and a value, such as hidden: 128.`);
  }
  return { entries: [], problem, problems };
}

function rangeOf(node: ParsedNode | undefined, fallback: Range): Range {
  const range = node?.range;
  return range ? [range[0], range[1]] : fallback;
}

/** The place of a stretch of a block's body in the file; what ends on a later line is underlined to its line's end. */
export function placeIn(block: Block, from: number, to: number): Omit<Problem, 'message'> {
  const before = block.body.slice(0, from).split(/\r\n|\r|\n/);
  const column = (before.at(-1) ?? '').length + 1;
  const rest = /^[^\r\n]*/.exec(block.body.slice(from, Math.max(to, from + 1)))?.[0] ?? '';
  return { line: block.bodyLine + before.length - 1, column, length: Math.max(1, rest.length) };
}
