import { readdirSync } from 'node:fs';

const packages = readdirSync(new URL('./packages', import.meta.url));

function project(name, about) {
  return {
    displayName: name,
    rootDir: `packages/${name}`,
    testEnvironment: 'node',
    testMatch: ['<rootDir>/dist/test/**/*.test.js'],
    transform: {},
    injectGlobals: false,
    ...about,
  };
}

/**
 * The compiled tests of every package; `pnpm test --only <package>` runs one. The failover suite is two: what holds
 * pauses and sizes against bounds (`test/alone`) comes last and alone on the machine, and then says what was measured.
 */
export default {
  projects: packages.flatMap((name) => {
    if (name !== 'e2e') return project(name);
    return [
      project(name, {
        testPathIgnorePatterns: ['/dist/test/alone/'],
        globalSetup: '<rootDir>/dist/src/figures/begin.js',
      }),
      project(name, {
        displayName: 'e2e-alone',
        testMatch: ['<rootDir>/dist/test/alone/**/*.test.js'],
        globalTeardown: '<rootDir>/dist/src/figures/end.js',
      }),
    ];
  }),
};
