/** Words that are no names in a module of JavaScript or TypeScript. */
const reservedWords =
  'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from function if implements import in instanceof interface let new null of package private protected public return static super switch this throw true try typeof var void while with yield undefined NaN Infinity';

/** What the code of a layer uses beside the cell's own names. */
const helpers =
  'times vector matrix bias floats past oneHot remember softmax layernorm tanh exp log sqrt abs sigmoid relu softplus mean max attend stack weights state x t Math Float32Array Float64Array';

/** What a script of a model of examples uses beside them. */
const examples =
  'network encode step predict readInput memory token steps main node usage isStarted logits odds order classes likely labels ids id names probability logProbability given before units inUnits numbersKnown carried listOf idIn idOf classOf inputNames inputText outputText textOf probabilities likeliest longestAnswer boundary rowOf fields missing plainNumber withThousands withDecimalComma numberIn pixelCount pixels all lists cells';

/** Gives out names that are JavaScript identifiers and differ from one another. */
export type Names = (wanted: string) => string;

export function createNames(): Names {
  const taken = new Set([reservedWords, helpers, examples].flatMap((words) => words.split(' ')));
  return (wanted) => {
    const plain = identifier(wanted);
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}_${String(number)}`;
    taken.add(name);
    return name;
  };
}

/** A cell's name may hold signs that an identifier may not: enclosing marks, a few letters. */
function identifier(name: string): string {
  const inner = name.replace(/\P{ID_Continue}/gu, '_');
  return /^[\p{ID_Start}_]/u.test(inner) ? inner : `_${inner}`;
}
