/** Classes of bags of features, as if each feature came by itself (McCallum & Nigam 1998, multinomial). */

export interface NaiveBayes {
  add(features: Iterable<string>, label: number): void;
  /** The likeliest class of those that were added. */
  answer(features: Iterable<string>): number;
}

/** @param classes how many there are */
export function createNaiveBayes(classes: number): NaiveBayes {
  const counts = new Map<string, Uint32Array | [label: number, count: number]>();
  const totals = new Float64Array(classes);
  const examples = new Float64Array(classes);

  /** Most features come with one class: a pair for them rather than an array. */
  function count(feature: string, label: number): void {
    const known = counts.get(feature);
    if (known === undefined) {
      counts.set(feature, [label, 1]);
    } else if (known instanceof Uint32Array) {
      known[label]!++;
    } else if (known[0] === label) {
      known[1]++;
    } else {
      const all = new Uint32Array(classes);
      all[known[0]] = known[1];
      all[label] = 1;
      counts.set(feature, all);
    }
  }

  return {
    add(features, label) {
      examples[label]!++;
      for (const feature of features) {
        count(feature, label);
        totals[label]!++;
      }
    },
    answer(features) {
      const scores = examples.map((times) => Math.log(times));
      // Laplace: each feature as if it had come once more.
      const norms = totals.map((total) => Math.log(total + counts.size));
      for (const feature of features) {
        const known = counts.get(feature);
        if (known === undefined) continue;
        for (let c = 0; c < classes; c++) {
          const times = known instanceof Uint32Array ? known[c]! : known[0] === c ? known[1] : 0;
          scores[c]! += Math.log(times + 1) - norms[c]!;
        }
      }
      return scores.reduce((best, score, c) => (score > scores[best]! ? c : best), 0);
    },
  };
}

/** The words of a text in small letters, and all that stand three letters together, its ends told apart. */
export function* textFeatures(text: string): Generator<string> {
  const lower = text.toLowerCase();
  for (const word of lower.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []) yield `w${word}`;
  const padded = ` ${lower.replace(/\s+/g, ' ')} `;
  if (!surrogates.test(padded)) {
    for (let i = 0; i + 3 <= padded.length; i++) yield padded.slice(i, i + 3);
    return;
  }
  const characters = Array.from(padded);
  for (let i = 0; i + 3 <= characters.length; i++) yield characters.slice(i, i + 3).join('');
}

/** Characters of two UTF-16 units. */
const surrogates = /[\ud800-\udfff]/;
