/** Words that are no names in a module of JavaScript or TypeScript. */
const reservedWords =
  'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from function if implements import in instanceof interface let new null of package private protected public return static super switch this throw true try typeof var void while with yield undefined NaN Infinity';

/** What the code of a layer uses beside the cell's own names. */
const helpers =
  'times vector oneHot remember softmax layernorm weights state x Math Float32Array Float64Array';

/** Gives out names that are JavaScript identifiers and differ from one another. */
export type Names = (wanted: string) => string;

export function createNames(): Names {
  const taken = new Set([...reservedWords.split(' '), ...helpers.split(' ')]);
  return (wanted) => {
    let name = identifier(wanted);
    while (taken.has(name)) name += '_';
    taken.add(name);
    return name;
  };
}

/** A cell's name may hold signs that an identifier may not: enclosing marks, a few letters. */
function identifier(name: string): string {
  const inner = name.replace(/\P{ID_Continue}/gu, '_');
  return /^[\p{ID_Start}_]/u.test(inner) ? inner : `_${inner}`;
}
