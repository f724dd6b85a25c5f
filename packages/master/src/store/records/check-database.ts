/**
 * Looks at an LMDB file before LMDB does. LMDB maps the file and follows what stands there: a page number out of nowhere ends the process. Here it
 * is a sentence.
 *
 * Every branch page is looked at, so that no page beyond the end of the file can be reached, and as many leaf pages as there is time for.
 * What stands in the records is checked when they are read.
 */
import { DamagedStore } from '../errors.js';
import { readChildren, readLeaf, readMeta, type Tree } from './database-page.js';
import { PageFile } from './page-file.js';

/** A leaf page takes about 5 µs. */
const mostLeafPages = 16_384;
const deepest = 32;

interface Walk {
  readonly pages: PageFile;
  leavesLeft: number;
}

/** @throws DamagedStore */
export function checkDatabase(path: string): void {
  using pages = PageFile.open(path);
  const meta = readMeta(pages);
  const walk: Walk = { pages, leavesLeft: mostLeafPages };
  checkTree(meta.free, walk, () => undefined);
  const named: Tree[] = [];
  checkTree(meta.main, walk, (tree) => named.push(tree));
  for (const tree of named) checkTree(tree, walk, () => undefined);
}

/** Level by level: what is left out for want of time are leaves. */
function checkTree({ root, depth }: Tree, walk: Walk, onNamed: (tree: Tree) => void): void {
  if (root === undefined) return;
  if (depth < 1 || depth > deepest)
    throw new DamagedStore(walk.pages.path, `a tree of it is said to be ${depth} pages deep`);
  let level: readonly number[] = [root];
  for (let i = 1; i < depth; i++) {
    const children: number[] = [];
    for (const page of level) for (const child of readChildren(walk.pages, page)) children.push(child);
    if (children.length > walk.pages.count)
      throw new DamagedStore(walk.pages.path, 'a tree of it has more pages than there are');
    level = children;
  }
  for (const page of level) {
    if (walk.leavesLeft-- <= 0) return;
    for (const tree of readLeaf(walk.pages, page)) onNamed(tree);
  }
}
