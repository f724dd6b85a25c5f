import { readdirSync } from 'node:fs';

const packages = readdirSync(new URL('./packages', import.meta.url));

/** The failover suite prints what it measured when all of it has run. */
const around = {
  e2e: {
    globalSetup: '<rootDir>/dist/src/figures/begin.js',
    globalTeardown: '<rootDir>/dist/src/figures/end.js',
  },
};

/** The compiled tests of every package; `pnpm test --only <package>` runs one. */
export default {
  projects: packages.map((name) => ({
    displayName: name,
    rootDir: `packages/${name}`,
    testEnvironment: 'node',
    testMatch: ['<rootDir>/dist/test/**/*.test.js'],
    transform: {},
    injectGlobals: false,
    ...around[name],
  })),
};
