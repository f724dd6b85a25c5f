/** Loaded into a process with `--expose-gc`: it never holds what it could let go of for long, so that its size tells what it keeps. */
import { setInterval } from 'node:timers';

setInterval(() => globalThis.gc?.(), 200).unref();
