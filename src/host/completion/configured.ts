import { workspace, type ConfigurationScope } from 'vscode';
import { readOptions, type CompletionOptions } from './options';

/** The settings of a document. */
export function completionOptions(scope: ConfigurationScope): CompletionOptions {
  return readOptions(workspace.getConfiguration('rnnLab.completion', scope));
}
