import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import { isLive, latest, type Run } from '../../state';
import { diagnoseLoss, type Course } from './diagnosis';
import { remediesFor, type Remedy } from './remedies';

/** How a training goes, in words, and what can be tried. */
export interface CourseTelling {
  readonly course: Course;
  /** What is so, a sentence. */
  readonly claim: string;
  /** What it means, a sentence or two; empty where all is well. */
  readonly advice: string;
  readonly remedies: readonly Remedy[];
}

/** Undefined while it is too early to tell. */
export function tellCourse(run: Run, format: Format): CourseTelling | undefined {
  const course = diagnoseLoss(run);
  if (!course) return undefined;
  const { facts, status } = run;
  const situation = { facts, status, rate: latest(run, 'learningRate') };
  const remedies = remediesFor(course, situation, format);
  const live = isLive(status.phase);
  const words = wordsOf(course, live, format);
  const ofExamples = facts.task === null ? undefined : adviceOnExamples(course, live, format);
  return { course, remedies, ...words, advice: ofExamples ?? words.advice };
}

function wordsOf(course: Course, live: boolean, format: Format): { claim: string; advice: string } {
  const since = format.count(course.since);
  switch (course.kind) {
    case 'rate too high':
      return {
        claim: Number.isNaN(course.now)
          ? l10n.t('The learning rate is too high: since step {0} the loss is not a number.', since)
          : l10n.t(
              'The learning rate is too high: since step {0} the training loss has risen from {1} to {2}.',
              since,
              format.loss(course.lowest),
              format.loss(course.now),
            ),
        advice: l10n.t('Steps are so long that they undo what was learnt before.'),
      };
    case 'overfitting':
      return {
        claim: l10n.t(
          'Overfitting since step {0}: the validation loss has risen from {1} to {2} while the training loss keeps falling.',
          since,
          format.loss(course.best),
          format.loss(course.now),
        ),
        advice: live
          ? l10n.t(
              'The model learns its text by heart. The checkpoint of step {0} is kept; dropout, fewer units or more text help.',
              since,
            )
          : l10n.t(
              'The model has learnt its text by heart. Samples come from the checkpoint of step {0}; dropout, fewer units or more text help.',
              since,
            ),
      };
    case 'learnt':
      return {
        claim: l10n.t(
          'There is hardly anything left to learn: the loss is {0}.',
          format.loss(course.rest),
        ),
        advice: '',
      };
    case 'underfitting':
      return {
        claim: l10n.t(
          'Underfitting since step {0}: neither loss falls any further, and the validation loss is no more than {1} above the training loss.',
          since,
          format.loss(Math.max(0, course.gap)),
        ),
        advice: l10n.t(
          'The model has learnt what it can hold: more units or layers may learn more, or a longer training if the learning rate has come down early.',
        ),
      };
    case 'plateau':
      return {
        claim:
          course.gap === undefined
            ? l10n.t(
                'A plateau since step {0}: the training loss does not fall any further.',
                since,
              )
            : l10n.t(
                'A plateau since step {0}: the validation loss does not fall any further.',
                since,
              ),
        advice: course.learns
          ? l10n.t(
              'What the model still learns of its training text does not help with new text: overfitting may follow.',
            )
          : l10n.t('A lower learning rate may find a way down, or another cell or size.'),
      };
    case 'improving':
      return {
        claim: l10n.t(
          'Still improving: the loss has fallen by {0} since step {1}.',
          format.loss(course.gain),
          since,
        ),
        advice: live ? '' : l10n.t('Training for longer is likely to lower it further.'),
      };
  }
}

/** What is said otherwise of examples, which are answered and not continued; undefined: nothing. */
function adviceOnExamples(course: Course, live: boolean, format: Format): string | undefined {
  const since = format.count(course.since);
  if (course.kind === 'overfitting') {
    return live
      ? l10n.t(
          'The model learns its examples by heart. The checkpoint of step {0} is kept; dropout, fewer units or more examples help.',
          since,
        )
      : l10n.t(
          'The model has learnt its examples by heart. Answers come from the checkpoint of step {0}; dropout, fewer units or more examples help.',
          since,
        );
  }
  return course.kind === 'plateau' && course.learns
    ? l10n.t(
        'What the model still learns of its training examples does not help with new ones: overfitting may follow.',
      )
    : undefined;
}
