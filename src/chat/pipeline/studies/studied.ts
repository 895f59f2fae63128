import type { Forecast } from './forecast.js';
import type { Outliers } from './outliers.js';
import type { Reasons } from './reasons.js';

/** What a study came to. */
export type Studied = Outliers | Forecast | Reasons;
