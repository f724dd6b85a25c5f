// How a process of Node is started that shall take little memory; whoever starts roles gives both.

/**
 * V8 keeps up to 48 MB for what dies young, and lets the rest grow to several times what lives. A role needs neither: with these a master of 100,000 posts takes little more
 * than half, and is no slower.
 */
export const smallHeap: readonly string[] = ['--max-semi-space-size=2', '--heap-growing-percent=50'];

/** glibc gives every thread memory of its own, which it keeps: a megabyte and more each, of which little is in use. JavaScript runs in one thread. */
export const oneArena: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };
