/** What of one example the unrolled network shows, as plain data. */
import type { Inside, InsideLane, InsideValues } from '../../../src/protocol/engine';
import type { ExampleMessage } from '../../../src/protocol/panel';

type Result = NonNullable<ExampleMessage['result']>;

/** A lane's cells on show, from left to right. */
export interface LaneSteps extends InsideLane {
  /** `[steps, width]`; undefined: its values have not come yet. */
  readonly values: InsideValues | undefined;
}

/** Something at the top: what is answered there, and what should be. */
export interface AnswerStep {
  readonly answer: string;
  /** Undefined: nobody knows. */
  readonly truth: string | undefined;
  /** NaN: there is none. */
  readonly loss: number;
}

export interface ExampleSteps {
  /** What the source's steps read, and the answer's; a sequence that is not there has none. */
  readonly source: readonly string[];
  readonly before: readonly string[];
  /** Steps that there are, of which these are the first. */
  readonly all: { readonly t: number; readonly u: number };
  readonly lanes: readonly LaneSteps[];
  readonly output: Inside['output'];
  readonly domain: Inside['domain'];
  readonly answers: readonly AnswerStep[];
  /** Vectors for the whole example, such as a hidden layer, from the input to the answer. */
  readonly vectors: readonly InsideValues[];
  /** Whether one vector is read, such as an image. */
  readonly hasVector: boolean;
  /** Where each step of the answer looks: `[answers, steps of the source]`, with all of these. */
  readonly weights: InsideValues | undefined;
}

/** @param most columns that there is room for */
export function exampleSteps(result: Result, most: number): ExampleSteps | undefined {
  const { inside } = result;
  if (!inside) return undefined;
  const { source, parts, lanes, output, domain, variables } = inside;
  const all = { t: source.length, u: domain === 'u' ? parts.length : 0 };
  const [t, u] = shared(all.t, all.u, most);
  const valuesOf = (name: string) => variables.find((each) => each.name === name);
  const weights = variables.find(({ name }) => name.startsWith('weights '));
  return {
    source: source.slice(0, t),
    before: domain === 'u' ? ['START', ...parts.slice(0, u - 1)] : [],
    all,
    lanes: lanes.map((lane) => ({ ...lane, values: valuesOf(lane.state) })),
    ...{ output, domain },
    answers: answersOf(inside, result.answer).slice(0, domain === 't' ? t : domain === 'u' ? u : 1),
    vectors: variables.filter((each) => each.domain === 'example'),
    hasVector: source.length === 0,
    weights: domain === 'u' ? weights : undefined,
  };
}

/** Variables whose values the picture has. */
export function variablesWanted(inside: Inside | undefined): string[] {
  if (!inside) return [];
  const { lanes, known } = inside;
  const isHidden = (name: string) => name !== 'y' && !name.includes('.');
  return [
    ...lanes.map(({ state }) => state),
    ...known.flatMap(({ name, domain }) => {
      const isWeights = name.startsWith('weights ') && domain === 'u';
      const isVector = domain === 'example' && !name.startsWith('weights ') && isHidden(name);
      return isWeights || isVector ? [name] : [];
    }),
  ];
}

/** What of two sequences there is room for, of each at least three steps where it has them. */
function shared(t: number, u: number, most: number): [number, number] {
  if (t + u <= most) return [t, u];
  const least = Math.min(3, u);
  const first = Math.max(Math.min(3, t), Math.min(most - least, Math.round((most * t) / (t + u))));
  const own = Math.min(t, first);
  return [own, Math.max(least, Math.min(u, most - own))];
}

/** Each part of an answer: what the model says, what is true, and the loss of the latter. */
export function answersOf(
  { parts, answers, of, loss, domain }: Inside,
  answer: string,
): AnswerStep[] {
  return parts.map((part, i) => {
    const own = domain === 'example' ? answer : (answers[i] ?? (domain === 'u' ? 'END' : ''));
    return { answer: own, truth: of === 'truth' ? part : undefined, loss: loss[i]! };
  });
}
