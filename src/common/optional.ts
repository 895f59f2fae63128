import { ValidateIf } from 'class-validator';

/** The field may be left out. Unlike class-validator's `IsOptional`, null is a value and not the same as left out. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
