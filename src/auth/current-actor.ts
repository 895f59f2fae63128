export { AdminOnly, CurrentActor, Public } from '../common/access.js';
