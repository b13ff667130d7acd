/** What is read of all steps of a sequence: `mean(s)`, `max(s)`, `attend(q, s)`. */
import { isScalar, isUppercase, isVariable } from './names';
import type { Place, RawExpression, RawGroup } from './raw';
import { sequenceName, type Surroundings } from './read-variable';
import { sentence } from '../sentence';
import type { Expression, PoolName, SequenceName } from './syntax';

/** What stands for a mistake. */
export function nothing(place: Place, text: Surroundings): Expression {
  return { kind: 'number', value: 0, span: text.spanOf(place) };
}

/** What stands for a mistaken read: a vector of any width, so that no second error follows from it. */
function unread(place: Place, text: Surroundings): Expression {
  return { kind: 'bias', name: '', span: text.spanOf(place) };
}

export function reportArguments(name: string, { start, end }: Place, text: Surroundings): void {
  const hint = sentence`Only attend and cells have several arguments, and a decimal number has a point.`;
  text.report(sentence`${name} has one argument.`, { start, end }, hint);
}

/** `mean(s)` or `max(s)`. */
export function pool(
  name: PoolName,
  place: Place,
  { inner, more: [more] }: RawGroup,
  text: Surroundings,
): Expression {
  if (more) reportArguments(name, more, text);
  const read = sequenceName(inner, name, place, text);
  if (!read) return unread(place, text);
  const { name: sequence, span: nameSpan, domain } = read;
  return { kind: 'pool', pool: name, name: sequence, nameSpan, domain, span: text.spanOf(place) };
}

/** `attend(query, sequence)`, `attend(query, keys, values)` or `attend(query, keys, values, v)`. */
export function attend(
  place: Place,
  brackets: RawGroup,
  query: Expression,
  text: Surroundings,
): Expression {
  const [first, second, third, ...others] = brackets.more;
  if (!first || others.length > 0) {
    text.report(
      sentence`attend has two, three or four arguments.`,
      place,
      sentence`Write attend(query, states), attend(query, keys, values), or attend(query, keys, values, v) with a score vector v.`,
    );
    return unread(place, text);
  }
  const keys = sequenceName(first.value, 'attend', first, text);
  const values = second ? sequenceName(second.value, 'attend', second, text) : keys;
  const score = third && scoreOf(third.value, third, text);
  if (!keys || !values || (third && !score)) return unread(place, text);
  if (keys.domain !== values.domain) {
    text.report(
      sentence`${keys.name} runs over ${keys.domain} and ${values.name} over ${values.domain}, but each key belongs to a value.`,
      place,
      sentence`Use keys and values that have the same steps.`,
    );
  }
  if (isScalar(query)) {
    const hint = sentence`Write a vector to compare the keys with.`;
    text.report(sentence`The query of attend is a number.`, brackets.inner ?? brackets, hint);
  }
  const span = text.spanOf(place);
  return { kind: 'attend', query, keys, values, score, domain: keys.domain, span };
}

function scoreOf(
  node: RawExpression | null,
  place: Place,
  text: Surroundings,
): SequenceName | undefined {
  const name = node?.kind === 'name' && !node.index ? node.name.text : undefined;
  if (node && name !== undefined && !isUppercase(name) && !isVariable(name, text.defined)) {
    return { name, span: text.spanOf(node) };
  }
  text.report(
    sentence`The fourth argument of attend is a learnt vector.`,
    node ?? place,
    sentence`Write a lowercase name that no equation defines, such as v.`,
  );
  return undefined;
}
