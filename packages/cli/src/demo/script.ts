export type Speaker = 'alice' | 'bob';

interface Said {
  readonly by: Speaker;
  readonly text: string;
}

/** What is said before the available master is killed … */
export const before: readonly Said[] = [
  { by: 'alice', text: 'Morning! Is the new timeline up?' },
  { by: 'bob', text: 'Since a second ago: a router, two masters, a watchdog for each.' },
  { by: 'alice', text: 'And when a master dies?' },
  { by: 'bob', text: 'The other one takes over. They say nobody notices.' },
  { by: 'alice', text: 'They always say that. Kill it, then.' },
  { by: 'bob', text: 'The one we are talking through? With pleasure.' },
];

/** … and after it, the first two while nobody has taken over yet. */
export const after: readonly Said[] = [
  { by: 'alice', text: 'Still there?' },
  { by: 'bob', text: 'Still here. When does it happen?' },
  { by: 'alice', text: 'It was before your last line.' },
  { by: 'bob', text: 'I was waiting for an error.' },
  { by: 'alice', text: 'None came. Let us count whether anything is missing.' },
];
