/** Greek letters that TeX has commands for. */
const greekCommands: ReadonlyMap<string, string> = new Map(
  [
    ...['α alpha', 'β beta', 'γ gamma', 'δ delta', 'ε epsilon', 'ζ zeta', 'η eta', 'θ theta'],
    ...['ι iota', 'κ kappa', 'λ lambda', 'μ mu', 'ν nu', 'ξ xi', 'π pi', 'ρ rho', 'σ sigma'],
    ...['τ tau', 'υ upsilon', 'φ phi', 'χ chi', 'ψ psi', 'ω omega'],
    ...['Γ Gamma', 'Δ Delta', 'Θ Theta', 'Λ Lambda', 'Ξ Xi', 'Π Pi', 'Σ Sigma', 'Υ Upsilon'],
    ...['Φ Phi', 'Ψ Psi', 'Ω Omega'],
  ].flatMap((pair) => {
    const [letter = '', name = ''] = pair.split(' ');
    return [[letter, `\\${name}`] as const, [name, `\\${name}`] as const];
  }),
);

/** Endings that papers draw above the letter: `h_tilde` is h̃. */
const accents: ReadonlyMap<string, string> = new Map([
  ['tilde', '\\tilde'],
  ['hat', '\\hat'],
  ['bar', '\\bar'],
  ['dot', '\\dot'],
]);

/** A name in TeX: the letter, and what stands below it. */
export interface TexName {
  readonly base: string;
  /** Empty where there is none. */
  readonly index: string;
}

/**
 * Sets a name as papers do: `Whh` as W with the index hh, `bz` as b with the index z, `h_tilde` as h̃,
 * `alpha` as α, `gate_1` as an upright gate with the index 1, and `h.Wz`, the Wz of a cell that makes h, as W with the
 * index z and (h) above it.
 */
export function texOfName(name: string): TexName {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return texOfPlainName(name);
  const [owner, own] = [texOfName(name.slice(0, dot)), texOfPlainName(name.slice(dot + 1))];
  const above = owner.index === '' ? owner.base : `${owner.base}_{${owner.index}}`;
  return { base: `${own.base}^{(${above})}`, index: own.index };
}

function texOfPlainName(name: string): TexName {
  const [stem, ...rest] = name.split('_').filter((part) => part !== '');
  if (stem === undefined) return { base: name.replaceAll('_', '\\_'), index: '' };
  const accent = accents.get(rest.at(-1) ?? '');
  const indices = accent === undefined ? rest : rest.slice(0, -1);
  const { base, index } = split(stem);
  const parts = [index, ...indices.map(word)].filter((part) => part !== '');
  return {
    base: accent === undefined ? base : `${accent}{${base}}`,
    index: parts.join(','),
  };
}

/** A letter and the letters or digits that follow it closely; longer lowercase words stay words. */
function split(stem: string): TexName {
  const whole = { base: word(stem), index: '' };
  if (greekCommands.has(stem)) return whole;
  const parts = /^([A-Za-z])([A-Za-z0-9]+)$/.exec(stem);
  const [, letter, index] = parts ?? [];
  if (letter === undefined || index === undefined) return whole;
  const isIndex = /^[A-Z]|^.\d+$/.test(stem) || index.length <= 2;
  return isIndex ? { base: letter, index: index.length <= 2 ? index : word(index) } : whole;
}

function word(text: string): string {
  const command = greekCommands.get(text);
  if (command !== undefined) return command;
  if (/^(?:[A-Za-z]|\d+)$/.test(text)) return text;
  return /^[A-Za-z0-9]+$/.test(text) ? `\\mathrm{${text}}` : `\\text{${text}}`;
}
