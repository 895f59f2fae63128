import { IsBoolean } from 'class-validator';
import { Optional } from '../../common/optional.js';

export class MakeTitle {
  /** Also in place of a title that the user gave; it is an automatic one then.
   * @example false */
  @Optional()
  @IsBoolean()
  replace?: boolean;
}
