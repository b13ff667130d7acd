/** As the manifest calls lab notebooks; by itself, as activation needs it and nothing else of them. */
export const notebookType = 'rnn-lab-notebook';
