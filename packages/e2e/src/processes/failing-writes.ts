import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes and flushes of a journal fail, when a file says so: which error, and a part of the journal's path. */
const shim = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int fails(int fd) {
  const char *orders = getenv("FAILING_WRITES");
  FILE *file = orders ? fopen(orders, "r") : NULL;
  if (!file) return 0;
  char error[32] = "", part[256] = "", link[64], path[4096];
  int read = fscanf(file, "%31s %255s", error, part);
  fclose(file);
  if (read != 2) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (!strstr(path, ".journal") || !strstr(path, part)) return 0;
  errno = strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
  return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
ssize_t write(int fd, const void *b, size_t n) { return fails(fd) ? -1 : NEXT(write)(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return fails(fd) ? -1 : NEXT(pwrite)(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { return fails(fd) ? -1 : NEXT(pwrite64)(fd, b, n, o); }
ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t o) { return fails(fd) ? -1 : NEXT(pwritev64)(fd, v, n, o); }
int fdatasync(int fd) { return fails(fd) ? -1 : NEXT(fdatasync)(fd); }
int fsync(int fd) { return fails(fd) ? -1 : NEXT(fsync)(fd); }
`;

/** Whether `FailingWrites` can be made. */
export const failingWrites = {
  there: process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0,
  name: 'gcc on Linux, for writes that fail',
};

export class FailingWrites {
  /** For the processes whose writes are to fail. */
  readonly environment: NodeJS.ProcessEnv;
  private readonly orders: string;

  constructor(folder: string) {
    this.orders = join(folder, 'failing-writes');
    const library = join(folder, 'failing-writes.so');
    const args = ['-shared', '-fPIC', '-x', 'c', '-', '-o', library, '-ldl'];
    const { status, stderr } = spawnSync('gcc', args, { input: shim, encoding: 'utf8' });
    if (status !== 0) throw new Error(`gcc: ${stderr}`);
    this.environment = { LD_PRELOAD: library, FAILING_WRITES: this.orders };
  }

  /** From now on, for every journal with this in its path. */
  begin(error: 'EIO' | 'ENOSPC', part: string): void {
    writeFileSync(this.orders, `${error} ${part}\n`);
  }

  end(): void {
    rmSync(this.orders, { force: true });
  }
}
