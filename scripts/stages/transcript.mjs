/**
 * The output of what runs at the same time, written as if one had run after the other: the one that began first is
 * written as it comes, what the others say is kept until it is their turn.
 *
 * @param {(text: string) => void} write
 * @returns {() => { print: (text: string) => void, end: () => void }} begins another
 */
export function createTranscript(write) {
  /** @type {{ text: string, ended: boolean }[]} */
  const open = [];

  function flush() {
    for (let first = open[0]; first; first = open[0]) {
      if (first.text !== '') write(first.text);
      first.text = '';
      if (!first.ended) return;
      open.shift();
    }
  }

  return () => {
    const output = { text: '', ended: false };
    open.push(output);
    return {
      print(text) {
        output.text += text;
        flush();
      },
      end() {
        output.ended = true;
        flush();
      },
    };
  };
}
