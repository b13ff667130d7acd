// A mocha reporter: the spec reporter's lines, and in the file RNN_LAB_TEST_RESULTS the counts and what failed.
'use strict';
const fs = require('node:fs');
const util = require('node:util');
const Mocha = require('mocha');

const { Base, Spec } = Mocha.reporters;
const log = process.env['RNN_LAB_TEST_LOG'];
if (log) {
  // Inside an extension host the console goes elsewhere: whoever started it reads this file.
  Base.consoleLog = (/** @type {unknown[]} */ ...line) => {
    fs.appendFileSync(log, `${util.format(...line)}\n`);
  };
}

/** @typedef {import('./results.mjs').Counts} Counts */

/** Enough to see what was wrong, and from where. */
const MOST_CHARACTERS = 2000;

/**
 * @param {Mocha.Runnable} test or hook
 * @param {any} error whatever was thrown
 */
function tellFailure(test, error) {
  return `${test.fullTitle()}\n${error?.stack ?? error}`.slice(0, MOST_CHARACTERS);
}

module.exports = class extends Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    /** @type {string[]} */
    const failing = [];
    runner.on(Mocha.Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failing.push(tellFailure(test, error));
    });
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const results = process.env['RNN_LAB_TEST_RESULTS'];
      if (results) {
        // A pending test is one that somebody skipped: none may be.
        const { passes, failures, pending } = this.stats;
        /** @type {Counts} */
        const counts = { passed: passes, failed: failures + pending, failing };
        const temporary = `${results}.tmp`;
        fs.writeFileSync(temporary, JSON.stringify(counts));
        fs.renameSync(temporary, results);
      }
    });
  }
};
