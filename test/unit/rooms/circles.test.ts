import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

/** Every TypeScript file of the product with the files that it imports, types alone included. */
function importsOf(folders: readonly string[]): Map<string, string[]> {
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.split(path.sep).includes('assembly'))
      .map((file) => path.join(folder, file)),
  );
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(fs.readFileSync(file, 'utf8'));
      const found = importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => path.join(path.dirname(file), fileName))
        .flatMap((name) => [`${name}.ts`, path.join(name, 'index.ts')])
        .filter((name) => known.has(name));
      return [file, found];
    }),
  );
}

/** Files that import each other round about: the first circle found, else nothing. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  function visit(file: string, way: readonly string[]): string[] {
    const begin = way.indexOf(file);
    if (begin >= 0) return [...way.slice(begin), file];
    if (done.has(file)) return [];
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  }
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe('files', () => {
  it('do not import each other in a circle, not even types', () => {
    // import-x/no-cycle passes over imports of types.
    const imports = importsOf(['src', 'webview']);
    assert.deepEqual(
      imports.get(path.join('src', 'core', 'engine', 'network.ts')),
      ['backend.ts', 'compile.ts', 'model.ts'].map((name) =>
        path.join('src', 'core', 'engine', name),
      ),
    );
    assert.deepEqual(circleIn(imports), []);
  });

  it('would be found if they did', () => {
    const circle = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    assert.deepEqual(circleIn(circle), ['b', 'd', 'b']);
  });
});
