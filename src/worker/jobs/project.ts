/** Shows tokens by their vectors, or steps by hidden states, in the directions in which they differ most. */
import { prepareText } from '../../core/data/text';
import { inspectText } from '../../core/inspection/inspect-text';
import { createNearest } from '../../core/inspection/nearest';
import { principalComponents } from '../../core/inspection/principal';
import { sentence } from '../../core/sentence';
import type { Projection, ProjectRequest } from '../../protocol/engine';
import { exampleStates } from '../example-points';
import { brokenError, inputError } from '../failures';
import type { Job } from '../handler';
import type { OpenModel } from '../models';
import type { NamedPoints } from '../points';
import { inSlices } from '../slices';
import { matricesOf, namedVectors, openAny, type AnyOpenModel } from '../vectors-of';

/** More cannot be told apart, and all are compared with all. */
const mostPoints = 2000;
/** Axes that are told of. */
const mostAxes = 10;
/** Neighbours of each point. */
const mostNear = 8;

type Asked<K extends ProjectRequest['points']['kind']> = Extract<
  ProjectRequest['points'],
  { readonly kind: K }
>;

/** @throws JobError, InputError */
export async function project(
  { model, points }: ProjectRequest,
  job: Job<'project'>,
): Promise<Projection> {
  const opened = await openAny(job, model);
  try {
    const found = await pointsOf(opened, points, job);
    const placed = await inSlices(job, placesOf(found), () => undefined);
    if (placed === undefined)
      throw brokenError(sentence`The projection was stopped before its end.`);
    const { count, width, of, total, classesOf } = found;
    const classNames = [...new Set(found.classes)].filter((name) => name !== undefined);
    if (classesOf === 'data') classNames.sort((a, b) => (a < b ? -1 : 1));
    const unknown = new Float64Array(count).fill(NaN);
    const { loss = unknown, starts = unknown, ends = unknown, lines = unknown } = found;
    return {
      ...{ step: opened.model.step, matrices: matricesOf(opened), of, width, total },
      ...{ names: found.names, classesOf, classNames, ...placed },
      ...{ loss, starts, ends, lines },
      classes: Float64Array.from(found.classes, (name) =>
        name === undefined ? NaN : classNames.indexOf(name),
      ),
    };
  } finally {
    opened.model.close();
  }
}

async function pointsOf(
  opened: AnyOpenModel,
  points: ProjectRequest['points'],
  job: Job<'project'>,
): Promise<NamedPoints> {
  if (points.kind === 'vectors') return vectorPoints(opened, points);
  if (points.kind === 'text') {
    if (opened.kind !== 'text') {
      throw inputError(sentence`This model answers examples; it does not go on with a text.`);
    }
    return textPoints(opened.model, points);
  }
  if (opened.kind !== 'examples') {
    throw inputError(sentence`That model goes on with a text; it does not answer examples.`);
  }
  return exampleStates(opened.model, points, job, mostPoints);
}

/** The first tokens of the vocabulary: of words those that are most frequent. */
function vectorPoints(opened: AnyOpenModel, { matrix }: Asked<'vectors'>): NamedPoints {
  const vectors = namedVectors(opened, matrix);
  const count = Math.min(mostPoints, vectors.count);
  const tokens = Array.from({ length: count }, (_, token) => token);
  return {
    ...{ count, width: vectors.width, total: vectors.count, of: vectors.matrix.name },
    values: vectors.values.subarray(0, count * vectors.width),
    names: tokens.map(vectors.name),
    classesOf: 'characters',
    classes: tokens.map((token) => kindOf(vectors.text(token))),
  };
}

/** After each token of a text. */
function textPoints(
  { network, tokenizer }: OpenModel,
  { text, before, variable }: Asked<'text'>,
): NamedPoints {
  const options = { variables: [variable], top: 0, before };
  const { tokens, loss, variables } = inspectText(network, tokenizer, text, options);
  const [found] = variables;
  const { starts, ends } = textPlaces(tokenizer, before, text);
  return {
    ...{ count: tokens.length, total: tokens.length, width: found!.width, of: found!.name },
    ...{ values: found!.values, names: tokens, loss, starts, ends },
    classesOf: 'characters',
    classes: Array.from(starts, (start, i) => kindOf(text.slice(start, ends[i]))),
  };
}

/** Where each token of a text stands, UTF-16 units. */
function textPlaces(
  tokenizer: OpenModel['tokenizer'],
  before: string,
  text: string,
): Required<Pick<NamedPoints, 'starts' | 'ends'>> {
  const encoding = tokenizer.encode(prepareText(before + text).text);
  const first = tokenizer.encode(prepareText(before).text).ids.length;
  const whole = before + text;
  let at = 0;
  const walk = (characters: number): number => {
    for (let i = 0; i < characters && at < whole.length; i++) {
      // A line end counts as one.
      if (whole.startsWith('\r\n', at)) at += 2;
      else at += whole.codePointAt(at)! > 0xffff ? 2 : 1;
    }
    return at - before.length;
  };
  walk(encoding.characters(0, first));
  const count = encoding.ids.length - first;
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = at - before.length;
    ends[i] = walk(encoding.characters(first + i, first + i + 1));
    // The later bytes of a character stand where it does.
    starts[i] = ends[i] === start && i > 0 ? starts[i - 1]! : start;
  }
  return { starts, ends };
}

/** What a token begins with, behind a space. */
function kindOf(token: string): string {
  const text = token.trimStart();
  if (text === '') return token === '' ? 'other' : 'space';
  if (/^\p{Lu}/u.test(text)) return 'capital';
  if (/^\p{L}/u.test(text)) return 'letter';
  if (/^\p{N}/u.test(text)) return 'digit';
  return /^[\p{P}\p{S}]/u.test(text) ? 'sign' : 'other';
}

type Placed = Pick<Projection, 'coordinates' | 'shares' | 'nearest' | 'cosines'>;

function* placesOf(points: NamedPoints): Generator<undefined, Placed, undefined> {
  const { count } = points;
  const { coordinates, shares } = yield* principalComponents(points, mostAxes);
  const near = createNearest(points);
  const nearest = new Float64Array(count * mostNear).fill(NaN);
  const cosines = new Float64Array(count * mostNear).fill(NaN);
  for (let point = 0; point < count; point++) {
    near(point, mostNear).forEach((found, i) => {
      nearest[point * mostNear + i] = found.point;
      cosines[point * mostNear + i] = found.cosine;
    });
    yield undefined;
  }
  return { coordinates, shares, nearest, cosines };
}
