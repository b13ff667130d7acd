/** Brown's tags as the twelve universal ones of Petrov, Das & McDonald 2012. The first that fits counts. */
/** @type {readonly (readonly [RegExp, string])[]} */
const TAGS = [
  [/^([().,:]|--|''|``)$/, '.'],
  [/^(\*|ql|qlp|rb|rbr|rbt|rn|wql|wrb)\b/, 'ADV'],
  [/^(pp\$|wp\$|abl|abn|abx|ap|at|dt|dti|dts|dtx|wdt)(?![a-z$])/, 'DET'],
  [/^(be|do|hv|md|vb)/, 'VERB'],
  [/^cc/, 'CONJ'],
  [/^(cs|in)(?![a-z])/, 'ADP'],
  [/^cd/, 'NUM'],
  [/^(jj|od)/, 'ADJ'],
  [/^(ex|rp|to|uh)(?![a-z])/, 'PRT'],
  [/^(nn|np|nr)/, 'NOUN'],
  [/^(pn|pp|wp)/, 'PRON'],
];

/** @param {string} tag as `np-tl`, `vb+ppo`, `fw-in`: of two in one the first counts */
export function universalTag(tag) {
  const plain = tag.toLowerCase();
  return TAGS.find(([pattern]) => pattern.test(plain))?.[1] ?? 'X';
}
