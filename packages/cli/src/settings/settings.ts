import type { Environment } from '@everline/chassis/config';
import type { Profile } from '../profile/profile.js';
import { defaultRouterPort, parseDuration, parseRouters } from './parse.js';

export type Source = 'flag' | 'environment' | 'profile' | 'default';

/** What every command goes by: flag > environment > profile > default. */
export interface Settings {
  readonly routers: readonly string[];
  readonly routersFrom: Source;
  /** Nobody, when no one has said who. Kept in lower case, as names are. */
  readonly user: { readonly name: string; readonly from: Source } | undefined;
  readonly timeoutMs: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface GlobalFlags {
  readonly router?: string;
  readonly user?: string;
  readonly timeout?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

const defaultTimeoutMs = 10_000;
const defaultRouter = `127.0.0.1:${defaultRouterPort}`;

export function resolveSettings(flags: GlobalFlags, environment: Environment, profile: Profile): Settings {
  const router = first(
    ['flag', flags.router, '--router'],
    ['environment', environment.EVERLINE_ROUTER, 'EVERLINE_ROUTER'],
    ['profile', profile.router, 'the profile'],
  );
  const user = first(
    ['flag', flags.user, '--user'],
    ['environment', environment.EVERLINE_USER, 'EVERLINE_USER'],
    ['profile', profile.user, 'the profile'],
  );
  const timeout = first(
    ['flag', flags.timeout, '--timeout'],
    ['environment', environment.EVERLINE_TIMEOUT, 'EVERLINE_TIMEOUT'],
  );
  return {
    routers: router === undefined ? [defaultRouter] : parseRouters(router.value, router.name),
    routersFrom: router?.source ?? 'default',
    user: user && { name: user.value.trim().toLowerCase(), from: user.source },
    timeoutMs: timeout === undefined ? defaultTimeoutMs : parseDuration(timeout.value, timeout.name),
    json: flags.json === true,
    quiet: flags.quiet === true,
  };
}

/** Said for this very command; a profile only remembers. */
export function namesRouters({ routersFrom }: Settings): boolean {
  return routersFrom === 'flag' || routersFrom === 'environment';
}

export function profileName(flags: GlobalFlags, environment: Environment): string {
  return flags.profile ?? (environment.EVERLINE_PROFILE ? environment.EVERLINE_PROFILE : 'default');
}

/** https://no-color.org: set and not empty. */
export function wantsNoColour(flags: GlobalFlags, environment: Environment): boolean {
  return flags.color === false || Boolean(environment.NO_COLOR) || environment.TERM === 'dumb';
}

type Candidate = readonly [source: Source, value: string | undefined, name: string];

/** An empty environment variable is as good as none; an empty flag was typed and is judged like any other value. */
function first(...candidates: readonly Candidate[]) {
  for (const [source, value, name] of candidates) {
    if (value !== undefined && (value !== '' || source === 'flag')) return { source, value, name };
  }
  return undefined;
}
