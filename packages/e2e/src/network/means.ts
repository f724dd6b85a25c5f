import { Hosts } from './hosts.js';

/** Whether `Hosts.make` may be called; only trying tells. */
export const separateHosts = {
  there: canMakeHosts(),
  name: 'root on Linux with ip and nft, for network namespaces',
};

function canMakeHosts(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    Hosts.make(['a']).remove();
    return true;
  } catch {
    return false;
  }
}
