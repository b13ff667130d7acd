import { sentence, type Sentence } from '../../core/sentence';
import { encodeRunInfo, runFileNames, type Annotations } from '../../core/training/run';
import {
  deletedName,
  type AnnotateRequest,
  type AnnotateResult,
  type DeleteRequest,
  type DeleteResult,
  type PurgeRequest,
  type PurgeResult,
  type RestoreRequest,
  type RestoreResult,
} from '../../protocol/jobs/manage';
import { wholeOf } from '../../protocol/jobs/shared';
import { failureOf } from '../failures';
import type { Job } from '../handler';
import type { Files } from '../platform';
import { readRunInfo } from '../run-folder';
import { annotated } from '../run-writer';

/** Keeps what the user says of a run. */
export async function annotate(
  request: AnnotateRequest,
  { platform: { files }, live }: Job<'annotate'>,
): Promise<AnnotateResult> {
  const training = [...live.values()].find(({ run }) => run === request.run);
  const change = (before: Annotations) => changed(before, request);
  const { title, tags } = await (training?.annotate(change) ??
    annotateKept(files, request.run, change));
  return { title: title ?? null, tags: tags ?? [] };
}

function changed(
  before: Annotations,
  { title: given = before.title ?? '', tags: chosen = before.tags ?? [] }: AnnotateRequest,
): Annotations {
  const title = given.trim();
  const tags = [...new Set(chosen.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  return { ...(title !== '' && { title }), ...(tags.length > 0 && { tags }) };
}

async function annotateKept(
  files: Files,
  run: string,
  change: (before: Annotations) => Annotations,
): Promise<Annotations> {
  await readRunInfo(files, run);
  const unlock = await files.lock(run, 'note');
  try {
    const info = annotated(await readRunInfo(files, run), change);
    await files.write(files.join(run, runFileNames.info), encodeRunInfo(info));
    return info;
  } finally {
    await unlock();
  }
}

/** Moves runs away at once, to where `restore` finds them; those that are being trained stay. */
export async function deleteRuns(
  { folder, runs }: DeleteRequest,
  { platform: { files, date } }: Job<'delete'>,
): Promise<DeleteResult> {
  const deletion = await newDeletion(files, folder, date());
  const place = files.join(folder, deletedName, deletion);
  const deleted: string[] = [];
  const refused: { run: string; reason: 'locked' | 'failed'; message: Sentence }[] = [];
  for (const run of runs) {
    if ((await files.lockedFor(run)) !== undefined) {
      refused.push({ run, reason: 'locked', message: sentence`${run} is being trained.` });
      continue;
    }
    try {
      await files.makeFolder(place);
      await files.move(run, files.join(place, files.baseName(run)));
      deleted.push(run);
    } catch (error) {
      refused.push({ run, reason: 'failed', message: wholeOf(failureOf(error)) });
    }
  }
  return { deletion, deleted, refused };
}

/** A deletion is called by its time, milliseconds since 1970; two at the same time by different ones. */
async function newDeletion(files: Files, folder: string, date: number): Promise<string> {
  const taken = await deletions(files, folder);
  return String(Math.max(date, (taken[0] ?? 0) + 1));
}

/** Newest first. */
async function deletions(files: Files, folder: string): Promise<number[]> {
  const names = await files.names(files.join(folder, deletedName));
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
}

/** Takes a deletion back. */
export async function restore(
  { folder, deletion: asked }: RestoreRequest,
  { platform: { files } }: Job<'restore'>,
): Promise<RestoreResult> {
  const deletion = asked ?? (await deletions(files, folder))[0]?.toString();
  if (deletion === undefined) return { runs: [] };
  const place = files.join(folder, deletedName, files.baseName(deletion));
  const runs: string[] = [];
  for (const name of await files.names(place)) {
    const run = files.join(folder, name);
    await files.move(files.join(place, name), run);
    runs.push(run);
  }
  await files.removeFolder(place);
  return { runs };
}

/** Removes for good what was deleted long enough ago. */
export async function purge(
  { folder, before }: PurgeRequest,
  { platform: { files } }: Job<'purge'>,
): Promise<PurgeResult> {
  const all = await deletions(files, folder);
  const old = all.filter((time) => time < before);
  for (const time of old) {
    await files.removeFolder(files.join(folder, deletedName, String(time)));
  }
  return { removed: old.length, left: all.length - old.length };
}
