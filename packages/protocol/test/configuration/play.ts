// Plays a story: paragraphs of commands, each followed by `----` and what came of them. Comments begin with `#`.
import type { Decision } from '../../src/configuration/index.js';
import { type Player, type Router, Scene, theRouter } from './scene.js';
import { tell } from './tell.js';

/** Gives the story back with what really came of every paragraph. */
export function play(story: string, router: Router = theRouter): string {
  let scene = new Scene({}, router);
  const paragraphs = story.trimEnd().split(/\n\n+/);
  const played = paragraphs.map((paragraph) => {
    const lines = paragraph.split('\n');
    const end = lines.indexOf('----');
    const told = end === -1 ? lines : lines.slice(0, end);
    const commands = told.filter((line) => line !== '' && !line.startsWith('#'));
    if (commands.length === 0) return told.join('\n');
    const outcome = commands.flatMap((command) => {
      if (command === 'router' || command.startsWith('router ')) {
        scene = new Scene(rulesOf(command.split(' ').slice(1)), router);
        return [];
      }
      return perform(scene, command);
    });
    return [...told, '----', ...outcome].join('\n');
  });
  return `${played.join('\n\n')}\n`;
}

function rulesOf(words: readonly string[]): { minInSync: number; recover: boolean } {
  const { floor } = options(words);
  return { minInSync: Number(floor ?? 1), recover: words.includes('recover') };
}

/** `name=value` words. */
function options(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split('=', 2)));
}

function perform(scene: Scene, command: string): readonly string[] {
  const [verb = '', subject = '', ...rest] = command.split(' ');
  const given = options(rest);
  const flags = new Set([subject, ...rest].filter((word) => !word.includes('=')));
  if (verb === 'wait') return wait(scene, Number(subject), rest);
  if (verb === 'router-stalls') {
    scene.nowMs += Number(subject);
    return [];
  }
  const before = scene.state;
  const decision = act(scene, verb, subject, given, flags);
  return tell(scene, before, decision);
}

/** Time passes; the masters named go on pinging, and hear the available one unless they are marked `X!deaf`. */
function wait(scene: Scene, ms: number, masters: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const endMs = scene.nowMs + ms;
  const step = (decide: () => Decision): void => {
    const before = scene.state;
    for (const line of tell(scene, before, decide())) lines.push(`${scene.nowMs}: ${line}`);
  };
  while (scene.nowMs < endMs) {
    scene.nowMs += 20;
    step(() => scene.tick());
    if (scene.nowMs % 100 !== 0) continue;
    for (const word of masters) {
      const [id = '', deaf] = word.split('!');
      if (deaf === undefined) scene.player(id).heardMs = scene.nowMs;
      step(() => scene.ping(id));
    }
  }
  return lines;
}

function act(
  scene: Scene,
  verb: string,
  subject: string,
  given: Readonly<Record<string, string>>,
  flags: ReadonlySet<string>,
): Decision {
  const player = subject === '' ? undefined : scene.player(subject);
  switch (verb) {
    case 'joins': {
      const { address } = given;
      if (player !== undefined) remember(player, given);
      const registered = scene.register(subject, address === undefined ? {} : { address });
      return registered.refused === undefined ? both(registered, scene.open(subject)) : registered;
    }
    case 'registers':
      return scene.register(subject, numbered(given));
    case 'opens':
      return scene.open(subject);
    case 'pings':
      if (!flags.has('deaf') && player !== undefined) player.heardMs = scene.nowMs;
      if (player !== undefined) remember(player, given);
      return scene.ping(subject, { ...numbered(given), availableUnreachable: flags.has('refused') });
    case 'breaks':
      return scene.break(subject, given.stream);
    case 'reaped':
      return scene.reap(subject, given.incarnation);
    case 'alters':
      return scene.alter(subject, (given.set ?? '').split(','), numbered(given));
    case 'switchover':
      return scene.send({ kind: 'switchover-asked', toMasterId: subject });
    case 'force':
      return scene.send({ kind: 'forced', masterId: subject, acceptDataLoss: flags.has('accept') });
    case 'router-restarts':
      scene.restartRouter(rulesOf(flags.has('recover') ? ['recover'] : []));
      return scene.tick();
    case 'router-loses-its-state':
      scene.restartRouter(rulesOf(flags.has('recover') ? ['recover'] : []), scene.router.nothingDurable);
      return scene.tick();
    default:
      throw new Error(`no such verb: ${verb}`);
  }
}

function remember(
  player: Player,
  { incarnation, lastSeq, lastEpoch, committedSeq }: Readonly<Record<string, string>>,
): void {
  player.incarnation = incarnation ?? player.incarnation;
  player.lastSeq = Number(lastSeq ?? player.lastSeq);
  player.lastEpoch = Number(lastEpoch ?? player.lastEpoch);
  player.committedSeq = Number(committedSeq ?? player.committedSeq);
}

function both(first: Decision, second: Decision): Decision {
  const effects = [...first.effects, ...second.effects];
  return { state: second.state, refused: second.refused, effects };
}

function numbered(given: Readonly<Record<string, string>>): Record<string, unknown> {
  const entries = Object.entries(given).filter(([name]) => name !== 'set');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]),
  );
}
