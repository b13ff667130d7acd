import { NotRun, type Check } from '../check';

export const adding: Check = {
  name: 'adding',
  title: 'Adding problem: mean squared error below 1/6, that of the constant guess',
  source: 'Hochreiter & Schmidhuber 1997',
  run() {
    throw new NotRun('it asks for a number, and RNN Lab’s output is a choice among tokens');
  },
};
