export { type Address, formatAddress, parseAddress } from './address.js';
export { type Environment, processArguments, processEnvironment } from './environment.js';
export { type Setting, setting } from './setting.js';
export {
  ConfigurationError,
  type Definition,
  defineSettings,
  readSettings,
  type SettingsOf,
} from './settings.js';
