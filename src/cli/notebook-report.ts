import { reportOf, verdictLine } from '../core/notebooks/report';
import type { Results } from '../core/notebooks/results';
import { toEnglish } from '../core/sentence';
import type { Outcome } from '../notebooks/run';
import type { NotebookEvent } from '../notebooks/running';
import { bar, duration, plural, whole } from './format';
import { jsonLine, type Terminal } from './terminal';

export interface NotebookOutput {
  event(event: NotebookEvent): void;
  done(outcome: Outcome): void;
}

/** What a person sees of a notebook that runs: a line of progress, then tables. */
export function notebookReport(terminal: Terminal, jobs: number): NotebookOutput {
  let begin = 0;
  let kept = 0;
  let of = 0;
  return {
    event(event) {
      switch (event.event) {
        case 'timing':
          terminal.progress(
            `Timing ${plural(event.of, 'model')} alone: ${whole(event.done + 1)} of ${whole(event.of)}`,
          );
          break;
        case 'experiment': {
          const { experiment } = event.plan;
          begin = performance.now();
          kept = event.kept;
          of = event.runs;
          const there = kept > 0 ? `, ${whole(kept)} of them there already` : '';
          const side = jobs > 1 ? `; up to ${whole(jobs)} side by side` : '';
          terminal.note(`${experiment.name}: ${plural(of, 'run')}${there}${side}`);
          break;
        }
        case 'trial': {
          const { done, result } = event;
          if (result.failure) terminal.note(`Note: ${toEnglish(result.failure)}`);
          const seconds = (performance.now() - begin) / 1000;
          const left = ((of - done) * seconds) / Math.max(1, done - kept);
          const line = `${whole(done)} of ${plural(of, 'run')}`;
          if (terminal.live)
            terminal.progress(`${bar(done / of, 24)} ${line}  about ${duration(left)} left`);
          else terminal.note(line);
          break;
        }
        case 'results': {
          const { plan } = event.results;
          terminal.progress('');
          terminal.out(`\n${plan.experiment.name}\n${reportOf(event.results).join('\n')}\n`);
          break;
        }
        case 'sample':
          terminal.out(`\n${event.text.replace(/\n?$/, '\n')}`);
          break;
        case 'training':
      }
    },
    done({ results }) {
      const failed = [...results.values()].flatMap(({ verdicts }) =>
        verdicts.filter(({ holds }) => !holds),
      );
      if (failed.length === 0) return;
      terminal.note(
        `${plural(failed.length, 'condition')} ${failed.length === 1 ? 'does' : 'do'} not hold:`,
      );
      for (const verdict of failed) terminal.note(verdictLine(verdict));
    },
  };
}

/** The JSON Lines of `rnn-lab notebook --json`; their fields are described in docs/notebooks.md. */
export function notebookJson(terminal: Terminal): NotebookOutput {
  const write = (value: object): void => {
    terminal.out(jsonLine(value));
  };
  return {
    event(event) {
      switch (event.event) {
        case 'experiment': {
          const { experiment } = event.plan;
          write({
            event: 'experiment',
            experiment: experiment.name,
            runs: event.runs,
            kept: event.kept,
          });
          break;
        }
        case 'trial': {
          const { trial, run, measures, stopped, failure } = event.result;
          const { values, seed } = trial;
          const told = failure && { failure: toEnglish(failure) };
          const experiment = event.plan.experiment.name;
          write({
            event: 'run',
            experiment,
            run,
            values,
            seed,
            measures,
            ...(stopped && { stopped }),
            ...told,
          });
          break;
        }
        case 'results':
          write(resultsLine(event.results));
          break;
        case 'sample':
          write({
            event: 'sample',
            experiment: event.sample.run,
            run: event.run,
            text: event.text,
          });
          break;
        case 'timing':
        case 'training':
      }
    },
    done({ isWhole, holds }) {
      write({ event: 'done', whole: isWhole, holds });
    },
  };
}

function resultsLine({ plan, metrics, rows, done, verdicts, floors, variance }: Results): object {
  return {
    event: 'results',
    experiment: plan.experiment.name,
    runs: plan.trials.length,
    done,
    floors,
    rows: rows.map(({ values, cells, mark, stopped, failed, runs }) => ({
      ...{ values, mark, stopped, failed, runs },
      metrics: Object.fromEntries(cells.map((cell, i) => [metrics[i]!, cell])),
    })),
    expect: verdicts.map(({ condition, holds, left, right, p, pairs, problem }) => ({
      ...{ condition: condition.text, holds, left: left.value, right: right.value, p, pairs },
      ...(problem && { problem: toEnglish(problem) }),
    })),
    ...(variance && {
      variance: variance.effects.map(({ settings, share, interval }) => ({
        settings: settings.map((setting) => plan.varied[setting]!.name),
        ...{ share, interval },
      })),
    }),
  };
}
