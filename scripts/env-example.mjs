/** Writes `.env.example` from the settings' own descriptions; `--check` fails when it differs. */
import { keep } from './lib/keep.mjs';

const { environmentExample } = await import('../dist/src/config/settings.js');
await keep('.env.example', environmentExample());
