import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  it('ends without an error', async () => {
    const extension = vscode.extensions.getExtension('rnn-lab.rnn-lab');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
