import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { firstRow, rowsOf, type Dataset } from '../task/dataset';

/**
 * What each class's loss counts so that all of them count the same: n / (k nₖ), with nₖ of the n targets of the training
 * part of the class, and k classes that occur (King & Zeng 2001; scikit-learn's `class_weight="balanced"`). 1 for a class
 * that does not occur. The mean over the training part's targets is 1.
 *
 * @throws InputError if the answers are not classes
 */
export function balancedWeights({ output, alignment, parts }: Dataset): Float64Array {
  const { values } = output;
  if (values.kind !== 'symbols' || alignment === 'delayed') {
    throw new InputError(
      sentence`There are no classes to balance: the answers are not one of several classes.`,
      sentence`Leave out --class-weights.`,
    );
  }
  const counts = new Float64Array(values.classes);
  for (const example of parts.train) {
    const first = firstRow(output, example);
    const end = first + rowsOf(output, example);
    for (let row = first; row < end; row++) {
      const id = values.ids[row]!;
      if (id >= 0) counts[id]! += 1;
    }
  }
  const all = counts.reduce((sum, count) => sum + count, 0);
  const occurring = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? all / (occurring * count) : 1));
}
