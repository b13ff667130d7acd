/** How strongly each step that a model of examples has read is shaded in the text. */
import type { Examined } from '../../protocol/engine';
import type { ExampleShading } from '../../protocol/panel';
import type { Shade } from '../lenses/shading';
import type { DocumentSpan } from '../rows/places';

/**
 * @param part of the answer, from 0
 * @param places of the steps in the document
 */
export function exampleShades(
  { answer, picture, inside }: Examined,
  shading: ExampleShading,
  part: number,
  places: readonly DocumentSpan[],
): Shade[] {
  const strengths = ((): ArrayLike<number> => {
    switch (shading) {
      case 'nothing':
        return [];
      case 'dependence':
        return dependenceOf(inside, part);
      case 'score':
        return picture?.of === 'prefixes' ? rowOf(picture, picture.rows.indexOf(answer)) : [];
      case 'attention':
        return picture?.of === 'attention' ? rowOf(picture, part) : [];
    }
  })();
  return places.flatMap(({ start, end }, i) => {
    const strength = strengths[i];
    return strength === undefined ? [] : [{ start, end, strength }];
  });
}

function rowOf({ columns, values }: NonNullable<Examined['picture']>, row: number): Float64Array {
  const { length } = columns;
  return row < 0 ? new Float64Array() : values.subarray(row * length, (row + 1) * length);
}

/** Shares of the largest. */
function dependenceOf(inside: Examined['inside'], part: number): Float64Array {
  const read = inside?.inputs.find(({ domain }) => domain === 't');
  if (!inside || !read) return new Float64Array();
  const steps = read.norms.length / inside.parts.length;
  const norms = read.norms.subarray(part * steps, (part + 1) * steps);
  const greatest = Math.max(...norms);
  return greatest > 0 ? norms.map((norm) => norm / greatest) : norms;
}
