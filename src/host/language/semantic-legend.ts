import { SemanticTokensLegend } from 'vscode';

/** What colours tell apart; the manifest names those that are not VS Code's own, and their colours. */
const types = ['variable', 'state', 'input', 'matrix', 'bias', 'function', 'keyword'] as const;
export type SemanticType = (typeof types)[number];

export const semanticLegend = new SemanticTokensLegend([...types], ['declaration']);
