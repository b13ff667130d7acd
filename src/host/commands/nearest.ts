/** Nearest words…: the tokens whose vectors are nearest to that of the word at the cursor. */
import { env, l10n, window, type QuickPickItem, type TextEditor } from 'vscode';
import type { ModelSource, NearestRequest, NearestResult } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import { textEditorInFront } from '../documents';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { canPredict, canSample, knownRun } from '../runs/run';

/** Tokens that are listed. */
const mostListed = 30;

/** Enter on one of them asks about that one; a button copies it. */
export async function nearestWords(lab: Lab): Promise<void> {
  const editor = textEditorInFront();
  if (!editor) throw new UserError(l10n.t('No text is open. Open one first.'));
  const model = await modelFor(lab, editor);
  let asked: Question | undefined = { words: wordsAt(editor), matrix: null };
  while (asked) {
    const request = { kind: 'nearest', model, most: mostListed, ...asked } as const;
    asked = await choose(await lab.engine.start(request).result);
  }
}

type Question = Pick<NearestRequest, 'words' | 'token' | 'matrix'>;
type Item = QuickPickItem & { readonly asked?: Question };

/** @returns what is asked next; undefined: nothing */
async function choose({
  word,
  matrix,
  matrices,
  near,
  step,
}: NearestResult): Promise<Item['asked']> {
  const format = formatFor(env.language);
  const tokens = near.map((each): Item => ({
    label: each.name,
    description: l10n.t('cosine {0}', format.loss(each.cosine)),
    asked: { words: [], token: each.token, matrix },
  }));
  const others = matrices
    .filter(({ name }) => name !== matrix)
    .map(({ name }): Item => ({
      label: `$(symbol-array) ${name}`,
      description: l10n.t('the same by this matrix'),
      // By its word: another matrix may be that of other tokens.
      asked: { words: [word], matrix: name },
    }));
  const picked = await window.showQuickPick([...tokens, ...others], {
    title: l10n.t('Nearest to {0}', JSON.stringify(word)),
    placeHolder: l10n.t(
      'By the vectors in {0}, at step {1}. Enter asks about another token.',
      matrix,
      format.count(step),
    ),
  });
  return picked?.asked;
}

/** The word at the cursor as it stands, and written small; then the character. */
function wordsAt({ document, selection }: TextEditor): string[] {
  const { active } = selection;
  const range = selection.isEmpty ? document.getWordRangeAtPosition(active) : selection;
  const word = range ? document.getText(range) : '';
  const line = document.lineAt(active.line).text;
  const character = Array.from(line.slice(active.character))[0] ?? '\n';
  const all = [word, ` ${word}`, word.toLocaleLowerCase(), character];
  return [...new Set(all)].filter((each) => each.trim() !== '' || each === character);
}

/** Of the run that follows the document, else the one on show. */
async function modelFor(
  { runs, choice, run: command }: Lab,
  editor: TextEditor,
): Promise<ModelSource> {
  const answering = await choice.answererOf(editor.document);
  const found = answering ?? (await choice.modelOf(editor.document))?.folder;
  if (found === undefined && !runs.current) await runs.openNewest();
  const { current } = runs;
  const folder = found ?? current?.folder;
  const known = folder === undefined ? undefined : knownRun(runs, folder);
  if (folder === undefined || (known && !canSample(known) && !canPredict(known))) {
    throw new UserError(l10n.t('There is no model yet. Train one first.'), [
      { title: l10n.t('Train RNN on this file'), run: () => command('train') },
    ]);
  }
  if (folder === current?.folder && current.facts.task === undefined) {
    const model = runs.model();
    if (model) return model;
  }
  return {
    ...{ kind: 'run', run: folder },
    ...(known?.traveled !== undefined && { checkpoint: known.traveled }),
  };
}
