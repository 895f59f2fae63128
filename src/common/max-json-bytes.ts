import { ValidateBy } from 'class-validator';

/** The value, as JSON in UTF-8, takes at most `bytes`. */
export const MaxJsonBytes = (bytes: number): PropertyDecorator =>
  ValidateBy({
    name: 'maxJsonBytes',
    validator: {
      validate: (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '') <= bytes,
      defaultMessage: () => `$property must take at most ${bytes} bytes as JSON`,
    },
  });
