import fs from 'node:fs';
import path from 'node:path';

/** What a page of the documentation shows. */
export interface Page {
  readonly file: string;
  readonly text: string;
  /** What stands between fences, without them. */
  readonly codeBlocks: readonly string[];
  /** `#`, `##`, …: the level of each heading in its order. */
  readonly levels: readonly string[];
  /** Addresses of headings within the page, as GitHub makes them. */
  readonly anchors: readonly string[];
  /** Addresses of all pictures, those for dark themes included. */
  readonly pictures: readonly string[];
  /** Targets of links that do not leave the repository: `docs/panel.md#loss`. */
  readonly links: readonly string[];
  /** What is written in bold. */
  readonly bold: readonly string[];
  /** Tables, each a list of rows of cells, the heading first. */
  readonly tables: readonly (readonly (readonly string[])[])[];
}

/** Reads a page of the repository. */
export function readPage(file: string): Page {
  const text = fs.readFileSync(file, 'utf8');
  const fence = /^( *)```[^\n]*\n([^]*?)^\1```$/gm;
  const prose = text
    .replaceAll(fence, '')
    .replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll('*', ''));
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)];
  return {
    file,
    text,
    codeBlocks: [...text.matchAll(fence)].map(([, , code = '']) => code),
    levels: headings.map(([, level = '']) => level),
    anchors: headings.map(([, , title = '']) => anchorOf(title)),
    pictures: [...prose.matchAll(/\bsrc(?:set)?="([^"]+)"/g)].map(([, picture = '']) => picture),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target)),
    bold: [...prose.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words),
    tables: [...prose.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) => rowsOf(table)),
  };
}

/** All pages but those of other people. */
export function allPages(): string[] {
  const docs = fs.readdirSync('docs').filter((name) => name.endsWith('.md'));
  return [
    ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
    ...docs.map((name) => path.posix.join('docs', name)),
  ];
}

/** The rows of a table, without the line below its heading. */
function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .filter((row) => !/^[|\s:-]+$/.test(row))
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');
}
