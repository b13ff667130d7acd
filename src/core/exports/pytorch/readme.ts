/** README.md of an exported folder: what it is, and the few commands that there are. */
import { tokenizers } from '../../data/kinds';
import { parameterCount } from '../../engine/parameters';
import type { Checkpoint } from '../../training/checkpoint';

export function readmeOf(
  { model, tokenizer, training, settings }: Checkpoint,
  { hasText }: { readonly hasText: boolean },
): string {
  const { cell, layers, hidden } = model.spec;
  const { batch } = settings.training;
  const kind = tokenizers[tokenizer.kind].plural;
  const parameters = parameterCount(model.parameters).toLocaleString('en');
  const cutsWords = tokenizer.kind === 'word' || tokenizer.kind === 'bpe';
  const text = hasText ? '' : ' --text FILE';
  return `# ${cell.name} in PyTorch

A language model of RNN Lab: ${String(layers)} × ${String(hidden)} hidden units, ${parameters} parameters, ${tokenizer.vocabulary.toLocaleString('en')} tokens (${kind}), after step ${training.step.toLocaleString('en')}.
It needs Python 3.8 and PyTorch 1.13, or newer, and nothing else.

\`\`\`sh
python train.py${text} --steps ${String(Math.max(1000, 2 * training.step))}        # trains on, from the last checkpoint in run/
python predict.py --prime "To be"      # writes text
\`\`\`

On several processors or GPUs, and on several machines that share this folder:

\`\`\`sh
torchrun --nproc-per-node 8 train.py${text} --amp bf16
torchrun --nnodes 4 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint HOST:29500 train.py${text} --amp bf16
sbatch job.sh                          # the same under Slurm
\`\`\`

The batch, now ${String(batch)} streams, is that of all processes together and is divided among them: \`--batch ${String(8 * batch)}\` makes it larger.
Where \`torchrun\` is missing, the variables RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT say the same.

It may be stopped or killed at any moment: the same command goes on from the last checkpoint. \`run/\` is a run's folder
of RNN Lab: **Open run…** shows it as far as it is; to go on there, \`rnn-lab train --resume run\`${hasText ? ' with this text' : ''}.

| File | What it is |
| --- | --- |
| \`model.py\` | the model, generated from its equations |
| \`train.py\`, \`options.py\`, \`processes.py\` | training, its flags, its processes |
| \`evaluation.py\`, \`optimizers.py\` | measuring, updates and schedules |
| \`data.py\` | tokenizer and batches: the ids and the order that RNN Lab has |
| \`predict.py\` | writes text |
| \`sequences.py\`, \`randomness.py\`, \`layout.py\`, \`files.py\` | what they need: sequences, dropout's masks, names of tensors, files of a run |
| \`run/\` | settings, equations, measurements, and checkpoints as safetensors |
${hasText ? `| \`text.txt\`${cutsWords ? ', `text.ids`' : ''} | the text that is trained on${cutsWords ? ', and its token ids' : ''} |\n` : ''}| \`export.json\` | what RNN Lab has counted for this folder |
| \`job.sh\` | a job for Slurm |
${
  cutsWords
    ? `
RNN Lab cuts words by Unicode's rules and dictionaries, which Python lacks: the training text comes as ids, and \`predict.py\`
cuts what you prime it with by a simpler rule.
`
    : ''
}`;
}
