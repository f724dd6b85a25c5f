import { portState } from '../cluster/ports.js';
import { type Finding, fault, note, ok } from './finding.js';

/** Of `everline up`; in use by a running cluster is as it should be. */
export async function checkPorts(
  host: string,
  ports: readonly number[],
  clusterRuns: boolean,
): Promise<readonly Finding[]> {
  const states = await Promise.all(ports.map(async (port) => ({ port, state: await portState(host, port) })));
  const named = (state: string): string =>
    states
      .filter((found) => found.state === state)
      .map(({ port }) => port)
      .join(', ');
  const forbidden = named('forbidden');
  const used = named('in-use');
  if (named('no-such-host') !== '') {
    return [fault('ports', `${host} is no address of this machine`, 'name one with --host')];
  }
  if (forbidden !== '')
    return [fault('ports', `port ${forbidden} is not allowed for this user`, 'choose a --port above 1023')];
  if (used === '')
    return [ok('ports', `ports ${ports[0]}–${ports.at(-1)} of ${host} are free for \`everline up\``)];
  if (clusterRuns) return [ok('ports', `ports ${used} of ${host} are in use, and the cluster runs`)];
  return [
    note(
      'ports',
      `port ${used} of ${host} is in use by another program`,
      'everline up --port with another number',
    ),
  ];
}
