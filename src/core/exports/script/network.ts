/** The parts of a script that compute a step of the model: its state, its layers, its logits. */
import type { ModelSpec } from '../../graph/model-spec';
import { layerPlace } from '../../qualified';
import { columns, type Code } from './code';
import { writeLayer, type LayerCode } from './layer';

/** A layer of a model, and the function that computes it: layers that compute the same share one. */
export interface PlacedLayer extends LayerCode {
  /** From 1. */
  readonly number: number;
  readonly function: string;
}

/** @throws EquationError if the cell's shapes do not fit */
export function placeLayers(spec: ModelSpec): readonly PlacedLayer[] {
  const { cell, hidden, vocabulary, embedding, layers } = spec;
  const written: LayerCode[] = [];
  for (let number = 1; number <= layers; number++) {
    const below = written.at(-1)?.output ?? (embedding > 0 ? embedding : vocabulary);
    const place = { cell, number, hidden, vocabulary, input: below, top: number === layers };
    written.push(writeLayer({ ...place, readsTokens: number === 1 && embedding === 0 }));
  }
  const bodies = [...new Set(written.map(({ body }) => body))];
  return written.map((layer, index) => {
    const which = bodies.length === 1 ? '' : String(bodies.indexOf(layer.body) + 1);
    return { ...layer, number: index + 1, function: `layer${which}` };
  });
}

export function networkPart(code: Code, spec: ModelSpec, layers: readonly PlacedLayer[]): string {
  const functions = layers.filter(
    (layer) => layers.find(({ body }) => body === layer.body) === layer,
  );
  const state = layers.some(({ states }) => states.length > 0) ? 'state' : '_state';
  const kept = layers.map((layer) => `    ${layerPlace(layer.number)}: ${stateOf(code, layer)},`);
  return code`/** What the model remembers: the values that later steps read, the newest first. */
export function initialState() {
  return {
${kept.join('\n')}
  };
}
«
export type State = ReturnType<typeof initialState>;
»
/** Reads a token and takes the state a step on; gives the logits of the token that follows. */
export function step(${state}«: State», token«: number»)«: Vector» {
${stepLines(spec, layers).join('\n')}
}

${functions.map((layer) => layerFunction(code, layer, layers)).join('\n')}`;
}

function stateOf(code: Code, { states, readsTokens }: PlacedLayer): string {
  const entries = states.map(({ name, lag, width, initial }) => {
    const mixed = name === 'x' && readsTokens ? code`« as (Vector | number)[]»` : '';
    return `${name}: past(${[lag, width, initial].join(', ')})${mixed}`;
  });
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function stepLines(spec: ModelSpec, layers: readonly PlacedLayer[]): string[] {
  const lines: string[] = [];
  let input = 'token';
  if (spec.embedding > 0) {
    lines.push('  const embedded = times(weights.embedding.E, token);');
    input = 'embedded';
  }
  for (const layer of layers) {
    const value = `${layer.function}(${argumentsOf(layer, input).join(', ')})`;
    if (layer.givesLogits) return [...lines, `  return ${value};`];
    input = `output${String(layer.number)}`;
    lines.push(`  const ${input} = ${value};`);
  }
  return [
    ...lines,
    `  // y[t] = softmax(V ${spec.cell.output}[t] + c), of which this gives the logits`,
    '  const { V, c } = weights.output;',
    `  const product = times(V, ${input});`,
    '  return vector(vocabularySize, (k) => product[k] + c[k]);',
  ];
}

function argumentsOf({ number, parameters, states }: PlacedLayer, input: string): string[] {
  const place = layerPlace(number);
  return [
    ...(parameters.size > 0 ? [`weights.${place}`] : []),
    input,
    ...(states.length > 0 ? [`state.${place}`] : []),
  ];
}

function layerFunction(code: Code, layer: PlacedLayer, layers: readonly PlacedLayer[]): string {
  const { number, parameters, states, body, readsTokens, givesLogits } = layer;
  const place = layerPlace(number);
  const names = [...parameters.values()].join(', ');
  const taken = [
    ...(parameters.size > 0 ? [code`{ ${names} }«: typeof weights.${place}»`] : []),
    code`x«: ${readsTokens ? 'Vector | number' : 'Vector'}»`,
    ...(states.length > 0 ? [code`state«: State['${place}']»`] : []),
  ];
  const result = code`)«: Vector» {`;
  const line = `function ${layer.function}(${taken.join(', ')}${result}`;
  const head =
    line.length <= columns
      ? line
      : `function ${layer.function}(\n${taken.map((one) => `  ${one},\n`).join('')}${result}`;
  const numbers = layers.filter((other) => other.body === body).map((other) => other.number);
  const several = numbers.length === 1 ? 'layer' : 'layers';
  const which = layers.length === 1 ? 'the layer' : `${several} ${numbers.join(', ')}`;
  const what = givesLogits ? 'the logits' : 'its output';
  return `/** One step of ${which}: gives ${what}. */
${head}
${body}
}
`;
}
