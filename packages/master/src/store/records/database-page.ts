// Pages of an LMDB file as lmdb 3.5 writes them (its liblmdb/mdb.c: MDB_meta, MDB_page_header, MDB_node), in the machine's byte order.
import { endianness } from 'node:os';
import { DamagedStore } from '../errors.js';
import type { PageFile } from './page-file.js';

export interface Tree {
  /** Undefined when it is empty. */
  readonly root: number | undefined;
  readonly depth: number;
}

export interface Meta {
  readonly free: Tree;
  readonly main: Tree;
}

interface MetaCopy extends Meta {
  readonly transaction: number;
  /** It may not be on disk: another copy says what is. */
  readonly overlapped: boolean;
}

const head = { number: 0, flags: 18, lower: 20, bytes: 24 };
const meta = {
  magic: 0,
  version: 4,
  pageBytes: 24,
  flags: 28,
  free: 24,
  main: 72,
  transaction: 128,
  bytes: 144,
};
const tree = { depth: 6, root: 40, bytes: 48 };
const node = { size: 0, flags: 4, keyBytes: 6, bytes: 8, overflowBytes: 24 };
const metaMagic = 0xbeefc0de;
const dataVersion = 2;
const flag = { branch: 0x01, leaf: 0x02, meta: 0x08, bigData: 0x01, subData: 0x02, overlapped: 0x1000 };
const noPage = 0xffff_ffff_ffff_ffffn;
const little = endianness() === 'LE';

/** The copy that LMDB begins from after a crash: the newest that was flushed. @throws DamagedStore */
export function readMeta(file: PageFile): Meta {
  const first = file.read(0, head.bytes + meta.bytes);
  const pageBytes = u32(first, head.bytes + meta.pageBytes);
  const sane =
    isMeta(first) && pageBytes >= 256 && pageBytes <= 65_536 && (pageBytes & (pageBytes - 1)) === 0;
  if (!sane) throw new DamagedStore(file.path, 'it does not begin as a database does');
  file.pageBytes = pageBytes;
  const [even, flushed, odd] = [0, pageBytes / 2, pageBytes].map((at) =>
    copyOf(file.read(at, head.bytes + meta.bytes)),
  );
  if (even === undefined || flushed === undefined || odd === undefined)
    throw new DamagedStore(file.path, 'it has no beginning');
  const latest = even.transaction >= odd.transaction ? even : odd;
  return latest.overlapped && flushed.transaction > 0 ? flushed : latest;
}

/** The pages below a branch page. @throws DamagedStore */
export function readChildren(file: PageFile, number: number): number[] {
  const page = checkedPage(file, number, flag.branch);
  return nodesOf(file, page, number).map((at) => {
    const child = u32(page, at) + u16(page, at + node.flags) * 2 ** 32;
    if (child >= file.count || at + node.bytes + u16(page, at + node.keyBytes) > page.length)
      throw broken(file, number);
    return child;
  });
}

/** The trees that a leaf page names. @throws DamagedStore */
export function readLeaf(file: PageFile, number: number): Tree[] {
  const page = checkedPage(file, number, flag.leaf);
  const trees: Tree[] = [];
  for (const at of nodesOf(file, page, number)) {
    const flags = u16(page, at + node.flags);
    const dataAt = at + node.bytes + u16(page, at + node.keyBytes);
    const big = (flags & flag.bigData) !== 0;
    const size = big ? node.overflowBytes : u32(page, at + node.size);
    if (dataAt + size > page.length) throw broken(file, number);
    if (big && u64(page, dataAt) + u64(page, dataAt + 16) > file.count) throw broken(file, number);
    if ((flags & flag.subData) === 0) continue;
    if (size < tree.bytes) throw broken(file, number);
    trees.push(treeAt(page, dataAt));
  }
  return trees;
}

function checkedPage(file: PageFile, number: number, kind: number): Buffer {
  const page = file.page(number);
  const right =
    u64(page, head.number) === number && (u16(page, head.flags) & (flag.branch | flag.leaf)) === kind;
  if (!right) throw broken(file, number);
  return page;
}

/** Where the nodes of a page begin. */
function nodesOf(file: PageFile, page: Buffer, number: number): number[] {
  const count = u16(page, head.lower) >> 1;
  if (head.bytes + 2 * count > page.length) throw broken(file, number);
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = head.bytes + u16(page, head.bytes + 2 * i);
    if (at + node.bytes > page.length) throw broken(file, number);
    found.push(at);
  }
  return found;
}

function copyOf(bytes: Buffer): MetaCopy | undefined {
  const at = head.bytes;
  return {
    free: treeAt(bytes, at + meta.free),
    main: treeAt(bytes, at + meta.main),
    transaction: u64(bytes, at + meta.transaction),
    overlapped: (u16(bytes, at + meta.flags) & flag.overlapped) !== 0,
  };
}

function isMeta(page: Buffer): boolean {
  const right = (u16(page, head.flags) & flag.meta) !== 0 && u32(page, head.bytes + meta.magic) === metaMagic;
  return right && (u32(page, head.bytes + meta.version) & 0xffff) === dataVersion;
}

function treeAt(bytes: Buffer, at: number): Tree {
  const root = little ? bytes.readBigUInt64LE(at + tree.root) : bytes.readBigUInt64BE(at + tree.root);
  return { root: root === noPage ? undefined : Number(root), depth: u16(bytes, at + tree.depth) };
}

function broken(file: PageFile, number: number): DamagedStore {
  return new DamagedStore(file.path, `page ${number} is not what was written`);
}

function u16(bytes: Buffer, at: number): number {
  return little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

function u32(bytes: Buffer, at: number): number {
  return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

function u64(bytes: Buffer, at: number): number {
  return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}
