/** Names in generated Python. */

/** Words that are no names in Python. */
const reserved =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case';

/** What a layer's code uses beside the cell's own names. */
const helpers =
  'self torch nn F x x_t tokens state after t steps batch like delayed latest columns one_hot stacked everywhere softplus layer_norm keep_zero list range len tuple super';

/** Attributes that a torch.nn.Module has already, or gets here. */
const attributes =
  'place rnn training forward half float double bfloat16 type to cpu cuda ipu xpu mtia eval train apply compile parameters buffers children modules state_dict zero_grad share_memory extra_repr dump_patches call_super_init requires_grad_ to_empty add_module named_parameters named_modules named_children named_buffers get_parameter get_buffer get_submodule set_submodule register_buffer register_parameter register_module register_forward_hook load_state_dict get_extra_state set_extra_state T_destination';

/** Gives out names that are Python identifiers and differ from one another. */
export type Names = (wanted: string) => string;

export function createNames(): Names {
  const taken = new Set([reserved, helpers, attributes].flatMap((words) => words.split(' ')));
  return (wanted) => {
    const plain = identifier(wanted);
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}_${String(number)}`;
    taken.add(name);
    return name;
  };
}

/** Python takes letters that are compatible for the same one (PEP 3131), so names are told apart as it does. */
function identifier(name: string): string {
  const inner = name.normalize('NFKC').replace(/[^\p{ID_Continue}]/gu, '_');
  const plain = /^[\p{ID_Start}_]/u.test(inner) ? inner : `_${inner}`;
  // Two underscores at the beginning are mangled in a class.
  return plain.replace(/^__+/, '_');
}

/** A text as a literal in which nothing is invisible. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/gu, (character) => {
    const code = character.codePointAt(0)!;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Lines of a text as comments. */
export function comment(text: string, indent: string): string {
  return text
    .split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
    .map((line) => `${indent}# ${line}`.trimEnd())
    .join('\n');
}
